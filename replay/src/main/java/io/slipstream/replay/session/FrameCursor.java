package io.slipstream.replay.session;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.session.SessionIndex;
import org.agrona.DirectBuffer;

/**
 * Goes over a session's frames in order, from any time or frame on. Every frame is checked against its own CRC32C; one that is
 * damaged is passed over and counted, with those that build on it, up to the next keyframe. Single-threaded; allocates nothing a
 * frame.
 */
public final class FrameCursor implements AutoCloseable {
    private final MessageCursor messages;
    private final SessionIndex index;
    private final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private boolean pending;
    private long timestamp;
    private long ordinal = -1;
    private long damaged;
    private long damagedPlaces;

    FrameCursor(MessageCursor messages, SessionIndex index) {
        this.messages = messages;
        this.index = index;
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
        while (true) {
            final Message message = messages.next();
            if (messages.damagedPlaces() != damagedPlaces) {
                damagedPlaces = messages.damagedPlaces();
                damaged++;
                reader.reset();
            }
            if (message == null) {
                return false;
            }
            if (isNextFrame(message)) {
                return true;
            }
        }
    }

    private boolean isNextFrame(Message message) {
        final int code = reader.onMessage(message);
        if (code == FrameReader.NOT_A_FRAME) {
            return false;
        }
        ordinal++;
        if (code == FrameDecoder.OK) {
            timestamp = message.timestamp();
            return true;
        }
        // From a damaged keyframe on, what builds on it is damaged as well.
        damaged++;
        return false;
    }

    /**
     * Moves before the first frame.
     *
     * @return this.
     */
    public FrameCursor toStart() {
        messages.toStart();
        begin(-1);
        return this;
    }

    private void begin(long before) {
        reader.reset();
        damagedPlaces = messages.damagedPlaces();
        pending = false;
        ordinal = before;
    }

    /**
     * Moves so that the next frame is the first that was not captured before a time.
     *
     * @param timestampNs ns since the Unix epoch.
     * @return this.
     */
    public FrameCursor toTime(long timestampNs) {
        toSegment(index.segmentBefore(timestampNs));
        while (next()) {
            if (timestamp >= timestampNs) {
                pending = true;
                break;
            }
        }
        return this;
    }

    /**
     * Moves so that the next frame is one by its place in the session; the next whole one, if that is damaged.
     *
     * @param wanted place of the frame, from 0; behind the last there is no next frame.
     * @return this.
     */
    public FrameCursor toFrame(long wanted) {
        toSegment(index.segmentOf(wanted));
        while (next()) {
            if (ordinal >= wanted) {
                pending = true;
                break;
            }
        }
        return this;
    }

    /** The files may have changed since the index was made: a keyframe that is not there is not jumped to. */
    private void toSegment(int wanted) {
        int segment = wanted;
        while (segment >= 0 && !isThere(segment)) {
            segment--;
        }
        if (segment < 0) {
            toStart();
        } else {
            messages.toPlace(index.place(segment));
            begin(index.frame(segment) - 1);
        }
    }

    private boolean isThere(int segment) {
        if (!messages.toPlace(index.place(segment))) {
            return false;
        }
        final Message first = messages.next();
        return first != null && index.begins(segment, first);
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
     * Frames that could not be restored; a place where the session itself is damaged counts as one.
     *
     * @return count since this cursor was made.
     */
    public long damaged() {
        return damaged;
    }

    @Override
    public void close() {
        messages.close();
    }
}
