package io.slipstream.queue.chronicle;

import io.slipstream.queue.QueueException;
import io.slipstream.queue.QueueFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import net.openhft.chronicle.queue.RollCycle;

/**
 * Which files of a queue were deleted, and how many messages each held: see {@link ReadersDescriptor}. The file is opened for
 * each call, and through a class that an interrupt does not close. Any thread.
 */
final class DeletionLog {
    private final Path file;
    private final RollCycle rollCycle;

    DeletionLog(Path directory, RollCycle rollCycle) {
        this.file = ReadersDescriptor.path(directory);
        this.rollCycle = rollCycle;
    }

    /**
     * Makes the file if it is not there; other processes may do so at the same time.
     *
     * @throws QueueFormatException if it is something else.
     */
    static void create(Path directory) {
        final Path path = ReadersDescriptor.path(directory);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            final long length = file.length();
            if (length > 0) {
                // What belongs to another program is left as it is.
                check(path, file, length);
            }
            if (length < ReadersDescriptor.LENGTH) {
                // Only ever to this length, and what is there stays: two may do so at once.
                file.setLength(ReadersDescriptor.LENGTH);
            }
            if (ReadersDescriptor.read(file, ReadersDescriptor.MAGIC_OFFSET) == 0) {
                ReadersDescriptor.write(file, ReadersDescriptor.VERSION_OFFSET, ReadersDescriptor.VERSION);
                ReadersDescriptor.write(file, ReadersDescriptor.MAGIC_OFFSET, ReadersDescriptor.MAGIC);
            }
        } catch (IOException e) {
            throw new QueueException("cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    private static void check(Path path, RandomAccessFile file, long length) throws IOException {
        final boolean whole = length >= ReadersDescriptor.COUNT_OFFSET;
        final long magic = whole ? ReadersDescriptor.read(file, ReadersDescriptor.MAGIC_OFFSET) : -1;
        if (magic != ReadersDescriptor.MAGIC && magic != 0) {
            throw new QueueFormatException(path
                    + " does not begin with SLIPREAD: it belongs to another program; move it out of the directory");
        }
        final long version = ReadersDescriptor.read(file, ReadersDescriptor.VERSION_OFFSET);
        if (version != ReadersDescriptor.VERSION && (magic != 0 || version != 0)) {
            throw new QueueFormatException(path + " has version " + version + ", not " + ReadersDescriptor.VERSION
                    + ": use the program's version that wrote it, or delete the file while nobody uses the queue");
        }
    }

    /**
     * Says that a file is about to be deleted. One at a time, as the lock of whoever deletes sees to.
     *
     * @param messages that it holds; at least 1 where that is not known.
     */
    void add(int cycle, long messages) throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
            final long count = Math.max(0, ReadersDescriptor.read(log, ReadersDescriptor.COUNT_OFFSET));
            if (count > 0 && ReadersDescriptor.read(log, slot(count - 1)) == cycle) {
                // Whoever wrote it died before the deletion.
                return;
            }
            ReadersDescriptor.write(log, slot(count), cycle);
            ReadersDescriptor.write(log, slot(count) + Long.BYTES, messages);
            ReadersDescriptor.write(log, ReadersDescriptor.COUNT_OFFSET, count + 1);
        }
    }

    private static long slot(long number) {
        return ReadersDescriptor.RECORDS_OFFSET + number % ReadersDescriptor.RECORDS * ReadersDescriptor.RECORD_LENGTH;
    }

    /**
     * Messages that were deleted between a position and a later file.
     *
     * @param from the position, of the next message then.
     * @param to cycle of the file.
     * @return how many, as far back as the log goes.
     */
    long between(long from, int to) {
        final ByteBuffer bytes;
        final long count;
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            if (log.length() < ReadersDescriptor.LENGTH
                    || ReadersDescriptor.read(log, ReadersDescriptor.MAGIC_OFFSET) != ReadersDescriptor.MAGIC) {
                return 0;
            }
            count = Math.min(ReadersDescriptor.read(log, ReadersDescriptor.COUNT_OFFSET), ReadersDescriptor.RECORDS);
            if (count <= 0) {
                return 0;
            }
            final byte[] records = new byte[(int) count * ReadersDescriptor.RECORD_LENGTH];
            log.seek(ReadersDescriptor.RECORDS_OFFSET);
            log.readFully(records);
            bytes = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
        } catch (FileNotFoundException e) {
            // Only a queue that no writer has opened since there is such a file has none: nothing was deleted from it.
            return 0;
        } catch (IOException e) {
            throw new QueueException("cannot read " + file + ": " + e.getMessage(), e);
        }
        final int since = rollCycle.toCycle(from);
        long lost = 0;
        while (bytes.hasRemaining()) {
            final long cycle = bytes.getLong();
            final long messages = bytes.getLong();
            if (cycle == since) {
                lost += Math.max(0, messages - rollCycle.toSequenceNumber(from));
            } else if (cycle > since && cycle < to) {
                lost += Math.max(0, messages);
            }
        }
        return lost;
    }
}
