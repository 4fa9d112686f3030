package io.slipstream.telemetry.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Restores blocks from {@link RunsDescriptor runs}. Whatever the runs hold, it reads only within the region it is given and writes
 * only its own buffer; after damage there is no block until the next keyframe. Allocates nothing after construction.
 * Single-threaded.
 */
public final class FrameDecoder {
    /** The block was restored and its checksum is right. */
    public static final int OK = 0;

    /** A delta, and no whole frame before it to build on; skip it and go on to the next keyframe. */
    public static final int NEEDS_KEYFRAME = -1;

    /** The message or its runs are damaged: too short, too long, or leading out of the block. */
    public static final int MALFORMED = -2;

    /** The restored block is not the one that was encoded. */
    public static final int CRC_MISMATCH = -3;

    /** A delta that does not follow the frame before: frames between were lost, or it came twice. */
    public static final int OUT_OF_ORDER = -4;

    /** The block is longer than this decoder takes; make one for longer blocks. */
    public static final int TOO_LONG = -5;

    private final int maxBlockLength;
    private final UnsafeBuffer memory;
    private final ByteBuffer bytes;
    private final UnsafeBuffer block = new UnsafeBuffer(0, 0);
    private final CRC32C crc = new CRC32C();
    private boolean whole;
    private int length;
    private int sinceKeyframe;

    /**
     * Makes a decoder.
     *
     * @param maxBlockLength bytes of the longest block, at most {@link RunsDescriptor#LONGEST_BLOCK}.
     */
    public FrameDecoder(final int maxBlockLength) {
        if (maxBlockLength < 1 || maxBlockLength > RunsDescriptor.LONGEST_BLOCK) {
            throw new IllegalArgumentException(
                    "blocks of at most " + maxBlockLength + " bytes; give 1 to " + RunsDescriptor.LONGEST_BLOCK);
        }
        this.maxBlockLength = maxBlockLength;
        this.bytes = ByteBuffer.allocateDirect(BitUtil.align(maxBlockLength, Long.BYTES));
        this.memory = new UnsafeBuffer(bytes);
    }

    /**
     * What a code means, for people.
     *
     * @param code that a call returned.
     * @return a phrase.
     */
    public static String describe(final int code) {
        return switch (code) {
            case OK -> "whole";
            case NEEDS_KEYFRAME -> "a delta without the frame that it builds on";
            case MALFORMED -> "damaged: it does not decode";
            case CRC_MISMATCH -> "damaged: its checksum is wrong";
            case OUT_OF_ORDER -> "out of order: frames before it are missing";
            case TOO_LONG -> "of a block longer than expected";
            default -> "code " + code;
        };
    }

    /**
     * Restores a block from a keyframe.
     *
     * @param source that holds the runs.
     * @param offset where they begin.
     * @param runsLength bytes of them.
     * @param blockLength bytes of the block.
     * @param crc32c of the whole block.
     * @return {@link #OK}, {@link #MALFORMED}, {@link #CRC_MISMATCH} or {@link #TOO_LONG}.
     */
    public int keyframe(
            final DirectBuffer source,
            final int offset,
            final int runsLength,
            final long blockLength,
            final int crc32c) {
        reset();
        if (blockLength > maxBlockLength) {
            return TOO_LONG;
        }
        if (blockLength < 1) {
            return MALFORMED;
        }
        if (length != blockLength) {
            length = (int) blockLength;
            block.wrap(memory, 0, length);
        }
        memory.setMemory(0, memory.capacity(), (byte) 0);
        sinceKeyframe = 0;
        return apply(source, offset, runsLength, crc32c);
    }

    /**
     * Restores a block from a delta.
     *
     * @param source that holds the runs.
     * @param offset where they begin.
     * @param runsLength bytes of them.
     * @param crc32c of the whole block that they restore.
     * @param since frames since the keyframe, one more than the frame before had.
     * @return {@link #OK}, {@link #NEEDS_KEYFRAME}, {@link #MALFORMED}, {@link #CRC_MISMATCH} or {@link #OUT_OF_ORDER}.
     */
    public int delta(
            final DirectBuffer source, final int offset, final int runsLength, final int crc32c, final int since) {
        if (!whole) {
            return NEEDS_KEYFRAME;
        }
        whole = false;
        if (since != sinceKeyframe + 1) {
            return OUT_OF_ORDER;
        }
        sinceKeyframe = since;
        return apply(source, offset, runsLength, crc32c);
    }

    private int apply(final DirectBuffer source, final int offset, final int runsLength, final int crc32c) {
        if (offset < 0 || runsLength < 0 || runsLength > source.capacity() - offset) {
            return MALFORMED;
        }
        final int words = RunsDescriptor.words(length);
        if (Runs.apply(source, offset, runsLength, memory, words) != 0 || !paddingIsZero(words)) {
            return MALFORMED;
        }
        crc.reset();
        crc.update(bytes.limit(length).position(0));
        if ((int) crc.getValue() != crc32c) {
            return CRC_MISMATCH;
        }
        whole = true;
        return OK;
    }

    /** The checksum does not cover it, so a damaged bit there would go unseen. */
    private boolean paddingIsZero(final int words) {
        for (int i = length; i < words * RunsDescriptor.WORD; i++) {
            if (memory.getByte(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Forgets the frame before: only a keyframe can follow. */
    public void reset() {
        whole = false;
    }

    /**
     * Is there a whole block, and can a delta build on it?
     *
     * @return false before the first keyframe, and from damage to the next one.
     */
    public boolean isWhole() {
        return whole;
    }

    /**
     * The restored block. Its content means nothing unless {@link #isWhole()}.
     *
     * @return buffer as long as the block, valid until the next frame.
     */
    public UnsafeBuffer block() {
        return block;
    }

    /**
     * Frames since the keyframe.
     *
     * @return 0 right after a keyframe.
     */
    public int sinceKeyframe() {
        return sinceKeyframe;
    }
}
