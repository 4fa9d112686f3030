package io.slipstream.tests.bench;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import io.slipstream.telemetry.session.SessionSummary;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Opening a session of two hours, listing its laps and going to a random time in it. */
final class SeekBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final int TWO_HOURS = 2 * 60 * 60 * HZ;
    private static final int DISTINCT = 512;
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
        final int frames = settings.pick(3_000, TWO_HOURS, TWO_HOURS);
        final SessionDirectory session = make(settings.directory(), frames);
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

    /** Some seconds of a race over and over, straight into a session: what is in the frames does not matter here. */
    private static SessionDirectory make(Path directory, int frames) throws Exception {
        final UnsafeBuffer[] blocks = new UnsafeBuffer[DISTINCT];
        final long version;
        try (SimulatedFrames race = new SimulatedFrames(directory.resolve("block"), CARS, HZ)) {
            version = race.version();
            for (int i = 0; i < DISTINCT; i++) {
                race.next();
                final byte[] copy = new byte[race.length()];
                race.block().getBytes(0, copy);
                blocks[i] = new UnsafeBuffer(copy);
            }
        }
        final int length = blocks[0].capacity();
        final SessionDirectory session =
                SessionDirectory.create(directory.resolve("sessions"), SimulatedFrames.START_NS, "bench");
        final SessionSummary summary = new SessionSummary();
        try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(session.path())
                        .blockSize(SessionDirectory.BLOCK_SIZE)
                        .schema(Bridge.schema()));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final FrameMessages messages = new FrameMessages(
                    Frames.FORMAT.name(), "bench", true, Consistency.SEQLOCK, length, new KeyframeRule());
            for (int i = 0; i < frames; i++) {
                final UnsafeBuffer block = blocks[i % DISTINCT];
                block.putInt(Frames.SEQUENCE_OFFSET, 2 * (i + 1));
                final long timestamp = SimulatedFrames.START_NS + i * 1_000_000_000L / HZ;
                final int encoded = messages.encode(block, length, version, 2L * (i + 1), 0, 0, 0, timestamp);
                publisher.publish(messages.buffer(), 0, encoded, timestamp);
                if (i % DISTINCT == 0 || i == frames - 1) {
                    while (subscriber.poll(summary::onMessage, DISTINCT) > 0) {
                        // As far as has been published.
                    }
                }
            }
        }
        session.write(summary.info(true, session.bytes()));
        try (SessionIndex index = SessionIndex.empty(session)) {
            index.catchUp();
            index.save();
        }
        return session;
    }
}
