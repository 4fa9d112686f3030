package io.slipstream.replay.cli;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.ProcessLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.io.IOException;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;

/** A block that a command has attached to, and the lock under which it looks at it, where the kind has one. */
final class OpenBlock implements AutoCloseable {
    private final SharedBlock block;
    private final ProcessLock lock;
    private final Duration patience;

    /** Something to do with the memory. */
    interface Use<T> {
        T with(UnsafeBuffer memory) throws IOException;
    }

    private OpenBlock(SharedBlock block, ProcessLock lock, Duration patience) {
        this.block = block;
        this.lock = lock;
        this.patience = patience;
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    static OpenBlock open(BlockName name, BlockAccess access, boolean locked, Duration patience)
            throws SharedMemoryException {
        final SharedBlock block = SharedBlock.attach(name, access);
        try {
            return new OpenBlock(block, locked && hasLock(name) ? block.lock() : null, patience);
        } catch (SharedMemoryException | RuntimeException e) {
            block.close();
            throw e;
        }
    }

    private static boolean hasLock(BlockName name) {
        return switch (name) {
            case BlockName.Qt _ -> !System.getProperty("os.name").startsWith("Windows");
            case BlockName.QtNative(BlockName.QtKeyType type, String _) -> type != BlockName.QtKeyType.WINDOWS;
            default -> false;
        };
    }

    SharedBlock block() {
        return block;
    }

    /** Does something, under the lock. */
    <T> T use(Use<T> use) throws IOException {
        if (lock == null) {
            return guarded(use);
        }
        try {
            if (!lock.tryLock(patience)) {
                throw new CommandFailure(block.name() + ": the lock is not given back"
                        + (lock.owner().isPresent()
                                ? " by process " + lock.owner().getAsLong()
                                : "")
                        + " within " + Texts.duration(patience)
                        + "; end that program, look without the lock (--no-lock), or take it away"
                        + " (slipstream memory break-lock)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while waiting for the lock of " + block.name());
        }
        final T result;
        try {
            result = guarded(use);
        } catch (IOException | RuntimeException e) {
            try {
                lock.unlock();
            } catch (SharedMemoryException lost) {
                e.addSuppressed(lost);
            }
            throw e;
        }
        lock.unlock();
        return result;
    }

    @SuppressWarnings("ThreadPriorityCheck") // Not to give way, but to leave Java once.
    private <T> T guarded(Use<T> use) throws IOException {
        try {
            final T result = use.with(block.buffer());
            // Compiled code throws for a fault of the memory when it next leaves Java: here at the latest.
            Thread.yield();
            return result;
        } catch (InternalError e) {
            throw new CommandFailure(
                    block.name() + " was cut short by another program while it was in use; look again", e);
        }
    }

    @Override
    public void close() throws SharedMemoryException {
        block.close();
    }
}
