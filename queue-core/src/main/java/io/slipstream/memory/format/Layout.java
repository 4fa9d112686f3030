package io.slipstream.memory.format;

/**
 * Where the next member goes: C's rule, as compilers apply it. A member stands at the next multiple of its
 * own alignment, or of the pack where that is less; a struct is aligned as its strictest member and padded to a multiple of it.
 */
final class Layout {
    /** Blocks are recorded in messages of at most this many bytes. */
    static final long LIMIT = 16L << 20;

    private final int pack;
    private long cursor;
    private long end;
    private int alignment = 1;

    Layout(final int pack) {
        this.pack = pack;
    }

    /** Offset of a member with this natural alignment. */
    long place(final int naturalAlignment) {
        final int needed = Math.min(naturalAlignment, pack);
        alignment = Math.max(alignment, needed);
        cursor = align(cursor, needed);
        return cursor;
    }

    /** The member at {@code offset} is this long; returns false where the limit is passed. */
    boolean occupy(final long offset, final long length) {
        cursor = offset + length;
        end = Math.max(end, cursor);
        return end <= LIMIT;
    }

    int alignment() {
        return alignment;
    }

    /** Bytes so far, padded as the end of a struct is. */
    long size() {
        return align(end, alignment);
    }

    static long align(final long offset, final int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
