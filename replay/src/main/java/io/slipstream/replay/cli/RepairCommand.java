package io.slipstream.replay.cli;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditReport;
import io.slipstream.replay.edit.SessionRepairer;
import io.slipstream.replay.verify.SessionVerifier;
import io.slipstream.replay.verify.Verification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a session of what is whole in a damaged one: cut short, with changed bytes, with a file missing, or left"
                    + " unfinished by a recorder that was killed. The damaged one stays as it is.",
            "The last line on standard output is the new session's path."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is lost",
            "1:nothing could be saved; standard error says why",
            "3:something is lost; standard error says what"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream repair sessions/NAME                   # makes sessions/NAME-repaired",
            "  slipstream repair sessions/NAME --out sessions/saved"
        })
final class RepairCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(names = "--out", paramLabel = "DIR", description = "The new session (default: SESSION-repaired).")
    private Path destination;

    @Override
    public Integer call() throws IOException {
        final BooleanSupplier stop = Termination.onRequest();
        final PrintWriter err = spec.commandLine().getErr();
        final ProgressLine progress = new ProgressLine(err);
        final Verification found = SessionVerifier.verify(
                session, bytes -> progress.update(() -> "looked at " + Texts.bytes(bytes)), stop);
        progress.clear();
        if (found == null) {
            throw new CommandFailure("stopped: nothing was made");
        }
        if (found.whole() && found.finished()) {
            err.println(session + " is whole: there is nothing to repair");
            err.flush();
            return 0;
        }
        found.findings().stream().limit(10).forEach(f -> err.println("found: " + Texts.printable(f.toString())));
        final EditReport report = EditOptions.watched(
                err, monitor -> new SessionRepairer(session).repair(new Destination.Named(target()), monitor));
        report.remarks().forEach(remark -> err.println("note: " + remark));
        err.println("saved " + Texts.counted(report.info().frames(), "frame") + " and "
                + Texts.counted(report.events(), "event")
                + (report.withLoss()
                        ? "; left out " + Texts.counted(report.damagedFrames(), "damaged frame") + " and "
                                + Texts.counted(report.damagedMessages(), "other message")
                        : ""));
        err.flush();
        spec.commandLine().getOut().println(report.session());
        spec.commandLine().getOut().flush();
        return report.withLoss() || found.problems() > 0 ? Slipstream.WITH_LOSS : 0;
    }

    private Path target() {
        if (destination != null) {
            return destination;
        }
        final Path named = session.toAbsolutePath().normalize();
        return named.resolveSibling(named.getFileName() + "-repaired");
    }
}
