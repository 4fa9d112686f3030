package io.slipstream.replay.cli;

import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Says what a session holds and how good it is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream info sessions/20261124-032015-slipstream-club-circuit",
            "  slipstream info sessions/NAME --json | jq '.laps[].time'"
        })
final class InfoCommand implements Callable<Integer> {
    private static final Set<String> PART_KEYS = Set.of(RecordingPlan.PART, RecordingPlan.PART_OF);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(names = "--json", description = "The summary as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        try (SessionReader reader = SessionReader.open(session)) {
            if (json) {
                out.println(SessionJson.one(session, reader.info()));
            } else {
                print(out, reader.info());
            }
        }
        out.flush();
        return 0;
    }

    static void print(PrintWriter out, SessionInfo info) {
        out.println(title(info));
        if (!info.name().isEmpty()) {
            row(out, "name", Texts.printable(info.name()));
        }
        if (!info.car().isEmpty()) {
            row(out, "car", join(info.car(), info.carClass()));
        }
        row(
                out,
                "recorded",
                Moments.dateTime(info.startedNs()) + ", " + Texts.clock(info.durationSeconds())
                        + (info.finished() ? "" : ", UNFINISHED: the recorder was killed or still runs"));
        row(
                out,
                "frames",
                String.format(
                        Locale.ROOT,
                        "%,d at %.1f Hz, %,d of them keyframes",
                        info.frames(),
                        info.rateHz(),
                        info.keyframes()));
        row(
                out,
                "quality",
                String.format(
                        Locale.ROOT,
                        "%,d missed in %,d gaps, %,d torn, %,d retries, %,d lost; %s",
                        info.missed(),
                        info.gaps(),
                        info.torn(),
                        info.retries(),
                        info.lost(),
                        info.consistency().toLowerCase(Locale.ROOT).replace('_', ' ')));
        row(
                out,
                "size",
                String.format(
                        Locale.ROOT,
                        "%s, %.1f %% of %s raw",
                        Texts.bytes(info.bytes()),
                        info.rawBytes() == 0 ? 0 : 100.0 * info.bytes() / info.rawBytes(),
                        Texts.bytes(info.rawBytes())));
        row(out, "source", info.game() + ", version " + info.formatVersion() + ", " + info.origin());
        if (info.drivers() != null && info.drivers() > 0) {
            row(
                    out,
                    "names",
                    info.drivers() + " drivers other than the player ('slipstream anonymise' takes them out)");
        }
        final String part = part(info);
        if (!part.isEmpty()) {
            row(out, "part", part);
        }
        for (Map.Entry<String, String> entry : new TreeMap<>(info.metadata()).entrySet()) {
            if (!PART_KEYS.contains(entry.getKey())) {
                row(out, Texts.printable(entry.getKey()), Texts.printable(entry.getValue()));
            }
        }
        for (SessionInfo.Lap lap : info.laps()) {
            row(out, "lap " + lap.lap(), lap(lap));
        }
        for (SessionInfo.Marker marker : info.markers()) {
            row(
                    out,
                    "marker",
                    Texts.clock((marker.timestampNs() - info.startedNs()) / 1e9) + "  "
                            + Texts.printable(marker.label()));
        }
    }

    /** Which part of a recording it is; empty if it is one of its own. */
    private static String part(SessionInfo info) {
        final String number = info.metadata().get(RecordingPlan.PART);
        final String of = info.metadata().get(RecordingPlan.PART_OF);
        return number == null || of == null ? "" : Texts.printable(number + " of the recording " + of);
    }

    private static String title(SessionInfo info) {
        final String track = info.track().isEmpty() ? "Unknown track" : join(info.track(), info.variation());
        return track + (info.synthetic() ? "  (synthetic: written by a simulator)" : "");
    }

    private static String join(String first, String second) {
        return second.isEmpty() || second.equals(first) ? first : first + ", " + second;
    }

    private static String lap(SessionInfo.Lap lap) {
        final List<String> sectors = lap.sectors().stream().map(Texts::lapTime).toList();
        final boolean known = lap.sectors().stream().anyMatch(Objects::nonNull);
        return String.format(
                Locale.ROOT,
                "%9s%s%s%s%s",
                Texts.lapTime(lap.time()),
                known ? "  (" + String.join("  ", sectors) + ")" : "",
                lap.frames() == null ? "" : "  " + frames(lap),
                lap.valid() ? "" : "  invalidated",
                lap.whole() ? "" : "  joined on the way");
    }

    /** How good a lap's frames are; only of a lap whose frames were counted. */
    static String quality(SessionInfo.Lap lap) {
        return "lap " + lap.lap() + "  " + frames(lap);
    }

    private static String frames(SessionInfo.Lap lap) {
        return String.format(
                Locale.ROOT,
                "%,d frames at %.1f Hz, %,d missed in %,d gaps, %,d torn",
                lap.frames(),
                lap.rateHz(),
                lap.missed(),
                lap.gaps(),
                lap.torn());
    }

    private static void row(PrintWriter out, String name, String value) {
        out.printf(Locale.ROOT, "  %-9s %s%n", name, value);
    }
}
