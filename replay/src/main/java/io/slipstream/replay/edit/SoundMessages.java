package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.MessageCheck;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import org.agrona.collections.LongHashSet;

/**
 * A session's messages in order, its frames restored on the way, so that what is damaged is told from what is whole. Single-threaded.
 */
final class SoundMessages implements AutoCloseable {
    /** What the present message is. */
    enum Kind {
        /** A frame that was restored. */
        FRAME,
        /** A frame that could not be. */
        DAMAGED_FRAME,
        /** Any other message that decodes. */
        EVENT,
        /** Any other that does not. */
        DAMAGED_MESSAGE,
        /** There is none: the session is at its end. */
        END
    }

    private final MessageCursor cursor;
    private final LongHashSet suspects;
    private final FrameReader frame = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private final KeyframeDecoder keyframe = new KeyframeDecoder();
    private final DeltaDecoder delta = new DeltaDecoder();
    private long newest = Long.MIN_VALUE;
    private Message message;
    private Kind kind = Kind.END;
    private long frameNumber = -1;
    private int crc;
    private int sinceKeyframe;
    private short consistency;
    private short synthetic;
    private boolean hasBase;
    private long baseNumber;
    private int baseCrc;
    private int baseLength;
    private long wholeNumber;
    private int wholeCrc;
    private int wholeLength;

    SoundMessages(SessionReader session) {
        this(session.messages(), new LongHashSet());
    }

    /** Some messages are damaged though they decode: those at these positions. */
    SoundMessages(MessageCursor cursor, LongHashSet suspects) {
        this.cursor = cursor;
        this.suspects = suspects;
    }

    /** Moves to the next message; one whose time is before that of the one before it is of a damaged session. */
    Kind next() throws IOException {
        message = cursor.next();
        kind = message == null ? Kind.END : look();
        if (message != null && !suspects.contains(message.position())) {
            if (message.timestamp() < newest) {
                throw new IOException(
                        "the session goes back in time, so a time in it is damaged: run 'slipstream verify'"
                                + " and 'slipstream repair' first");
            }
            newest = message.timestamp();
        }
        return kind;
    }

    private Kind look() {
        if (!MessageCheck.isSound(message)) {
            if (isFrame()) {
                frame.reset();
                return Kind.DAMAGED_FRAME;
            }
            return Kind.DAMAGED_MESSAGE;
        }
        if (!isFrame()) {
            return suspects.contains(message.position()) ? Kind.DAMAGED_MESSAGE : Kind.EVENT;
        }
        hasBase = frame.isWhole();
        baseNumber = wholeNumber;
        baseCrc = wholeCrc;
        baseLength = wholeLength;
        readNumbers();
        if (frame.onMessage(message) != FrameDecoder.OK) {
            return Kind.DAMAGED_FRAME;
        }
        wholeNumber = frameNumber;
        wholeCrc = crc;
        wholeLength = frame.blockLength();
        return suspects.contains(message.position()) ? Kind.DAMAGED_FRAME : Kind.FRAME;
    }

    private boolean isFrame() {
        return message.schemaId() == KeyframeDecoder.SCHEMA_ID
                && (message.templateId() == KeyframeDecoder.TEMPLATE_ID
                        || message.templateId() == DeltaDecoder.TEMPLATE_ID);
    }

    private void readNumbers() {
        if (message.templateId() == KeyframeDecoder.TEMPLATE_ID) {
            keyframe.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
            frameNumber = keyframe.frameNumber();
            crc = (int) keyframe.crc32c();
            sinceKeyframe = 0;
            consistency = keyframe.consistencyRaw();
            synthetic = keyframe.synthetic();
        } else {
            delta.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
            frameNumber = delta.frameNumber();
            crc = (int) delta.crc32c();
            sinceKeyframe = delta.sinceKeyframe();
        }
    }

    Kind kind() {
        return kind;
    }

    /** The present message, valid until the next; null at the end. */
    Message message() {
        return message;
    }

    /** The frame that was restored last. */
    FrameReader frame() {
        return frame;
    }

    /** Number of the present frame, a damaged one's as it states it. */
    long frameNumber() {
        return frameNumber;
    }

    /** CRC32C of the present frame's block. */
    int crc() {
        return crc;
    }

    /** Of the present frame; 0 for a keyframe. */
    int sinceKeyframe() {
        return sinceKeyframe;
    }

    /** The byte that the last keyframe has, whether its value is known here or not. */
    short consistency() {
        return consistency;
    }

    /** The byte that the last keyframe has. */
    short synthetic() {
        return synthetic;
    }

    /** Does the present delta change this very frame? */
    boolean buildsOn(long number, int crc32c, int length) {
        return hasBase && baseNumber == number && baseCrc == crc32c && baseLength == length;
    }

    /** Where the messages come from. */
    MessageCursor cursor() {
        return cursor;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
