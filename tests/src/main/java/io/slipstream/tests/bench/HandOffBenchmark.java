package io.slipstream.tests.bench;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.tests.contract.NativePrograms;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A message from a JVM to a native process and back, spinning and asleep, beside what the machine can do at best: a cache line
 * that two processes pass to each other, and a pipe.
 */
final class HandOffBenchmark implements Benchmark {
    private static final long MOST_NS = 10_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double TARGET = 1.5;
    private static final double IDLE_TARGET = 0.5;

    @Override
    public String name() {
        return "handoff";
    }

    @Override
    public String about() {
        return "40 bytes between a JVM and a native process, spinning beside a bare cache line, asleep beside a pipe";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final NativePrograms programs = NativePrograms.of(NativePrograms.Flavour.RELEASE);
        if (programs.missing() != null) {
            return List.of(Row.skipped("hand-off between a JVM and a native process", programs.missing()));
        }
        final Path program = programs.program(NativeBenchmark.PROGRAM);
        final Path schema = NativeBenchmark.schema(settings.directory());
        final List<Row> rows = new ArrayList<>();
        final int passes = settings.pick(1, 3, 7);
        for (boolean sleeps : new boolean[] {false, true}) {
            final double[][] figures = new double[3][passes];
            for (int pass = 0; pass < passes; pass++) {
                final int trips = settings.pick(200, sleeps ? 10_000 : 50_000, sleeps ? 20_000 : 200_000);
                figures[0][pass] = throughJvm(settings, program, schema, sleeps, trips);
                figures[1][pass] = NativeProgram.figures(program, sleeps ? "pipe" : "line", trips)[0];
                figures[2][pass] = natives(settings, program, schema, sleeps, trips);
                settings.say("%s: pass %d of %d", sleeps ? "asleep" : "spinning", pass + 1, passes);
            }
            rows.add(row("from Java to C and back", sleeps, figures[0], figures[1]));
            rows.add(row("from C to C and back", sleeps, figures[2], figures[1]));
        }
        rows.addAll(idle(settings, program));
        return rows;
    }

    private static Row row(String what, boolean sleeps, double[] ours, double[] peer) {
        final double[] ratios = new double[ours.length];
        for (int i = 0; i < ours.length; i++) {
            ratios[i] = ours[i] / peer[i];
        }
        final double ratio = median(ratios);
        return Row.judged(
                what + (sleeps ? ", both asleep, p50" : ", both spinning, p50"),
                Row.format("%.2f us", median(ours) / 1e3),
                Row.format("%.2f us %s", median(peer) / 1e3, sleeps ? "two pipes" : "a cache line"),
                ratio,
                Row.format("<= %.1f of its time", TARGET),
                ratio <= TARGET);
    }

    private static double median(double[] values) {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String manner(boolean sleeps) {
        return sleeps ? "sleep" : "spin";
    }

    private static double natives(Settings settings, Path program, Path schema, boolean sleeps, int trips)
            throws IOException {
        final Path directory = Files.createDirectories(settings.directory().resolve("natives"));
        try {
            return NativeProgram.figures(program, "trips", directory, schema, manner(sleeps), trips)[0];
        } finally {
            Scratch.delete(directory);
        }
    }

    private static double throughJvm(Settings settings, Path program, Path schema, boolean sleeps, int trips)
            throws Exception {
        final Path directory = Files.createDirectories(settings.directory().resolve("jvm"));
        try (MessageQueue out = MessageQueue.open(QueueRounds.context(directory.resolve("ping")));
                MessageQueue in = MessageQueue.open(QueueRounds.context(directory.resolve("pong")));
                NativeProgram echo = new NativeProgram(program, "echo", directory, schema, manner(sleeps));
                Publisher publisher = out.publisher();
                Subscriber subscriber = in.subscriber().toEnd()) {
            echo.line();
            final Traveller traveller = new Traveller(publisher, subscriber, sleeps);
            for (int i = 0; i < trips; i++) {
                traveller.roundTrip(i);
            }
            final Histogram histogram = new Histogram(MOST_NS, 3);
            for (int i = trips; i < 2 * trips; i++) {
                final long start = System.nanoTime();
                traveller.roundTrip(i);
                histogram.recordValue(Math.min(MOST_NS, System.nanoTime() - start));
            }
            return histogram.getValueAtPercentile(50);
        } finally {
            Scratch.delete(directory);
        }
    }

    /** The end in the JVM. */
    private static final class Traveller {
        private final Publisher publisher;
        private final Subscriber subscriber;
        private final boolean sleeps;
        private final UnsafeBuffer message =
                new UnsafeBuffer(new byte[EnvelopeDescriptor.SBE_HEADER_LENGTH + Link.BODY_LENGTH]);
        private long received = Link.NOTHING;

        Traveller(Publisher publisher, Subscriber subscriber, boolean sleeps) {
            this.publisher = publisher;
            this.subscriber = subscriber;
            this.sleeps = sleeps;
            EnvelopeDescriptor.putSbeHeader(
                    message, 0, Link.BODY_LENGTH, QueueRounds.TEMPLATE_ID, QueueRounds.SCHEMA_ID, 1);
        }

        void roundTrip(long number) throws IOException {
            message.putLong(EnvelopeDescriptor.SBE_HEADER_LENGTH, number);
            publisher.publish(message, 0, message.capacity(), number);
            while (received != number) {
                if (subscriber.poll(polled -> received = polled.buffer().getLong(polled.offset()), 1) == 0) {
                    if (!sleeps) {
                        Thread.onSpinWait();
                    } else if (!subscriber.await(PATIENCE)) {
                        throw new IOException("message " + number + " did not come back");
                    }
                }
            }
        }
    }

    private static List<Row> idle(Settings settings, Path program) throws Exception {
        final Path queue = settings.directory().resolve("idle");
        final int milliseconds = settings.pick(50, 2000, 10_000);
        try (MessageQueue open = MessageQueue.open(QueueRounds.context(queue));
                Subscriber subscriber = open.subscriber()) {
            final double natively = NativeProgram.figures(program, "idle", queue, milliseconds)[0];
            for (int i = 0; i < settings.pick(1, 500, 2000); i++) {
                subscriber.await(Duration.ofMillis(1));
            }
            final long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            subscriber.await(Duration.ofMillis(milliseconds));
            final double inJava = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            return List.of(idleRow("C", natively, milliseconds), idleRow("Java", inJava, milliseconds));
        } finally {
            Scratch.delete(queue);
        }
    }

    private static Row idleRow(String where, double cpuNs, int milliseconds) {
        final double percent = cpuNs / (milliseconds * 1e6) * 100;
        return Row.judged(
                "a subscriber asleep in " + where,
                Row.format("%.2f %% of a core", percent),
                "",
                Double.NaN,
                "0 %",
                percent < IDLE_TARGET);
    }
}
