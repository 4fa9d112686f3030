package io.slipstream.replay.cli;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditReport;
import io.slipstream.replay.edit.SessionMerger;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = {
            "Joins sessions of one format into a new one, in order of time, in whatever order they are named.",
            "Frames and events that several of them share are taken once; where they overlap and differ, nothing is"
                    + " made. The sessions themselves stay as they are."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream merge sessions/NAME sessions/NAME-2 sessions/NAME-3 --out whole     # parts of a split"
                    + " recording",
            "  slipstream merge first-half second-half --out race --name 'the race'"
        })
final class MergeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SESSION",
            arity = "1..*",
            converter = SessionArgument.class,
            description = "The sessions: directories, or names.")
    private List<Path> sessions;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The new session's directory; there must be none yet.")
    private Path out;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "", description = "The new session's own name.")
    private String name;

    @Mixin
    private EditOptions options;

    @Override
    public Integer call() throws IOException {
        final List<SessionReader> readers = new ArrayList<>();
        try {
            for (Path session : sessions) {
                readers.add(SessionReader.open(session));
            }
            final SessionMerger merger = new SessionMerger(readers);
            final EditReport report =
                    options.run(spec, monitor -> merger.merge(new Destination.Named(out), name, monitor));
            return options.print(spec, "merged", report);
        } finally {
            readers.forEach(SessionReader::close);
        }
    }
}
