package io.slipstream.memory;

/**
 * Layout of a lock between processes in 16 bytes of the memory that they share, aligned to 8; libslipstream's {@code ss_lock}
 * has the same. Little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----------------------------------------------------------+-+-+
 *  |                          owner                            |B|W|   0   the futex word
 *  +-----------------------------------------------------------+-+-+
 *  |                           generation                          |   4
 *  +---------------------------------------------------------------+
 *  |                      start of the owner                       |   8
 *  +---------------------------------------------------------------+
 *  |             generation that the start belongs to              |   12
 *  +---------------------------------------------------------------+
 *
 *   owner  pid (bits 0 to 29), or 0 if the lock is free
 *   B      the lock was broken while it was held: the next owner is told so (bit 30)
 *   W      somebody waits, or did (bit 31)
 * </pre>
 *
 * <p>The first 8 bytes, an i64, change by compare-and-set alone, the last 8 by a store. Memory that is all zero is a free lock.
 *
 * <p><b>Whoever acquires</b> a free lock writes his pid and adds 1 to the generation, which tells him from every other owner,
 * those of his own process among them; he then stores his start, the low 32 bits of {@code /proc/<pid>/stat} field 22 or 0 if
 * he does not know it, together with the generation.
 *
 * <p><b>Whoever releases</b> replaces precisely what he wrote, with or without W, by the generation alone. If something else is
 * there, the lock is no longer his and he leaves it. If W was set, he wakes one that waits on the futex word, of the kind that
 * is not private.
 *
 * <p><b>Whoever waits</b> sets W and sleeps as long as the futex word has the value that it then had, for 50 ms at most; then he
 * looks again. Whoever has slept acquires with W set, since others may still sleep. Whoever gives up after a sleep sets W, or
 * wakes another if the lock is free, since the wake that he had may have been meant to be passed on.
 *
 * <p><b>The owner is dead</b> if no process has his pid, or it is a zombie with no other thread, or the start stands for the
 * present generation, is not 0 and is not that of the process which has the pid now. Then the lock is acquired from him as if
 * it were free. A pid means something only within one pid namespace: all who use a lock must share one.
 *
 * <p><b>Whoever breaks</b> the lock replaces owner and W by B, leaves the generation, and wakes one if W was set.
 *
 * <p>This layout is a promise.
 */
public final class LockWordDescriptor {
    /** Bytes of a lock. */
    public static final int LENGTH = 16;

    /** What its address is a multiple of. */
    public static final int ALIGNMENT = 8;

    /** Offset of the i64 that holds owner and generation. */
    public static final int WORD_OFFSET = 0;

    /** Offset of the u32 that those who wait sleep on: the low half of the word. */
    public static final int FUTEX_OFFSET = 0;

    /** Offset of the i64 that holds the owner's start, and above it the generation that it belongs to. */
    public static final int START_OFFSET = 8;

    /** Bit of the word: somebody waits. */
    public static final long WAITERS = 1L << 31;

    /** Bit of the word: the lock was broken. */
    public static final long BROKEN = 1L << 30;

    /** Bits of the word that hold the owner's pid. */
    public static final long OWNER_MASK = BROKEN - 1;

    /** Bits of the word that hold the generation. */
    public static final long GENERATION_MASK = 0xFFFF_FFFF_0000_0000L;

    /** 1 generation. */
    private static final long GENERATION = 1L << 32;

    private LockWordDescriptor() {}

    /**
     * Who has the lock.
     *
     * @param word as it stands.
     * @return pid, or 0 if it is free.
     */
    public static int owner(long word) {
        return (int) (word & OWNER_MASK);
    }

    /**
     * What the next owner writes.
     *
     * @param word as it stands.
     * @param owner his pid.
     * @return the word to replace it.
     */
    public static long acquired(long word, long owner) {
        return ((word & GENERATION_MASK) + GENERATION) | owner;
    }

    /**
     * What an owner leaves.
     *
     * @param word as it stands.
     * @return the word to replace it.
     */
    public static long released(long word) {
        return word & GENERATION_MASK;
    }

    /**
     * The start that belongs to the present owner.
     *
     * @param word as it stands.
     * @param start the i64 at {@link #START_OFFSET}.
     * @return low 32 bits of his start time; 0 if it is not known.
     */
    static int startOf(long word, long start) {
        return (start & GENERATION_MASK) == (word & GENERATION_MASK) ? (int) start : 0;
    }

    /** The i64 at {@link #START_OFFSET} for an owner. */
    static long withStart(long word, int start) {
        return (word & GENERATION_MASK) | Integer.toUnsignedLong(start);
    }
}
