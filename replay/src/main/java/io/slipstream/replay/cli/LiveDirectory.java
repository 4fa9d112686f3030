package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.RollCycle;
import io.slipstream.telemetry.bridge.Bridge;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A live queue on disk, and the lock beside it that the one bridge holds which samples into it. */
final class LiveDirectory {
    private static final int BLOCK_SIZE = 16 << 20;
    private static final int MARKER_SOURCE = 2;
    private static final String LOCK = "bridge.lock";

    private final Path path;

    LiveDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Opens the queue to publish frames; makes it if it is missing. */
    MessageQueue open() throws IOException {
        Files.createDirectories(path);
        return MessageQueue.open(context());
    }

    /** Opens the queue to publish markers, as a source of its own: what one source publishes is in the order of time. */
    MessageQueue openForMarkers() {
        return MessageQueue.open(context().sourceId(MARKER_SOURCE));
    }

    /** Opens the queue to read. */
    MessageQueue openToRead() {
        return MessageQueue.open(
                new MessageQueue.Context().directory(path).blockSize(BLOCK_SIZE).readOnly(true));
    }

    private MessageQueue.Context context() {
        return new MessageQueue.Context()
                .directory(path)
                .rollCycle(RollCycle.FIVE_MINUTELY)
                .blockSize(BLOCK_SIZE)
                .schema(Bridge.schema());
    }

    /** Refuses where there is no queue. */
    void checkExists() {
        if (!Files.exists(path.resolve("metadata.cq4t"))) {
            throw new CommandFailure("there is no live queue in " + path
                    + ": start 'slipstream bridge' or 'slipstream record' first, with the same --block or --live");
        }
    }

    /** The lock's file, open; closing it gives the lock back. */
    FileChannel openLock() throws IOException {
        Files.createDirectories(path);
        return FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Whether a bridge, of whatever process, samples into this queue now. */
    boolean isBridged() throws IOException {
        if (!Files.exists(path.resolve(LOCK))) {
            return false;
        }
        try (FileChannel file = openLock();
                FileLock lock = tryLock(file)) {
            return lock == null;
        }
    }

    /** Takes the lock; null if another bridge has it, of whatever process. */
    static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            // One of this process has it.
            return null;
        }
    }
}
