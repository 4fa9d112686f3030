package io.slipstream.telemetry.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns blocks into {@link RunsDescriptor runs}, each against the one before. Allocates nothing after construction.
 * Single-threaded.
 */
public final class FrameEncoder {
    private final int maxBlockLength;
    private final byte[] zeros;
    private final UnsafeBuffer runs;
    private final CRC32C crc = new CRC32C();
    private byte[] block;
    private byte[] base;
    private int baseLength;
    private int crc32c;

    /**
     * Makes an encoder.
     *
     * @param maxBlockLength bytes of the longest block, at most {@link RunsDescriptor#LONGEST_BLOCK}.
     */
    public FrameEncoder(final int maxBlockLength) {
        if (maxBlockLength < 1 || maxBlockLength > RunsDescriptor.LONGEST_BLOCK) {
            throw new IllegalArgumentException(
                    "blocks of at most " + maxBlockLength + " bytes; give 1 to " + RunsDescriptor.LONGEST_BLOCK);
        }
        this.maxBlockLength = maxBlockLength;
        final int padded = BitUtil.align(maxBlockLength, RunsDescriptor.WORD);
        this.block = new byte[padded];
        this.base = new byte[padded];
        this.zeros = new byte[padded];
        this.runs = new UnsafeBuffer(ByteBuffer.allocateDirect(RunsDescriptor.maxLength(maxBlockLength)));
    }

    /**
     * Encodes a whole block, which becomes the base of the next delta.
     *
     * @param source the block, at offset 0.
     * @param length bytes of it.
     * @return bytes of runs in {@link #buffer()}.
     */
    public int encodeKeyframe(final DirectBuffer source, final int length) {
        return encode(zeros, source, length);
    }

    /**
     * Encodes what changed since the block before, and makes this one the base of the next delta.
     *
     * @param source the block, at offset 0.
     * @param length bytes of it, as many as the block before had.
     * @return bytes of runs in {@link #buffer()}.
     * @throws IllegalStateException where there is no block before, or it has another length: encode a keyframe.
     */
    public int encodeDelta(final DirectBuffer source, final int length) {
        if (length != baseLength) {
            throw new IllegalStateException(
                    "a delta of " + length + " bytes cannot build on a frame of " + baseLength + "; encode a keyframe");
        }
        return encode(base, source, length);
    }

    private int encode(final byte[] against, final DirectBuffer source, final int length) {
        if (length < 1 || length > maxBlockLength) {
            throw new IllegalArgumentException(
                    "a block of " + length + " bytes; this encoder takes 1 to " + maxBlockLength);
        }
        final int words = RunsDescriptor.words(length);
        // The caller's memory may change under us, and its last word may be partial.
        Arrays.fill(block, length, words * RunsDescriptor.WORD, (byte) 0);
        source.getBytes(0, block, 0, length);
        crc.reset();
        crc.update(block, 0, length);
        crc32c = (int) crc.getValue();
        final int encoded = Runs.encode(against, block, words, runs);
        final byte[] before = base;
        base = block;
        block = before;
        baseLength = length;
        return encoded;
    }

    /** Forgets the block before: the next frame must be a keyframe. */
    public void reset() {
        baseLength = 0;
    }

    /**
     * The runs of the last frame.
     *
     * @return buffer that holds them from offset 0, until the next frame.
     */
    public DirectBuffer buffer() {
        return runs;
    }

    /**
     * Checksum of the last frame's whole block.
     *
     * @return CRC32C.
     */
    public int crc32c() {
        return crc32c;
    }
}
