package io.slipstream.telemetry.block;

import org.agrona.BitUtil;

/**
 * What Slipstream adds to a block that it writes itself. The game's struct stands at the start, exactly as the game has it; the
 * mapping is rounded up to whole pages, and its last 64 bytes say who writes. Games leave those bytes zero.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                      the game's struct                       ...
 * ...                                                              |
 *  +---------------------------------------------------------------+
 *  |                  zero, up to the last 64 bytes               ...
 * ...                                                              |
 *  +===============================================================+ length - 64
 *  |                      magic, "SLPSTRM1"                        |
 *  |                                                               |
 *  +-------------------------------------------------------------+-+-+
 *  |                     flags, zero                             |R|S|
 *  +-------------------------------------------------------------+-+-+
 *  |                       writer's process id                     |
 *  +---------------------------------------------------------------+
 *  |      writer's start time, clock ticks since boot, or zero     |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                       zero, 40 bytes                         ...
 * ...                                                              |
 *  +---------------------------------------------------------------+ length
 * </pre>
 *
 * Little-endian. S: the frames are made up; R: they are replayed. The magic is written last.
 */
public final class BlockDescriptor {
    /** Blocks are a multiple of this long. */
    public static final int PAGE_SIZE = 4_096;

    /** Bytes of the longest frame that is sampled and recorded. */
    public static final int MAX_FRAME_LENGTH = 64 << 10;

    /** Bytes at the end of the mapping that are not the game's. */
    public static final int TRAILER_LENGTH = 64;

    /** {@code SLPSTRM1}, read as a little-endian number. */
    public static final long MAGIC = 0x314D_5254_5350_4C53L;

    /** Offset of the magic in the trailer. */
    public static final int MAGIC_OFFSET = 0;

    /** Offset of the flags in the trailer. */
    public static final int FLAGS_OFFSET = 8;

    /** Offset of the writer's process id in the trailer. */
    public static final int PID_OFFSET = 12;

    /** Offset of the writer's start time in the trailer. */
    public static final int START_TIME_OFFSET = 16;

    /** The frames are made up, not a game's. */
    public static final int FLAG_SYNTHETIC = 1;

    /** The frames were recorded and are played again. */
    public static final int FLAG_REPLAY = 1 << 1;

    private BlockDescriptor() {}

    /**
     * How long to make the mapping of a block.
     *
     * @param structLength bytes of the game's struct.
     * @return bytes of the mapping: whole pages with room for the trailer; 24,576 for every version of {@code $pcars2$}.
     */
    public static int mappingLength(final int structLength) {
        return BitUtil.align(structLength + TRAILER_LENGTH, PAGE_SIZE);
    }

    /**
     * Where the trailer begins.
     *
     * @param mappingLength bytes of the mapping.
     * @return offset in bytes; negative where the mapping has no room for one.
     */
    public static int trailerOffset(final int mappingLength) {
        return mappingLength - TRAILER_LENGTH;
    }
}
