package io.slipstream.queue.chronicle;

import io.slipstream.memory.RangeLocks;
import io.slipstream.memory.SharedMemoryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber's word that it reads a file, see {@link ReadersDescriptor}. Where the queue's directory has no file to say it in,
 * or the file system no locks, nobody is told. One thread.
 */
final class ReaderPin implements AutoCloseable {
    /** In no file. */
    static final int NOWHERE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(ReaderPin.class);
    private static final long DELETION_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long PID = ProcessHandle.current().pid();

    private final Path file;
    private RangeLocks locks;
    private boolean refused;
    private int cycle = NOWHERE;
    private int held = NOWHERE;

    ReaderPin(Path directory) {
        this.file = ReadersDescriptor.path(directory);
    }

    /** Where the subscriber is. */
    int cycle() {
        return cycle;
    }

    /** Enters a file, before the last one is left. */
    void hold(int entered) {
        if (entered == cycle) {
            return;
        }
        cycle = entered;
        if (isPossible()) {
            try {
                // Back in the file that it never left, as far as others know: that lock is not given back.
                if (entered != held && acquire(entered)) {
                    giveBack();
                    held = entered;
                }
            } catch (SharedMemoryException e) {
                refuse(e);
            }
        }
    }

    /** Is in no file any more. */
    void leave() {
        cycle = NOWHERE;
        try {
            giveBack();
        } catch (SharedMemoryException e) {
            refuse(e);
        }
    }

    private boolean isPossible() {
        if (locks == null && !refused && Files.exists(file)) {
            try {
                locks = RangeLocks.openShared(file);
            } catch (SharedMemoryException e) {
                refuse(e);
            }
        }
        return locks != null;
    }

    /** Who deletes a file has it for as long as that takes. One that is stopped there is not waited for. */
    private boolean acquire(int entered) throws SharedMemoryException {
        final long offset = ReadersDescriptor.offset(entered) + PID;
        final long started = System.nanoTime();
        while (!locks.tryShared(offset, 1)) {
            if (System.nanoTime() - started > DELETION_NS) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return true;
    }

    private void giveBack() throws SharedMemoryException {
        if (held != NOWHERE) {
            locks.unlock(ReadersDescriptor.offset(held) + PID, 1);
            held = NOWHERE;
        }
    }

    private void refuse(SharedMemoryException e) {
        LOG.warn("files may be deleted while they are read: {}", e.getMessage());
        close();
        refused = true;
    }

    @Override
    public void close() {
        if (locks != null) {
            locks.close();
            locks = null;
        }
        held = NOWHERE;
    }
}
