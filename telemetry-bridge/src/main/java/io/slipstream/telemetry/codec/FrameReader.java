package io.slipstream.telemetry.codec;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Restores the frames of one source from Keyframe and Delta messages. A damaged message is told by a code, never by an exception,
 * and never read beyond its end. The checksum covers the block, not the numbers beside it; those are only checked against each
 * other. Allocates nothing, except where format or origin change. Single-threaded, one a source.
 */
public final class FrameReader {
    /** The message is neither a Keyframe nor a Delta; nothing was done. */
    public static final int NOT_A_FRAME = -6;

    private static final int TEXT_HEADER = KeyframeDecoder.formatHeaderLength();
    private static final int RUNS_HEADER = KeyframeDecoder.runsHeaderLength();

    private final FrameDecoder frames;
    private final KeyframeDecoder keyframe = new KeyframeDecoder();
    private final DeltaDecoder delta = new DeltaDecoder();
    private long frameNumber = -1;
    private long sequence;
    private long missed;
    private int retries;
    private int torn;
    private long formatVersion;
    private Consistency consistency = Consistency.NULL_VAL;
    private boolean synthetic;
    private boolean lastIsKeyframe;
    private byte[] formatBytes = {};
    private byte[] originBytes = {};
    private String formatName = "";
    private String origin = "";

    /**
     * Makes a reader.
     *
     * @param maxBlockLength bytes of the longest block.
     */
    public FrameReader(final int maxBlockLength) {
        this.frames = new FrameDecoder(maxBlockLength);
    }

    /**
     * Takes the next message of the source.
     *
     * @param templateId of the message.
     * @param buffer that holds it.
     * @param offset where its body begins, after the SBE message header.
     * @param length bytes of the body.
     * @param blockLength of the body's root block, as the header states it.
     * @param version of the schema, as the header states it.
     * @return {@link FrameDecoder#OK}, another code of {@link FrameDecoder}, or {@link #NOT_A_FRAME}.
     */
    public int onMessage(
            final int templateId,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final int blockLength,
            final int version) {
        return switch (templateId) {
            case KeyframeDecoder.TEMPLATE_ID -> onKeyframe(buffer, offset, length, blockLength, version);
            case DeltaDecoder.TEMPLATE_ID -> onDelta(buffer, offset, length, blockLength, version);
            default -> NOT_A_FRAME;
        };
    }

    /**
     * Takes a message of a queue in.
     *
     * @param message of any kind.
     * @return as {@link #onMessage(int, DirectBuffer, int, int, int, int)}; {@link #NOT_A_FRAME} for another schema's.
     */
    public int onMessage(final Message message) {
        return message.schemaId() == KeyframeDecoder.SCHEMA_ID
                ? onMessage(
                        message.templateId(),
                        message.buffer(),
                        message.offset(),
                        message.length(),
                        message.blockLength(),
                        message.version())
                : NOT_A_FRAME;
    }

    private int onKeyframe(
            final DirectBuffer buffer, final int offset, final int length, final int blockLength, final int version) {
        if (blockLength < KeyframeDecoder.BLOCK_LENGTH || !holds(buffer, offset, length, blockLength)) {
            return damaged();
        }
        final int end = offset + length;
        final int format = offset + blockLength;
        final int formatEnd = afterText(buffer, format, end);
        final int originEnd = afterText(buffer, formatEnd, end);
        final int runsEnd = afterRuns(buffer, originEnd, end);
        if (runsEnd < 0) {
            return damaged();
        }
        keyframe.wrap(buffer, offset, blockLength, version);
        final int runs = originEnd + RUNS_HEADER;
        final int code = frames.keyframe(buffer, runs, runsEnd - runs, keyframe.blockLength(), (int) keyframe.crc32c());
        if (code == FrameDecoder.OK) {
            accept(keyframe.frameNumber(), keyframe.sequence(), keyframe.missed(), keyframe.retries(), keyframe.torn());
            lastIsKeyframe = true;
            formatVersion = keyframe.formatVersion();
            consistency = consistency(keyframe.consistencyRaw());
            synthetic = keyframe.synthetic() == 1;
            readTexts(buffer, format, formatEnd, originEnd);
        }
        return code;
    }

    private int onDelta(
            final DirectBuffer buffer, final int offset, final int length, final int blockLength, final int version) {
        if (blockLength < DeltaDecoder.BLOCK_LENGTH || !holds(buffer, offset, length, blockLength)) {
            return damaged();
        }
        final int runsHeader = offset + blockLength;
        final int runsEnd = afterRuns(buffer, runsHeader, offset + length);
        if (runsEnd < 0) {
            return damaged();
        }
        delta.wrap(buffer, offset, blockLength, version);
        final int runs = runsHeader + RUNS_HEADER;
        if (frames.isWhole() && delta.frameNumber() != frameNumber + 1) {
            frames.reset();
            return FrameDecoder.OUT_OF_ORDER;
        }
        final int code = frames.delta(buffer, runs, runsEnd - runs, (int) delta.crc32c(), delta.sinceKeyframe());
        if (code == FrameDecoder.OK) {
            accept(delta.frameNumber(), delta.sequence(), delta.missed(), delta.retries(), delta.torn());
            lastIsKeyframe = false;
        }
        return code;
    }

    private int damaged() {
        frames.reset();
        return FrameDecoder.MALFORMED;
    }

    private void accept(
            final long number,
            final long blockSequence,
            final long missedFrames,
            final int thrownAway,
            final int givenUp) {
        torn = givenUp;
        frameNumber = number;
        sequence = blockSequence;
        missed = missedFrames;
        retries = thrownAway;
    }

    private static boolean holds(final DirectBuffer buffer, final int offset, final int length, final int blockLength) {
        return offset >= 0 && length >= blockLength && length <= buffer.capacity() - offset;
    }

    /** Where the text at {@code at} ends; -1 where it leaves the message, or {@code at} is -1 already. */
    private static int afterText(final DirectBuffer buffer, final int at, final int end) {
        if (at < 0 || end - at < TEXT_HEADER) {
            return -1;
        }
        final int length = buffer.getShort(at, LITTLE_ENDIAN) & 0xFFFF;
        return length > end - at - TEXT_HEADER ? -1 : at + TEXT_HEADER + length;
    }

    private static int afterRuns(final DirectBuffer buffer, final int at, final int end) {
        if (at < 0 || end - at < RUNS_HEADER) {
            return -1;
        }
        final int length = buffer.getInt(at, LITTLE_ENDIAN);
        return length < 0 || length > end - at - RUNS_HEADER ? -1 : at + RUNS_HEADER + length;
    }

    /** A value of a later schema is none that this reader knows. */
    private static Consistency consistency(final short raw) {
        return switch (raw) {
            case 0 -> Consistency.SEQLOCK;
            case 1 -> Consistency.COPIED_TWICE;
            case 2 -> Consistency.NONE;
            default -> Consistency.NULL_VAL;
        };
    }

    private void readTexts(final DirectBuffer buffer, final int format, final int formatEnd, final int originEnd) {
        if (differs(buffer, format + TEXT_HEADER, formatEnd, formatBytes)) {
            formatBytes = bytes(buffer, format + TEXT_HEADER, formatEnd);
            formatName = new String(formatBytes, StandardCharsets.UTF_8);
        }
        if (differs(buffer, formatEnd + TEXT_HEADER, originEnd, originBytes)) {
            originBytes = bytes(buffer, formatEnd + TEXT_HEADER, originEnd);
            origin = new String(originBytes, StandardCharsets.UTF_8);
        }
    }

    private static boolean differs(final DirectBuffer buffer, final int from, final int to, final byte[] known) {
        if (known.length != to - from) {
            return true;
        }
        for (int i = 0; i < known.length; i++) {
            if (buffer.getByte(from + i) != known[i]) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(final DirectBuffer buffer, final int from, final int to) {
        final byte[] bytes = new byte[to - from];
        buffer.getBytes(from, bytes);
        return bytes;
    }

    /** Forgets the frame before, as after a seek: only a keyframe can follow. */
    public void reset() {
        frames.reset();
    }

    /**
     * Is there a whole frame?
     *
     * @return false before the first keyframe, and from damage to the next one.
     */
    public boolean isWhole() {
        return frames.isWhole();
    }

    /**
     * The last frame. Its content means nothing unless {@link #isWhole()}.
     *
     * @return buffer as long as the block, valid until the next message.
     */
    public UnsafeBuffer block() {
        return frames.block();
    }

    /**
     * Length of the last frame.
     *
     * @return bytes.
     */
    public int blockLength() {
        return frames.block().capacity();
    }

    /**
     * Was the last frame a keyframe?
     *
     * @return false for a delta.
     */
    public boolean isKeyframe() {
        return lastIsKeyframe;
    }

    /**
     * Number of the last whole frame.
     *
     * @return accepted frames of the source before it; -1 before the first.
     */
    public long frameNumber() {
        return frameNumber;
    }

    /**
     * The block's own sequence number.
     *
     * @return unsigned.
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Frames that the game wrote and nobody saw before this one.
     *
     * @return count.
     */
    public long missed() {
        return missed;
    }

    /**
     * Copies thrown away before this one.
     *
     * @return count.
     */
    public int retries() {
        return retries;
    }

    /**
     * Did its two engine speeds disagree when it was sampled, as in a torn copy?
     *
     * @return 1 if so.
     */
    public int torn() {
        return torn;
    }

    /**
     * The version that the block states of itself.
     *
     * @return version, as the last keyframe has it.
     */
    public long formatVersion() {
        return formatVersion;
    }

    /**
     * How the frames were known to be whole.
     *
     * @return as the last keyframe has it; {@link Consistency#NULL_VAL} where this reader does not know the value.
     */
    public Consistency consistency() {
        return consistency;
    }

    /**
     * Were the frames made up?
     *
     * @return as the last keyframe has it.
     */
    public boolean synthetic() {
        return synthetic;
    }

    /**
     * Name of the block format.
     *
     * @return as the last keyframe has it; empty before the first.
     */
    public String formatName() {
        return formatName;
    }

    /**
     * Where the block was read.
     *
     * @return as the last keyframe has it; empty before the first.
     */
    public String origin() {
        return origin;
    }
}
