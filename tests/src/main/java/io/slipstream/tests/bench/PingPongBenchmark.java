package io.slipstream.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Round trips between two processes that both spin, one message under way at a time. */
final class PingPongBenchmark implements Benchmark {
    private static final long MOST_NS = 10_000_000_000L;
    private static final long PATIENCE_NS = 30_000_000_000L;
    private static final int CHECK_MASK = (1 << 16) - 1;

    @Override
    public String name() {
        return "pingpong";
    }

    @Override
    public String about() {
        return "a 40-byte message to another process and back, beside bare Chronicle and Aeron IPC";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final Map<Link.Kind, Histogram> histograms = new EnumMap<>(Link.Kind.class);
        for (Link.Kind kind : Link.Kind.values()) {
            histograms.put(kind, new Histogram(MOST_NS, 3));
        }
        final int passes = settings.pick(1, 2, 5);
        for (int pass = 0; pass < passes; pass++) {
            for (Link.Kind kind : Link.Kind.values()) {
                final Path directory =
                        Files.createDirectory(settings.directory().resolve(kind.name() + pass));
                pass(kind, directory, settings, histograms.get(kind));
                Scratch.delete(directory);
                settings.say("pass %d of %d: %s", pass + 1, passes, kind.label());
            }
        }
        final List<Row> rows = new ArrayList<>();
        for (Link.Kind peer : List.of(Link.Kind.CHRONICLE, Link.Kind.AERON)) {
            for (double percentile : new double[] {50, 99}) {
                rows.add(row(percentile, histograms.get(Link.Kind.SLIPSTREAM), peer, histograms.get(peer)));
            }
        }
        return rows;
    }

    private static Row row(double percentile, Histogram ours, Link.Kind peer, Histogram theirs) {
        final double mine = ours.getValueAtPercentile(percentile) / 1e3;
        final double other = theirs.getValueAtPercentile(percentile) / 1e3;
        return Row.information(
                Row.format("round trip p%.0f, 40 B", percentile),
                Row.format("%.2f us", mine),
                Row.format("%.2f us %s", other, peer.label()),
                mine / other);
    }

    private static void pass(Link.Kind kind, Path directory, Settings settings, Histogram histogram) throws Exception {
        try (Link link = kind.open(directory, false);
                ChildJvm echo = new ChildJvm(Echo.class, kind.name(), directory.toString())) {
            while (!echo.hasLine()) {
                // The driver must turn while the child connects to it.
                link.housekeep();
                Thread.onSpinWait();
            }
            if (!Echo.READY.equals(echo.line())) {
                throw new IOException("the echo process said something else than that it is ready");
            }
            final int warmUps = settings.pick(100, 100_000, 200_000);
            for (int i = 0; i < warmUps; i++) {
                roundTrip(link, i);
            }
            final int trips = settings.pick(100, 100_000, 300_000);
            for (int i = 0; i < trips; i++) {
                link.housekeep();
                final long start = System.nanoTime();
                roundTrip(link, i);
                histogram.recordValue(Math.min(MOST_NS, System.nanoTime() - start));
            }
        }
    }

    private static void roundTrip(Link link, long number) throws IOException {
        link.send(number);
        final long start = System.nanoTime();
        for (int i = 1; link.receive() != number; i++) {
            Thread.onSpinWait();
            if ((i & CHECK_MASK) == 0) {
                link.housekeep();
                if (System.nanoTime() - start > PATIENCE_NS) {
                    throw new IOException("message " + number + " did not come back");
                }
            }
        }
    }
}
