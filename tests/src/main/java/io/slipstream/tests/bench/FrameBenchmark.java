package io.slipstream.tests.bench;

import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import java.nio.ByteBuffer;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/** What the bridge does with a frame, beside the copy of its block that nobody can do without. */
final class FrameBenchmark implements Benchmark {
    private static final int CARS = 64;
    private static final int HZ = 165;
    private static final long MOST_NS = 10_000_000_000L;
    private static final double TARGET_US = 10;

    @Override
    public String name() {
        return "frame";
    }

    @Override
    public String about() {
        return "one frame of 64 cars through sampler and publisher, beside the bare copy of its block";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final Histogram ours = new Histogram(MOST_NS, 3);
        final Histogram bare = new Histogram(MOST_NS, 3);
        final Histogram peer = new Histogram(MOST_NS, 3);
        try (SimulatedFrames frames = new SimulatedFrames(settings.directory().resolve("block"), CARS, HZ);
                MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(settings.directory().resolve("live"))
                        .schema(Bridge.schema()));
                Publisher publisher = queue.publisher()) {
            final FramePublisher sink = new FramePublisher(Frames.FORMAT, publisher);
            sink.onAttached(frames.timestampNs(), "bench", true, Consistency.SEQLOCK);
            final SeqlockReader seqlock = new SeqlockReader(1);
            final FrameMessages messages = new FrameMessages(
                    Frames.FORMAT.name(),
                    "bench",
                    true,
                    Consistency.SEQLOCK,
                    frames.block().capacity(),
                    new KeyframeRule());
            final UnsafeBuffer frame =
                    new UnsafeBuffer(ByteBuffer.allocateDirect(frames.block().capacity()));
            final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(frame.capacity()));
            long sequence = Sequence.NONE;
            final int warmUps = settings.pick(100, 20_000, 40_000);
            final int timed = settings.pick(100, 20_000, 60_000);
            for (int i = 0; i < warmUps + timed; i++) {
                frames.next();
                final int length = frames.length();
                final long start = System.nanoTime();
                if (seqlock.sample(frames.block(), Frames.SEQUENCE_OFFSET, sequence, frame, length)
                        != SeqlockReader.OK) {
                    throw new IllegalStateException("frame " + i + " was not there");
                }
                sequence = seqlock.sequence();
                sink.onFrame(frame, length, frames.version(), sequence, 0, 0, 0, frames.timestampNs());
                final long end = System.nanoTime();
                // Between frames, as the bridge does.
                sink.prepare();
                frames.next();
                final long sampleStart = System.nanoTime();
                if (seqlock.sample(frames.block(), Frames.SEQUENCE_OFFSET, sequence, frame, length)
                        != SeqlockReader.OK) {
                    throw new IllegalStateException("frame " + i + " was not there");
                }
                sequence = seqlock.sequence();
                final int encoded =
                        messages.encode(frame, length, frames.version(), sequence, 0, 0, 0, frames.timestampNs());
                publisher.publish(messages.buffer(), 0, encoded, frames.timestampNs());
                final long sampleEnd = System.nanoTime();
                sink.prepare();
                // The next one, so that the copy finds the block as little in the cache as the sampler did.
                frames.next();
                final long copyStart = System.nanoTime();
                copy.putBytes(0, frames.block(), 0, length);
                final long copyEnd = System.nanoTime();
                if (i >= warmUps) {
                    ours.recordValue(Math.min(MOST_NS, end - start));
                    bare.recordValue(Math.min(MOST_NS, sampleEnd - sampleStart));
                    peer.recordValue(Math.min(MOST_NS, copyEnd - copyStart));
                }
            }
        }
        return List.of(
                row("one frame of 64 cars sampled", bare, peer, 50, false),
                row("one frame of 64 cars sampled", bare, peer, 99, true),
                row("the same with typed state and events", ours, peer, 50, false),
                row("the same with typed state and events", ours, peer, 99, false));
    }

    private static Row row(String name, Histogram ours, Histogram peer, double percentile, boolean judged) {
        final double mine = ours.getValueAtPercentile(percentile) / 1e3;
        final double other = peer.getValueAtPercentile(percentile) / 1e3;
        final String what = Row.format("%s, p%.0f", name, percentile);
        final String measured = Row.format("%.2f us", mine);
        final String copied = Row.format("%.2f us copy of the block", other);
        return judged
                ? Row.judged(
                        what, measured, copied, mine / other, Row.format("<= %.0f us", TARGET_US), mine <= TARGET_US)
                : Row.information(what, measured, copied, mine / other);
    }
}
