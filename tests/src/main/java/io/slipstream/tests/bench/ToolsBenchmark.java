package io.slipstream.tests.bench;

import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.tests.bench.ToolProcess.Done;
import io.slipstream.tests.bench.ToolProcess.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Exporting and verifying a session of two hours, each in a JVM of its own with the launcher's flags. */
final class ToolsBenchmark implements Benchmark {
    private static final double VERIFY_MB_S = 500;
    private static final double MB = 1e6;
    private static final double KB_A_MB = 1024;

    @Override
    public String name() {
        return "tools";
    }

    @Override
    public String about() {
        return "exporting and verifying a session of two hours, and the memory for it, beside only reading it";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final int frames = settings.pick(1_000, 100_000, LongSession.TWO_HOURS);
        final SessionDirectory session = LongSession.make(settings.directory(), frames);
        settings.say("%d frames, %.0f MB", frames, session.bytes() / MB);
        final Map<Tool, List<Done>> done = new EnumMap<>(Tool.class);
        for (int round = settings.pick(1, 1, 3); round > 0; round--) {
            for (Tool tool : Tool.values()) {
                final Done one = run(tool, session.path(), settings);
                if (tool != Tool.FILES && one.frames() != frames) {
                    throw new IOException(tool + " read " + one.frames() + " of " + frames + " frames");
                }
                done.computeIfAbsent(tool, _ -> new ArrayList<>()).add(one);
            }
        }
        final List<Row> rows = new ArrayList<>();
        for (Tool tool : List.of(Tool.CSV, Tool.PARQUET, Tool.LD)) {
            final String what = Row.format("export of %d frames to %s", frames, tool);
            rows.add(rate(what, done.get(tool), done.get(Tool.READ)));
            rows.add(memory(what + ", peak memory", done.get(tool), done.get(Tool.READ)));
        }
        rows.add(verify(Row.format("verify %d frames", frames), done.get(Tool.VERIFY), done.get(Tool.FILES)));
        return rows;
    }

    private static Done run(Tool tool, Path session, Settings settings) throws IOException {
        final Path into = Files.createTempDirectory(settings.directory(), "export");
        final Done done = ToolProcess.run(tool, session, into);
        Scratch.delete(into);
        settings.say(
                "%s: %.2f s, %.0f MB, %.0f MB of memory, %.0f MB with mapped files",
                tool, done.seconds(), done.bytes() / MB, done.anonymousKb() / KB_A_MB, done.residentKb() / KB_A_MB);
        return done;
    }

    private static Row rate(String what, List<Done> ours, List<Done> read) {
        final ToDoubleFunction<Done> rate = done -> done.frames() / done.seconds();
        return Row.information(
                what,
                Row.format("%.0f frames/s", median(ours, rate)),
                Row.format("%.0f frames/s only read", median(read, rate)),
                median(ours, rate) / median(read, rate));
    }

    private static Row memory(String what, List<Done> ours, List<Done> read) {
        final ToDoubleFunction<Done> own = done -> done.anonymousKb() / KB_A_MB;
        return Row.information(
                what, megabytes(ours), megabytes(read) + " only read", most(ours, own) / most(read, own));
    }

    private static String megabytes(List<Done> done) {
        if (done.getFirst().anonymousKb() == PeakMemory.UNKNOWN) {
            return "not known on this system";
        }
        return Row.format(
                "%.0f MB, %.0f MB with mapped files",
                most(done, one -> one.anonymousKb() / KB_A_MB), most(done, one -> one.residentKb() / KB_A_MB));
    }

    private static Row verify(String what, List<Done> ours, List<Done> files) {
        final ToDoubleFunction<Done> rate = done -> done.bytes() / done.seconds() / MB;
        final double mine = median(ours, rate);
        final double peer = median(files, rate);
        return Row.judged(
                what,
                Row.format("%.0f MB/s, %.0f frames/s", mine, median(ours, done -> done.frames() / done.seconds())),
                Row.format("%.0f MB/s plain reads of its files", peer),
                mine / peer,
                Row.format(">= %.0f MB/s or as fast as plain reads", VERIFY_MB_S),
                mine >= Math.min(VERIFY_MB_S, peer));
    }

    private static double median(List<Done> done, ToDoubleFunction<Done> figure) {
        return PairedRounds.median(done.stream().mapToDouble(figure).toArray());
    }

    private static double most(List<Done> done, ToDoubleFunction<Done> figure) {
        return done.stream().mapToDouble(figure).max().orElseThrow();
    }
}
