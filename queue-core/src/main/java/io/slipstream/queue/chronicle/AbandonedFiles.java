package io.slipstream.queue.chronicle;

import io.slipstream.memory.FileSpace;
import io.slipstream.queue.QueueException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import net.openhft.chronicle.queue.impl.RollingResourcesCache;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import net.openhft.chronicle.wire.Wires;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes queue files whose creator died before their first header was complete. The engine itself waits out its time-out
 * at such a file, busily and with the write lock held, then renames it. Files are created under the write lock alone: whoever
 * holds the lock and finds an unfinished file knows that its creator is dead. The file is finished in its place, so that
 * readers in any process that wait for its header get it.
 */
final class AbandonedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedFiles.class);
    private static final int ZEROS = 64 << 10;
    /** The name of a field "EOF", as the engine writes it behind the mark. */
    private static final byte[] END_NAME = {(byte) 0xC3, 'E', 'O', 'F'};

    private final SingleChronicleQueue queue;
    private final Path directory;
    private final WriteLockOwner lock;
    private final long lockTimeoutNs;

    AbandonedFiles(SingleChronicleQueue queue, Path directory, WriteLockOwner lock, long lockTimeoutNs) {
        this.queue = queue;
        this.directory = directory;
        this.lock = lock;
        this.lockTimeoutNs = lockTimeoutNs;
    }

    /** Finishes whatever is unfinished. Takes the lock only then. */
    void finishAll() {
        finish(QueueFiles.data(directory));
    }

    /** Finishes the newest file, if need be: others have been looked at. Takes the lock only then. */
    void finishNewest() {
        finish(newest());
    }

    /** As {@link #finishNewest}, for a caller that holds the lock. */
    void finishNewestLocked() {
        finishLocked(newest());
    }

    private List<Path> newest() {
        final List<Path> files = QueueFiles.data(directory);
        return files.subList(Math.max(0, files.size() - 1), files.size());
    }

    private void finish(List<Path> files) {
        // A live process that holds on to the lock is not ours to judge: the engine goes its own way then.
        if (files.stream().anyMatch(AbandonedFiles::isUnfinished) && lock.take(lockTimeoutNs)) {
            try {
                finishLocked(files);
            } finally {
                lock.giveBack();
            }
        }
    }

    private void finishLocked(List<Path> files) {
        for (Path file : files) {
            if (isUnfinished(file)) {
                finishLocked(file);
                if (!newest().contains(file)) {
                    // Nobody will come back to it to do so.
                    markEnd(file);
                }
            }
        }
    }

    /** Writes the mark that sends readers on to the next file, behind the documents of one that has just been finished. */
    private static void markEnd(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long position = 0;
            while (channel.read(header.clear(), position) == Integer.BYTES && header.getInt(0) != 0) {
                position += (Integer.BYTES + (header.getInt(0) & Wires.LENGTH_MASK) + 3L) & ~3L;
            }
            channel.write(ByteBuffer.wrap(END_NAME), position + Integer.BYTES);
            channel.write(header.clear().putInt(0, Wires.END_OF_DATA), position);
        } catch (IOException e) {
            throw new QueueException("cannot mark the end of " + file + ": " + e, e);
        }
    }

    private static boolean isUnfinished(Path file) {
        try {
            // A file that takes more room than a new one was damaged in some other way: nothing in it is touched.
            return QueueFiles.isUnfinished(file) && FileSpace.allocated(file) <= ChronicleMessageQueue.CREATION_BYTES;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new QueueException("cannot examine " + file + ": " + e, e);
        }
    }

    private void finishLocked(Path file) {
        LOG.warn("{} was left unfinished by a process that died; it is finished now", file);
        try {
            clear(file);
        } catch (IOException e) {
            throw new QueueException(
                    "cannot finish " + file + ", whose creator died: " + e + "; delete it while nobody uses the queue",
                    e);
        }
        final SingleChronicleQueueStore store = queue.storeForCycle(cycle(file), queue.epoch(), true, null);
        if (store != null) {
            store.close();
        }
    }

    /** Everything 0, as a new file is; the header last, so that whoever waits for it waits on. */
    private static void clear(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
            final long end = Math.min(channel.size(), ChronicleMessageQueue.CREATION_BYTES);
            long position = Integer.BYTES;
            while (position < end) {
                zeros.clear().limit((int) Math.min(ZEROS, end - position));
                position += channel.write(zeros, position);
            }
            zeros.clear().limit(Integer.BYTES);
            channel.write(zeros, 0);
        }
    }

    private int cycle(Path file) {
        final String name = file.getFileName().toString();
        return new RollingResourcesCache(queue.rollCycle(), queue.epoch(), File::new, File::getName)
                .parseCount(name.substring(0, name.length() - QueueFiles.SUFFIX.length()));
    }
}
