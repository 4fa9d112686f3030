package io.slipstream.telemetry.codec;

/**
 * The {@code runs} of a Keyframe or a Delta: the 32-bit words of a block that differ from its base. The base of a keyframe is a
 * block of zeros as long as itself; the base of a delta is the frame before it. This is a promise: what was recorded stays readable.
 *
 * <pre>
 *  +-----------+-----------+-----------------------------+-----------+--
 *  |   skip    |   count   |   count words, 4 bytes each |   skip    |  ...
 *  |  varint   |  varint   |   as the block holds them   |  varint   |
 *  +-----------+-----------+-----------------------------+-----------+--
 *
 *   varint: LEB128, seven bits a byte, lowest first, bit 7 set on all bytes but the last; 1 to 5 bytes, below 2^31
 *
 *    7   6   5   4   3   2   1   0     7   6   5   4   3   2   1   0
 *  +---+---+---+---+---+---+---+---+ +---+---+---+---+---+---+---+---+
 *  | 1 |        bits 0 to 6        | | 0 |        bits 7 to 13       |
 *  +---+---+---+---+---+---+---+---+ +---+---+---+---+---+---+---+---+
 * </pre>
 *
 * <ul>
 *   <li>{@code skip}: words that are as in the base, counted from the start of the block or the end of the run before.
 *   <li>{@code count}: words that follow, at least 1. They are the new words themselves, not differences.
 *   <li>Words count from the start of the block. A block whose length is no multiple of 4 is taken as padded with zeros to one.
 *   <li>Runs fill the field to its end; no run means that nothing changed. Words after the last run are as in the base.
 *   <li>A writer makes runs as short as they can be, skip 0 before the first run only; a reader does not rely on it.
 *   <li>The message's {@code crc32c} (Castagnoli, as RFC 3720 has it) is of the block without padding, after the runs were applied.
 * </ul>
 */
public final class RunsDescriptor {
    /** Bytes of a word. */
    public static final int WORD = Integer.BYTES;

    /** Most bytes of a varint. */
    public static final int LONGEST_VARINT = 5;

    /** Blocks are at most this long: the schema's limit for runs, with room for the runs' own numbers. */
    public static final int LONGEST_BLOCK = (16 << 20) - 64;

    private RunsDescriptor() {}

    /**
     * Words of a block.
     *
     * @param blockLength bytes of the block.
     * @return words, the padded one included.
     */
    public static int words(final int blockLength) {
        return (blockLength + WORD - 1) / WORD;
    }

    /**
     * The longest that runs can be. Two numbers before a lone word cost no more than the equal word that parts it from the next.
     *
     * @param blockLength bytes of the block.
     * @return bytes.
     */
    public static int maxLength(final int blockLength) {
        return words(blockLength) * WORD + 2 * LONGEST_VARINT;
    }
}
