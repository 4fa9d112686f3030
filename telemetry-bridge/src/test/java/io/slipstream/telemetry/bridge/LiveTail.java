package io.slipstream.telemetry.bridge;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.CarStateDecoder;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.ParticipantDecoder;
import io.slipstream.telemetry.schema.SourceChangedDecoder;
import io.slipstream.telemetry.schema.StandingsDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Everything that a bridge has published, in order. */
final class LiveTail implements AutoCloseable {
    /** So that a test that waits in vain ends; nothing is measured with it. */
    private static final long IN_VAIN_NS = TimeUnit.SECONDS.toNanos(60);

    /** A frame as it was restored, and what the message said of it. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its content only.
    record Frame(
            byte[] block,
            long number,
            boolean keyframe,
            long sequence,
            long missed,
            int retries,
            int torn,
            long version,
            boolean synthetic,
            Consistency consistency,
            String origin) {}

    final List<Frame> frames = new ArrayList<>();
    final List<String> changes = new ArrayList<>();
    final List<Long> gaps = new ArrayList<>();
    final List<Long> carStates = new ArrayList<>();
    final List<Integer> standings = new ArrayList<>();
    final Set<String> participants = new TreeSet<>();
    final List<Long> timestamps = new ArrayList<>();

    private final Runnable check;
    private final Subscriber subscriber;
    private final FrameReader reader = new FrameReader(FrameSampler.MAX_LENGTH);
    private final GapDecoder gap = new GapDecoder();
    private final CarStateDecoder carState = new CarStateDecoder();
    private final StandingsDecoder standing = new StandingsDecoder();
    private final ParticipantDecoder participant = new ParticipantDecoder();
    private final SourceChangedDecoder sourceChanged = new SourceChangedDecoder();

    /** Reads a queue; {@code check} throws if nobody can publish any more. */
    LiveTail(final MessageQueue queue, final Runnable check) {
        this.check = check;
        subscriber = queue.subscriber();
    }

    /** Reads on until something is there. */
    void await(final String what, final BooleanSupplier there) {
        final long deadline = System.nanoTime() + IN_VAIN_NS;
        while (!there.getAsBoolean()) {
            if (subscriber.poll(this::onMessage, 1) == 0) {
                check.run();
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("waited in vain for " + what + "; the queue holds " + this);
                }
                LockSupport.parkNanos(100_000);
            }
        }
    }

    void awaitFrames(final int count) {
        await(count + " frames", () -> frames.size() >= count);
    }

    void awaitChange(final String... statuses) {
        await("the source to be " + String.join(", ", statuses), () -> changes.size() >= statuses.length);
        if (!changes.subList(0, statuses.length).equals(List.of(statuses))) {
            throw new AssertionError(
                    "the source was to be " + String.join(", ", statuses) + "; the queue holds " + this);
        }
    }

    /** Reads what is there, after the bridge has ended. */
    void toEnd() {
        while (subscriber.poll(this::onMessage, 256) > 0) {
            // On.
        }
    }

    Frame last() {
        return frames.getLast();
    }

    private void onMessage(final Message message) {
        timestamps.add(message.timestamp());
        switch (message.templateId()) {
            case KeyframeDecoder.TEMPLATE_ID, DeltaDecoder.TEMPLATE_ID -> onFrame(message);
            case CarStateDecoder.TEMPLATE_ID ->
                carStates.add(
                        carState.wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                                .frameNumber());
            case StandingsDecoder.TEMPLATE_ID ->
                standings.add(
                        standing.wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                                .cars()
                                .count());
            case ParticipantDecoder.TEMPLATE_ID -> {
                participant.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                participants.add(participant.index() + " " + participant.name());
            }
            case SourceChangedDecoder.TEMPLATE_ID ->
                changes.add(sourceChanged
                        .wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                        .status()
                        .name());
            case GapDecoder.TEMPLATE_ID ->
                gaps.add(gap.wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                        .missed());
            default -> {
                // Laps and sessions are others' to test.
            }
        }
    }

    private void onFrame(final Message message) {
        final int code = reader.onMessage(message);
        if (code != FrameDecoder.OK) {
            throw new AssertionError("a frame cannot be restored: " + FrameDecoder.describe(code) + "; after " + this);
        }
        final byte[] block = new byte[reader.blockLength()];
        reader.block().getBytes(0, block);
        frames.add(new Frame(
                block,
                reader.frameNumber(),
                reader.isKeyframe(),
                reader.sequence(),
                reader.missed(),
                reader.retries(),
                reader.torn(),
                reader.formatVersion(),
                reader.synthetic(),
                reader.consistency(),
                reader.origin()));
    }

    @Override
    public String toString() {
        return frames.size() + " frames, changes " + changes + ", gaps " + gaps;
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
