package io.slipstream.replay.cli;

import io.slipstream.queue.store.StoreTrimmer;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "trim",
        mixinStandardHelpOptions = true,
        description = {
            "Cuts a session's files to what they hold. Changes no message.",
            "A recording does so itself when it ends; for sessions of older versions, and copies whose holes were filled."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  slipstream trim sessions/NAME", "  slipstream trim sessions/*"})
final class TrimCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SESSION",
            arity = "1..*",
            converter = SessionArgument.class,
            description = "Finished sessions: directories, or names.")
    private List<Path> sessions;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        for (Path path : sessions) {
            final SessionDirectory session = new SessionDirectory(path);
            final SessionInfo info = session.read();
            if (!info.finished()) {
                throw new CommandFailure(path + " is unfinished: its recorder may still run; if it was killed,"
                        + " 'slipstream repair' makes a finished session of it");
            }
            final long before = session.bytes();
            final long cut = StoreTrimmer.trim(path);
            final long after = session.bytes();
            out.println(path + ": " + Texts.bytes(after) + " on disk"
                    + (cut == 0 ? ", nothing to trim" : ", " + Texts.bytes(before - after) + " given back"));
            out.flush();
        }
        return 0;
    }
}
