package io.slipstream.queue.chronicle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Layout of the file through which readers and whoever deletes a queue's files know of each other, version 1. Little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                     "SLIPREAD" in ASCII                       |   0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         version = 1                           |   8
 *  +---------------------------------------------------------------+
 *  |                              0                                |  12
 *  +---------------------------------------------------------------+
 *  |                number of files deleted, ever                  |  16   set after the record is there
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  24
 *  +---------------------------------------------------------------+
 *  |                 cycle of the file, an i64                     |  64   the n-th deletion is record n modulo 4092
 *  |                                                               |
 *  |                messages that it held, an i64                  |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                       more records                           ...  80, to 65536
 * </pre>
 *
 * <p>Behind its end there are locks, which need no bytes: open file description locks ({@code F_OFD_SETLK}), which the system
 * takes from a process that dies.
 *
 * <pre>
 *   2^60 - 1                      exclusive: whoever deletes files, one at a time
 *   2^60 + cycle * 2^22 + pid     shared: a reader in process pid stands in the file of a cycle
 * </pre>
 *
 * <p><b>Who reads</b> holds one such byte as long as it stands in a file. It locks that of the next file before it gives back
 * that of the last, each subscriber through an open file description of its own. Nothing is done for a message.
 *
 * <p><b>Who deletes</b> goes from the oldest file on. It locks all bytes up to the last of the file's cycle exclusively; where
 * another holds one, a reader is there or still on its way, and the file stays. It writes the record, then deletes, then gives
 * the lock back. No queue file is ever locked: Chronicle has locks of its own on them.
 *
 * <p>This layout is a promise: it changes only with the version.
 */
final class ReadersDescriptor {
    /** Name of the file, in the directory of the queue. */
    static final String FILE_NAME = "slipstream.readers";

    /** Length of the file. */
    static final int LENGTH = 64 << 10;

    /** Offset of the magic number. */
    static final int MAGIC_OFFSET = 0;

    /** The magic number, "SLIPREAD" as a little-endian i64. */
    static final long MAGIC = 0x4441_4552_5049_4C53L;

    /** Offset of the u32 version. */
    static final int VERSION_OFFSET = 8;

    /** The version that this code writes and reads. */
    static final int VERSION = 1;

    /** Offset of the i64 number of records ever written. */
    static final int COUNT_OFFSET = 16;

    /** Offset of the first record. */
    static final int RECORDS_OFFSET = 64;

    /** Length of a record. */
    static final int RECORD_LENGTH = 16;

    /** Records that there is room for; the oldest is written over. */
    static final int RECORDS = (LENGTH - RECORDS_OFFSET) / RECORD_LENGTH;

    /** Offset of the locks of readers. */
    static final long LOCKS_OFFSET = 1L << 60;

    /** Bytes for the readers of one cycle, one for every pid of Linux. */
    static final long LOCKS_OF_CYCLE = 1L << 22;

    /** Offset of the lock of whoever deletes. */
    static final long DELETER_OFFSET = LOCKS_OFFSET - 1;

    private ReadersDescriptor() {}

    /** Where the file is. */
    static Path path(Path directory) {
        return directory.resolve(FILE_NAME);
    }

    /** The first byte for the readers of a cycle. */
    static long offset(int cycle) {
        return LOCKS_OFFSET + cycle * LOCKS_OF_CYCLE;
    }

    /** Reads a number; the JVM's files are big-endian. */
    static long read(RandomAccessFile file, long offset) throws IOException {
        file.seek(offset);
        return Long.reverseBytes(file.readLong());
    }

    /** Writes a number. */
    static void write(RandomAccessFile file, long offset, long value) throws IOException {
        file.seek(offset);
        file.writeLong(Long.reverseBytes(value));
    }
}
