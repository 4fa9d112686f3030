package io.slipstream.replay;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.simulator.Circuit;
import io.slipstream.telemetry.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Records sessions of simulated frames, at times that the test chooses. Nothing waits. */
public final class Sessions implements AutoCloseable {
    /** Of the blocks. */
    public static final BlockFormat FORMAT = GameFormats.load("pcars2");

    /** Bytes of a block. */
    public static final int LENGTH = FORMAT.length(14);

    /** When every session starts. */
    public static final long START_NS = 1_767_323_045_000_000_000L;

    /** A frame as it was before it was recorded. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its content only.
    public record Frame(long timestamp, byte[] block) {}

    /** The frames that were recorded, in order. */
    public final List<Frame> frames = new ArrayList<>();

    private final Simulator simulator;
    private final MappedBlock block;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH]);
    private final MessageQueue live;
    private final Publisher publisher;
    private final FramePublisher framePublisher;
    private final Subscriber subscriber;
    private final Recorder recorder;

    /** Makes a block, a live queue and a recorder in a folder; the source is there. */
    public Sessions(final Path folder) throws IOException {
        final BlockName file = new BlockName.MappedFile(folder.resolve("simulated"));
        simulator = new Simulator(new Simulator.Config(file, Circuit.CLUB, 4, 60, 1, Duration.ZERO, true));
        block = MappedBlock.openReadOnly(file);
        live = MessageQueue.open(new MessageQueue.Context()
                .directory(folder.resolve("live"))
                .blockSize(4 << 20)
                .schema(Bridge.schema()));
        publisher = live.publisher();
        subscriber = live.subscriber();
        recorder = new Recorder(subscriber, folder.resolve("sessions"));
        framePublisher = new FramePublisher(FORMAT, publisher);
        framePublisher.onAttached(START_NS, "simulated", true, Consistency.SEQLOCK);
    }

    /** Simulates a frame and publishes it; it is recorded by the next {@link #record()}. */
    public Sessions frame(final long timestamp) {
        simulator.writeFrame();
        block.buffer().getBytes(0, frame, 0, LENGTH);
        final byte[] copy = new byte[LENGTH];
        frame.getBytes(0, copy);
        frames.add(new Frame(timestamp, copy));
        final long sequence = Integer.toUnsignedLong(
                frame.getInt(FORMAT.field("mSequenceNumber").offset()));
        framePublisher.onFrame(frame, LENGTH, 14, sequence, 0, 0, 0, timestamp);
        return this;
    }

    /** Frames at a steady rate. */
    public Sessions frames(final int count, final long first, final long period) {
        for (int i = 0; i < count; i++) {
            frame(first + i * period);
        }
        return this;
    }

    /** Copies everything published into the session. */
    public Sessions record() throws IOException {
        while (recorder.doWork() > 0) {
            // On.
        }
        return this;
    }

    /** Ends the recording. */
    public Path finish() throws IOException {
        framePublisher.onLost(frames.getLast().timestamp());
        record();
        recorder.finish();
        return path();
    }

    /** Where the session is. */
    public Path path() {
        return recorder.session().path();
    }

    /** The recorder, for what it says. */
    public Recorder recorder() {
        return recorder;
    }

    /** The queue that the bridge would have published to. */
    public MessageQueue live() {
        return live;
    }

    @Override
    public void close() throws IOException {
        recorder.close();
        subscriber.close();
        publisher.close();
        live.close();
        block.close();
        simulator.close();
    }
}
