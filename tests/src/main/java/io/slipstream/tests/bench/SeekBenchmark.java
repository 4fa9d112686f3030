package io.slipstream.tests.bench;

import io.slipstream.telemetry.session.SessionDirectory;
import java.nio.file.Path;
import java.util.List;

/** Opening a session of two hours, listing its laps and going to a random time in it. */
final class SeekBenchmark implements Benchmark {
    private static final double COLD_MS = 100;
    private static final double WARM_MS = 1;

    @Override
    public String name() {
        return "seek";
    }

    @Override
    public String about() {
        return "opening a session of two hours at a random time, beside bare Chronicle at a known position";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final int frames = settings.pick(3_000, LongSession.TWO_HOURS, LongSession.TWO_HOURS);
        final SessionDirectory session = LongSession.make(settings.directory(), frames);
        settings.say("%d frames, %d MB", frames, session.bytes() >> 20);
        final int processes = settings.pick(1, 3, 10);
        final int times = settings.pick(3, 100, 200);
        final double[][] ours = new double[processes][];
        final double[][] bare = new double[processes][];
        for (int i = 0; i < processes; i++) {
            ours[i] = measure("ours", session.path(), i, times);
            bare[i] = measure("bare", session.path(), i, times);
        }
        final String length = Row.format("open, list laps and seek in %d frames", frames);
        return List.of(
                row(length + ", fresh JVM, longest", longest(ours, 0), longest(bare, 0), COLD_MS),
                row(length + ", warm, mean", mean(ours, 1), mean(bare, 1), WARM_MS),
                Row.judged(
                        Row.format("seek in an open session of %d frames, mean", frames),
                        Row.format("%.2f ms", mean(ours, 3)),
                        "",
                        Double.NaN,
                        Row.format("<= %.0f ms", WARM_MS),
                        mean(ours, 3) <= WARM_MS));
    }

    private static Row row(String what, double ours, double bare, double target) {
        return Row.judged(
                what,
                Row.format("%.1f ms", ours),
                Row.format("%.1f ms bare Chronicle to a known position", bare),
                ours / bare,
                Row.format("<= %.0f ms", target),
                ours <= target);
    }

    private static double[] measure(String who, Path path, int seed, int times) throws Exception {
        try (ChildJvm child = new ChildJvm(SeekProcess.class, who, path.toString(), "" + seed, "" + times)) {
            final String[] numbers = child.line().split(" ", -1);
            return new double[] {
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]),
                Double.parseDouble(numbers[3])
            };
        }
    }

    private static double longest(double[][] measured, int column) {
        double most = 0;
        for (double[] one : measured) {
            most = Math.max(most, one[column]);
        }
        return most;
    }

    private static double mean(double[][] measured, int column) {
        double sum = 0;
        for (double[] one : measured) {
            sum += one[column];
        }
        return sum / measured.length;
    }
}
