package io.slipstream.replay.cli;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditReport;
import io.slipstream.replay.edit.SessionCutter;
import io.slipstream.replay.edit.TimeRange;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "cut",
        mixinStandardHelpOptions = true,
        description = {
            "Cuts laps or stretches of time out of a session into a new one.",
            "Frames keep their bytes, numbers and times; the end of a lap goes with its lap. Several stretches go into"
                    + " one session. The session itself stays as it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream cut sessions/NAME --laps 2-4 --out best-laps",
            "  slipstream cut sessions/NAME --from 1m30s --to 2m --into sessions --name 'the overtake'",
            "  slipstream cut sessions/NAME --from 10s --to 20s --from 50s --to 60s --out two-corners",
            "  slipstream cut sessions/NAME --markers start..end --out marked",
            "  slipstream cut sessions/NAME --markers '#1..#2' --out marked   # by number, where names repeat"
        })
final class CutCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<Span> spans = new ArrayList<>();

    @Option(
            names = "--laps",
            paramLabel = "LAPS",
            description = "Laps as 3, 2-4, 2-, best, last or all, or several of these with commas between them.")
    private String laps;

    @Option(
            names = "--markers",
            paramLabel = "A..B",
            description =
                    "From one marker to another, by name or as #1 by number; A.. is to the end, ..B from the start.")
    private List<String> markers = new ArrayList<>();

    @ArgGroup(multiplicity = "1")
    private Target target;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "", description = "The new session's own name.")
    private String name;

    @Mixin
    private EditOptions options;

    /** A stretch of time. */
    static final class Span {
        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "First instant, after the session's start; left out: the start.")
        private Duration from;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                description = "First instant that is not in it any more; left out: the session's end.")
        private Duration to;
    }

    /** Where to. */
    static final class Target {
        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = "The new session's directory; there must be none yet.")
        private Path out;

        @Option(
                names = "--into",
                paramLabel = "DIR",
                description = "A directory of sessions; the new one is named by time and track.")
        private Path into;

        Destination destination() {
            return out != null ? new Destination.Named(out) : new Destination.Among(into);
        }
    }

    @Override
    public Integer call() throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            final List<TimeRange> ranges = ranges(reader);
            if (ranges.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "nothing says what to cut out: give --from, --to, --laps or --markers");
            }
            final EditReport report = options.run(
                    spec, monitor -> new SessionCutter(reader, ranges).cut(target.destination(), name, monitor));
            return options.print(spec, "cut", report);
        }
    }

    private List<TimeRange> ranges(SessionReader reader) throws IOException {
        final List<TimeRange> ranges = new ArrayList<>();
        for (Span span : spans) {
            final long from = span.from == null ? 0 : span.from.toNanos();
            if (span.to != null && span.to.toNanos() <= from) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--to " + Texts.duration(span.to) + " is not after --from "
                                + Texts.duration(Duration.ofNanos(from)));
            }
            ranges.add(new TimeRange(
                    reader.startNs() + from, span.to == null ? Long.MAX_VALUE : reader.startNs() + span.to.toNanos()));
        }
        final SessionRanges named = new SessionRanges(reader);
        try {
            if (laps != null) {
                ranges.addAll(named.laps(laps));
            }
            for (String pair : markers) {
                ranges.add(named.markers(pair));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return ranges;
    }
}
