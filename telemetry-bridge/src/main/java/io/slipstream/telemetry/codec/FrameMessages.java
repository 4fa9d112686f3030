package io.slipstream.telemetry.codec;

import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaEncoder;
import io.slipstream.telemetry.schema.KeyframeEncoder;
import io.slipstream.telemetry.schema.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns the frames of one source into Keyframe and Delta messages, and numbers them from 0. Allocates nothing after construction.
 * Single-threaded.
 *
 * <pre>{@code
 * final int length = messages.encode(block, blockLength, version, sequence, missed, retries, torn, timestamp);
 * publisher.publish(messages.buffer(), 0, length, timestamp);
 * }</pre>
 */
public final class FrameMessages {
    private static final int LONGEST_TEXT = 1_024;
    private static final long MOST_MISSED = 0xFFFF_FFFEL;
    private static final int MOST_RETRIES = 65_534;

    private final byte[] format;
    private final byte[] origin;
    private final boolean synthetic;
    private final Consistency consistency;
    private final KeyframeRule rule;
    private final FrameEncoder frames;
    private final UnsafeBuffer message;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final KeyframeEncoder keyframe = new KeyframeEncoder();
    private final DeltaEncoder delta = new DeltaEncoder();
    private long frameNumber = -1;
    private boolean lastIsKeyframe;
    private long formatVersion;

    /**
     * Makes an encoder for one source.
     *
     * @param format name of the block format.
     * @param origin where the block is read, for people.
     * @param synthetic the frames are made up.
     * @param consistency how frames are known to be whole.
     * @param maxBlockLength bytes of the longest block.
     * @param rule when to make a keyframe; used by this alone.
     */
    public FrameMessages(
            final String format,
            final String origin,
            final boolean synthetic,
            final Consistency consistency,
            final int maxBlockLength,
            final KeyframeRule rule) {
        this.format = text("format", format);
        this.origin = text("origin", origin);
        this.synthetic = synthetic;
        this.consistency = consistency;
        this.rule = rule;
        this.frames = new FrameEncoder(maxBlockLength);
        final int fixed = MessageHeaderEncoder.ENCODED_LENGTH
                + KeyframeEncoder.BLOCK_LENGTH
                + KeyframeEncoder.formatHeaderLength()
                + KeyframeEncoder.originHeaderLength()
                + KeyframeEncoder.runsHeaderLength();
        this.message = new UnsafeBuffer(ByteBuffer.allocateDirect(
                fixed + this.format.length + this.origin.length + RunsDescriptor.maxLength(maxBlockLength)));
    }

    private static byte[] text(final String what, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_TEXT) {
            throw new IllegalArgumentException(what + " has " + bytes.length + " bytes of UTF-8; the schema takes "
                    + LONGEST_TEXT + ": shorten it");
        }
        return bytes;
    }

    /**
     * Makes a message of the next frame.
     *
     * @param block the frame, at offset 0.
     * @param length bytes of it.
     * @param version that the block states of itself; where it changes, a keyframe is made.
     * @param sequence the block's own sequence number, unsigned.
     * @param missed frames that the game wrote and nobody saw before this one.
     * @param retries copies thrown away before this one.
     * @param torn 1 if its two engine speeds disagree, as in a torn copy.
     * @param timestampNs when it was captured, in ns.
     * @return bytes of the message in {@link #buffer()}, its 8-byte header included.
     */
    public int encode(
            final DirectBuffer block,
            final int length,
            final long version,
            final long sequence,
            final long missed,
            final int retries,
            final int torn,
            final long timestampNs) {
        lastIsKeyframe = rule.isDue(length, timestampNs) || version != formatVersion;
        final int runsLength =
                lastIsKeyframe ? frames.encodeKeyframe(block, length) : frames.encodeDelta(block, length);
        frameNumber++;
        formatVersion = version;
        final long missedField = Math.min(missed, MOST_MISSED);
        final int retriesField = Math.min(retries, MOST_RETRIES);
        final int tornField = Math.min(torn, MOST_RETRIES);
        if (lastIsKeyframe) {
            rule.onKeyframe(length, timestampNs);
            keyframe.wrapAndApplyHeader(message, 0, header)
                    .frameNumber(frameNumber)
                    .sequence(sequence)
                    .missed(missedField)
                    .retries(retriesField)
                    .torn(tornField)
                    .blockLength(length)
                    .crc32c(Integer.toUnsignedLong(frames.crc32c()))
                    .formatVersion(version)
                    .consistency(consistency)
                    .synthetic((short) (synthetic ? 1 : 0))
                    .putFormat(format, 0, format.length)
                    .putOrigin(origin, 0, origin.length)
                    .putRuns(frames.buffer(), 0, runsLength);
            return keyframe.limit();
        }
        rule.onDelta();
        delta.wrapAndApplyHeader(message, 0, header)
                .frameNumber(frameNumber)
                .sequence(sequence)
                .missed(missedField)
                .retries(retriesField)
                .torn(tornField)
                .sinceKeyframe(rule.sinceKeyframe())
                .crc32c(Integer.toUnsignedLong(frames.crc32c()))
                .putRuns(frames.buffer(), 0, runsLength);
        return delta.limit();
    }

    /**
     * The last message: SBE message header, then the body.
     *
     * @return buffer that holds it from offset 0, until the next one.
     */
    public DirectBuffer buffer() {
        return message;
    }

    /**
     * Is the last message a keyframe?
     *
     * @return false for a delta.
     */
    public boolean isKeyframe() {
        return lastIsKeyframe;
    }

    /**
     * Number of the last frame.
     *
     * @return from 0; -1 before the first.
     */
    public long frameNumber() {
        return frameNumber;
    }

    /** The next frame is to be a keyframe: the message before it may not have been published, or a reader begins there. */
    public void forceKeyframe() {
        rule.reset();
    }
}
