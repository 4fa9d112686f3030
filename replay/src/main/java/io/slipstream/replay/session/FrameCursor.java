package io.slipstream.replay.session;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.session.SessionSummary;
import org.agrona.DirectBuffer;

/**
 * Goes over a session's frames in order. Every frame is checked against its own CRC32C; one that is damaged is passed over and
 * counted, with those that build on it, up to the next keyframe. Single-threaded; allocates nothing a frame.
 */
public final class FrameCursor implements AutoCloseable {
    /** No frame is further than this from the keyframe that it builds on. */
    private static final long KEYFRAME_INTERVAL_NS = 1_000_000_000L;

    private final Subscriber subscriber;
    private final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private final MessageHandler handler = this::onMessage;
    private boolean found;
    private boolean pending;
    private boolean seeking;
    private long timestamp;
    private long damaged;
    private long ordinal = -1;

    FrameCursor(Subscriber subscriber) {
        this.subscriber = subscriber.filter(MessageFilter.schema(SessionSummary.SCHEMA_ID)
                .and(MessageFilter.templates(KeyframeDecoder.TEMPLATE_ID, DeltaDecoder.TEMPLATE_ID)));
    }

    /**
     * Moves to the next frame.
     *
     * @return false at the end of the session; frames may still come if it is being recorded.
     */
    public boolean next() {
        if (pending) {
            pending = false;
            return true;
        }
        found = false;
        while (!found) {
            if (subscriber.poll(handler, 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private void onMessage(Message message) {
        final int code = reader.onMessage(message);
        ordinal++;
        if (code == FrameDecoder.OK) {
            found = true;
            seeking = false;
            timestamp = message.timestamp();
        } else if (!(seeking && code == FrameDecoder.NEEDS_KEYFRAME)) {
            damaged++;
            // From a damaged keyframe on, what builds on it is damaged as well.
            seeking = false;
        }
    }

    /**
     * Moves so that the next frame is the first that was not captured before a time.
     *
     * @param timestampNs ns since the Unix epoch.
     * @return this.
     */
    public FrameCursor toTime(long timestampNs) {
        subscriber.toTime(timestampNs - KEYFRAME_INTERVAL_NS);
        reader.reset();
        pending = false;
        // Deltas before the first keyframe are not damaged, we have merely come in between.
        seeking = true;
        while (next()) {
            if (timestamp >= timestampNs) {
                pending = true;
                break;
            }
        }
        return this;
    }

    /**
     * Moves before the first frame.
     *
     * @return this.
     */
    public FrameCursor toStart() {
        subscriber.toStart();
        reader.reset();
        pending = false;
        seeking = false;
        ordinal = -1;
        return this;
    }

    /**
     * Moves so that the next frame is one by its place in the session.
     *
     * @param wanted place of the frame, from 0; behind the last there is no next frame.
     * @return this.
     */
    public FrameCursor toFrame(long wanted) {
        toStart();
        while (next()) {
            if (ordinal >= wanted) {
                pending = true;
                break;
            }
        }
        return this;
    }

    /**
     * The frame's place in the session.
     *
     * @return from 0, damaged frames counted; -1 before the first.
     */
    public long ordinal() {
        return ordinal;
    }

    /**
     * The frame's block.
     *
     * @return buffer that holds it at 0 until the next frame; its capacity is the block's length.
     */
    public DirectBuffer block() {
        return reader.block();
    }

    /**
     * When the frame was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long timestamp() {
        return timestamp;
    }

    /**
     * What else is known of the frame.
     *
     * @return the reader that restored it; not to be fed.
     */
    public FrameReader frame() {
        return reader;
    }

    /**
     * Frames that could not be restored.
     *
     * @return count since this cursor was made.
     */
    public long damaged() {
        return damaged;
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
