package io.slipstream.queue.chronicle;

import io.slipstream.memory.FileSpace;
import io.slipstream.memory.RangeLocks;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.queue.Pruned;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a queue's oldest files: see {@link ReadersDescriptor} for how it meets readers. One run. */
final class FilePruner {
    private static final Logger LOG = LoggerFactory.getLogger(FilePruner.class);
    private static final String POSITION_KEY = "index.";
    /** Chronicle's own, which have more than a position. */
    private static final String REPLICATED_KEY = "index.replicated:";

    private final SingleChronicleQueue queue;
    private final Path directory;
    private final RollCycle rollCycle;
    private final Retention limits;
    private final RangeLocks locks;
    private final DeletionLog log;
    private final SortedMap<String, Long> positions = new TreeMap<>();
    private final SortedSet<Long> processes = new TreeSet<>();
    private final SortedSet<String> durable = new TreeSet<>();
    private long total;
    private int deleted;
    private long bytes;
    private int kept;
    private int beneath;

    private FilePruner(SingleChronicleQueue queue, Path directory, Retention limits, RangeLocks locks) {
        this.queue = queue;
        this.directory = directory;
        this.rollCycle = queue.rollCycle();
        this.limits = limits;
        this.locks = locks;
        this.log = new DeletionLog(directory, rollCycle);
    }

    static Pruned prune(SingleChronicleQueue queue, Path directory, Retention limits) {
        // Again: somebody may have tidied up.
        DeletionLog.create(directory);
        try (RangeLocks locks = RangeLocks.open(ReadersDescriptor.path(directory))) {
            final FilePruner pruner = new FilePruner(queue, directory, limits, locks);
            if (locks == null || locks.tryExclusive(ReadersDescriptor.DELETER_OFFSET, 1)) {
                pruner.run();
            }
            return pruner.result();
        } catch (IOException e) {
            throw new QueueException("cannot prune " + directory + ": " + e.getMessage(), e);
        }
    }

    private Pruned result() {
        return new Pruned(
                deleted,
                bytes,
                kept,
                beneath,
                Collections.unmodifiableSortedSet(processes),
                Collections.unmodifiableSortedSet(durable));
    }

    private void run() throws IOException {
        final List<Path> files = QueueFiles.data(directory);
        for (Path file : files) {
            total += allocated(file);
        }
        // By the file system's clock, whatever clock stamps the messages.
        final long oldestMs = System.currentTimeMillis() - limits.age().toMillis();
        final Cycles cycles = new Cycles(queue);
        try {
            for (Path file : files.subList(0, Math.max(0, files.size() - 1))) {
                final int cycle = cycles.of(file);
                if (cycle >= 0 && !prune(file, cycle, oldestMs)) {
                    break;
                }
            }
        } finally {
            if (deleted > 0) {
                queue.refreshDirectoryListing();
            }
        }
    }

    /** As they are now: a durable subscriber may have come, or moved, since the last file was looked at. */
    private void readPositions() {
        positions.clear();
        queue.metaStore().<SortedMap<String, Long>>forEachKey(positions, (found, key, value) -> {
            final String name = key.toString();
            if (name.startsWith(POSITION_KEY) && !name.startsWith(REPLICATED_KEY)) {
                found.put(name.substring(POSITION_KEY.length()), value.int64());
            }
        });
    }

    /** Deletes a file if it may go. False if it, and so every newer one, may stay. */
    private boolean prune(Path file, int cycle, long oldestMs) throws IOException {
        try {
            final boolean tooOld = Files.getLastModifiedTime(file).toMillis() < oldestMs;
            if (!tooOld && total <= limits.bytes()) {
                return false;
            }
            final long size = allocated(file);
            final boolean hard = total > limits.hardBytes();
            total -= size;
            final long messages = messages(file, cycle);
            final boolean free = locks == null || locks.tryExclusive(ReadersDescriptor.LOCKS_OFFSET, upTo(cycle));
            try {
                final boolean needed = isNeeded(cycle, messages, free);
                if (!hard && (needed || kept > 0)) {
                    kept++;
                } else {
                    log.add(cycle, messages);
                    Files.delete(file);
                    deleted++;
                    bytes += size;
                    beneath += needed ? 1 : 0;
                }
            } finally {
                if (free && locks != null) {
                    locks.unlock(ReadersDescriptor.LOCKS_OFFSET, upTo(cycle));
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} was deleted meanwhile", file);
        }
        return true;
    }

    /** Length of the locks of readers in a cycle or before it. */
    private static long upTo(int cycle) {
        return ReadersDescriptor.offset(cycle) + ReadersDescriptor.LOCKS_OF_CYCLE - ReadersDescriptor.LOCKS_OFFSET;
    }

    private boolean isNeeded(int cycle, long messages, boolean free) throws SharedMemoryException {
        readPositions();
        boolean needed = !free;
        if (!free) {
            for (long lock : locks.lockedByOthers(ReadersDescriptor.LOCKS_OFFSET, upTo(cycle))) {
                processes.add((lock - ReadersDescriptor.LOCKS_OFFSET) % ReadersDescriptor.LOCKS_OF_CYCLE);
            }
        }
        for (Map.Entry<String, Long> reader : positions.entrySet()) {
            final long position = reader.getValue();
            final int at = rollCycle.toCycle(position);
            // At 0 it has read nothing, and begins with the oldest message that there is.
            if (position > 0 && (at < cycle || (at == cycle && rollCycle.toSequenceNumber(position) < messages))) {
                durable.add(reader.getKey());
                needed = true;
            }
        }
        return needed;
    }

    /** Messages in a file; 1 where it is too damaged to tell, so that what is lost is not nothing. */
    private long messages(Path file, int cycle) throws IOException {
        if (QueueFiles.isUnfinished(file)) {
            return 0;
        }
        try (ExcerptTailer tailer = queue.createTailer()) {
            return Math.max(0, tailer.excerptsInCycle(cycle));
        } catch (RuntimeException e) {
            LOG.warn("{} is deleted, and the messages in it cannot be counted: {}", file, e.toString());
            return 1;
        }
    }

    private static long allocated(Path file) throws IOException {
        try {
            return FileSpace.allocated(file);
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return 0;
        }
    }
}
