package io.slipstream.memory;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A system's semaphore as a lock: the one that Qt's blocks are locked by, and that of any program that keeps a semaphore at one.
 * A waiter looks after 50 ms whether it was interrupted, so a thread is kept that long by the system, a virtual one's carrier
 * too.
 */
public final class SemaphoreLock implements ProcessLock {
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Semaphore semaphore;
    private final BlockName name;
    private boolean held;
    private boolean repaired;
    private boolean closed;

    SemaphoreLock(BlockName name, Semaphore semaphore) {
        this.name = name;
        this.semaphore = semaphore;
    }

    /**
     * Opens a lock, or makes it, free.
     *
     * @param name {@code qt:KEY} for the lock of {@code QSharedMemory(KEY)}, which is also {@code QSystemSemaphore(KEY, 1)};
     *     {@code posix:NAME} for sem_open, {@code systemv:KEY} for semget.
     * @return a handle, the lock not held.
     * @throws SharedMemoryException if the system refuses, or the kind has no semaphores.
     */
    public static SemaphoreLock open(BlockName name) throws SharedMemoryException {
        return new SemaphoreLock(name, Semaphores.open(name, 1));
    }

    /**
     * Tells whether there is such a lock, without making it.
     *
     * @param name as {@link #open} takes it.
     * @return false also if it is another user's.
     * @throws SharedMemoryException if the kind has no semaphores.
     */
    public static boolean exists(BlockName name) throws SharedMemoryException {
        return Semaphores.exists(name);
    }

    @Override
    public void lock() throws InterruptedException, SharedMemoryException {
        tryLock(Long.MAX_VALUE);
    }

    @Override
    public boolean tryLock() throws SharedMemoryException {
        requireFree();
        return taken(semaphore.acquire(0));
    }

    @Override
    public boolean tryLock(Duration timeout) throws InterruptedException, SharedMemoryException {
        return timeout.isPositive() ? tryLock(TimeUnit.NANOSECONDS.convert(timeout)) : tryLock();
    }

    private boolean tryLock(long timeoutNs) throws InterruptedException, SharedMemoryException {
        requireFree();
        if (!Thread.currentThread().isInterrupted() && taken(semaphore.acquire(0))) {
            return true; // Nearly always, and without a look at the clock.
        }
        final long started = System.nanoTime();
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            final long left = timeoutNs - (System.nanoTime() - started);
            if (taken(semaphore.acquire(Math.clamp(left, 0, SLICE_NS)))) {
                return true;
            }
            if (semaphore.isOrphaned()) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        name + " (" + semaphore.describe() + "): process "
                                + semaphore.owner().orElse(0)
                                + " died while it held the lock, and the system does not give such a one back: look at"
                                + " what it protects, then break the lock");
            }
            if (left <= 0) {
                return false;
            }
        }
    }

    private void requireFree() {
        if (closed) {
            throw new IllegalStateException("the handle of the lock of " + name + " is closed; open another");
        }
        if (held) {
            throw new IllegalStateException(
                    "this handle holds the lock of " + name + " already; release it first, or open another handle");
        }
    }

    private boolean taken(boolean acquired) throws SharedMemoryException {
        if (acquired) {
            held = true;
            repaired |= semaphore.trim();
        }
        return acquired;
    }

    /**
     * Tells whether the semaphore once stood above one, as a failing second {@code create()} of Qt's leaves it, so that two
     * owners may have been inside at a time. It was put right.
     *
     * @return true once that was found, by this handle.
     */
    public boolean repaired() {
        return repaired;
    }

    @Override
    public void unlock() throws SharedMemoryException {
        if (!held) {
            throw new IllegalStateException("this handle does not hold the lock of " + name);
        }
        held = false;
        if (!semaphore.isMine()) {
            throw new LockLostException(name + " (" + semaphore.describe()
                    + "): the lock was broken or removed while it was held; it is not released a second time, look at"
                    + " what it protects");
        }
        semaphore.giveBack();
    }

    /** The semaphore is gone, and the lock with it. */
    void forget() {
        held = false;
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    /** {@inheritDoc} A System V semaphore is given back by the system, which does not tell why. */
    @Override
    public boolean recovered() {
        return false;
    }

    @Override
    public OptionalLong owner() throws SharedMemoryException {
        return semaphore.owner();
    }

    @Override
    public boolean breakLock() throws SharedMemoryException {
        if (semaphore.value() > 0) {
            return false;
        }
        semaphore.reset();
        return true;
    }

    /**
     * Removes the semaphore from the system, whoever uses it. This handle is of no more use then.
     *
     * @return false if it was gone.
     * @throws SharedMemoryException if the system refuses.
     */
    public boolean remove() throws SharedMemoryException {
        held = false;
        return semaphore.remove();
    }

    @Override
    public void close() throws SharedMemoryException {
        if (closed) {
            return;
        }
        try {
            if (held) {
                unlock();
            }
        } finally {
            closed = true;
            semaphore.close();
        }
    }

    @Override
    public String toString() {
        return "SemaphoreLock{" + name + ", " + semaphore.describe() + '}';
    }
}
