package io.slipstream.tests.bench;

import java.util.ArrayList;
import java.util.List;

/** Publishing and polling against a bare Chronicle queue. */
final class PublishBenchmark implements Benchmark {
    private static final int[] LENGTHS = {40, 256, 1024};
    private static final double TARGET = 1.10;

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public String about() {
        return "publishing and polling 40, 256 and 1024 bytes, beside bare chronicle-queue with the same bytes";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final List<Row> rows = new ArrayList<>();
        for (int length : LENGTHS) {
            // Files that fit one chunk: what is compared is the call, not the mapping.
            final int messages = settings.pick(1 << 16, 24 << 20, 40 << 20) / (length + 24);
            final QueueRounds queues = new QueueRounds(settings.directory(), messages, length);
            rows.add(row("publish", length, queues.publish(rounds(settings, 4, 9, 21))));
            rows.add(row("poll", length, queues.poll(rounds(settings, 20, 21, 51))));
            settings.say("%d bytes: done", length);
        }
        return rows;
    }

    private static PairedRounds rounds(Settings settings, int warmUps, int quick, int full) {
        return new PairedRounds(settings.pick(0, warmUps, 2 * warmUps), settings.pick(2, quick, full));
    }

    private static Row row(String what, int length, PairedRounds.Result result) {
        return Row.judged(
                what + " " + length + " B",
                Row.format("%.0f ns", result.ours()),
                Row.format("%.0f ns bare Chronicle", result.peer()),
                result.ratio(),
                Row.format("<= %.2f of its time", TARGET),
                result.ratio() <= TARGET);
    }
}
