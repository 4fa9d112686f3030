package io.slipstream.memory;

/**
 * Layout of the file through which those who wait for a queue are woken, version 1. Little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                     "SLIPWAKE" in ASCII                       |   0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         version = 1                           |   8
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  12
 *  +-+-------------------------------------------------------------+
 *  |S|                         generation                          |   64   the futex word
 *  +-+-------------------------------------------------------------+
 *  |                              0                               ...  68, to 4096
 *  +---------------------------------------------------------------+
 *
 *   S  somebody sleeps, or did when he was killed (bit 0)
 * </pre>
 *
 * <p><b>Opening:</b> the file is opened or created, never truncated, and extended to {@link #LENGTH} where it is shorter; then
 * the magic number and the version are set by compare-and-set from 0. Any number of processes may do so at once.
 *
 * <p><b>Whoever publishes</b> loads the word once the message is there to be read and the write lock is given back. While S is
 * set, it adds 1 by compare-and-set, which clears S and counts the generation on, and, when that succeeds, wakes all who
 * sleep on the word, once. With nobody asleep it pays for one load.
 *
 * <p><b>Whoever sleeps</b> sets S by compare-and-set, passes a full fence, looks at the queue once more, and sleeps as long as
 * the word has the value that it then had. Either it sees the message, or the publisher sees S. One who was killed in his
 * sleep leaves S set: it costs one idle wake.
 *
 * <p>This layout is a promise: it changes only with the version.
 */
public final class WakeDescriptor {
    /** Name of the file, in the directory of the queue. */
    public static final String FILE_NAME = "slipstream.wake";

    /** Length of the file. */
    public static final int LENGTH = 4096;

    /** Offset of the magic number. */
    public static final int MAGIC_OFFSET = 0;

    /** The magic number, "SLIPWAKE" as a little-endian i64. */
    public static final long MAGIC = 0x454B_4157_5049_4C53L;

    /** Offset of the u32 version. */
    public static final int VERSION_OFFSET = 8;

    /** The version that this code writes and reads. */
    public static final int VERSION = 1;

    /** Offset of the futex word, in a cache line of its own. */
    public static final int WORD_OFFSET = 64;

    /** Bit of the word that says that somebody sleeps; the others are the generation. */
    public static final int SLEEPER = 1;

    private WakeDescriptor() {}
}
