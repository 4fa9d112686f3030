package io.slipstream.replay.cli;

import io.slipstream.replay.verify.Finding;
import io.slipstream.replay.verify.SessionVerifier;
import io.slipstream.replay.verify.Verification;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Reads a whole session and says whether it is as it was recorded. Changes nothing.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the session is whole", "1:there is no session, or it cannot be read", "3:it is damaged"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream verify sessions/NAME && slipstream pack sessions/NAME --out NAME.slip",
            "  slipstream verify sessions/NAME --json | jq '.findings[].detail'",
            "",
            "What is damaged is saved as far as it can be with 'slipstream repair'."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(names = "--json", description = "What was found as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final BooleanSupplier stop = Termination.onRequest();
        final ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        final long total = Files.isDirectory(session) ? new SessionDirectory(session).bytes() : 0;
        final long started = System.nanoTime();
        final Verification verification = SessionVerifier.verify(
                session,
                bytes -> progress.update(() -> "verified " + Texts.bytes(bytes) + " of " + Texts.bytes(total)),
                stop);
        progress.clear();
        if (verification == null) {
            throw new CommandFailure("stopped before the end: nothing is known of the rest of " + session);
        }
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(VerificationJson.text(verification));
        } else {
            print(out, verification, (System.nanoTime() - started) / 1e9);
        }
        out.flush();
        return verification.whole() ? 0 : Slipstream.WITH_LOSS;
    }

    private void print(PrintWriter out, Verification found, double seconds) {
        out.println(found.session() + ": "
                + (found.whole() ? "whole" : "damaged, " + Texts.counted(found.problems(), "problem")));
        found.findings().stream().limit(MOST_SHOWN).forEach(finding -> out.println("  " + line(finding)));
        if (found.problems() > MOST_SHOWN) {
            out.println("  and " + Texts.count(found.problems() - MOST_SHOWN) + " more");
        }
        found.remarks().forEach(remark -> out.println("  note: " + remark));
        out.printf(
                Locale.ROOT,
                "  %s whole%s%s; %s agree with the recorder's checksums%n",
                Texts.counted(found.frames(), "frame"),
                found.damagedFrames() == 0 ? "" : ", " + Texts.count(found.damagedFrames()) + " damaged",
                found.missingFrames() == 0 ? "" : ", " + Texts.count(found.missingFrames()) + " missing",
                Texts.counted(found.checkedSegments(), "stretch"));
        out.printf(
                Locale.ROOT,
                "  %s in %s, %.1f s%n",
                Texts.bytes(found.bytes()),
                Texts.counted(found.messages(), "message"),
                seconds);
        if (!found.whole()) {
            out.println("  'slipstream repair " + found.session() + "' makes a session of what can be saved");
        }
    }

    private static String line(Finding finding) {
        return Texts.printable(finding.toString());
    }
}
