package io.slipstream.memory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A counting semaphore between processes, as {@code QSystemSemaphore}, semget(2) and sem_open(3) programs use it. For a lock see
 * {@link SemaphoreLock}, which is the same semaphore kept at one, and says who has it and whether it was lost.
 *
 * <p>What a dead process had taken is given back by the system for {@code qt:} and {@code systemv:} names (and what it had given
 * is taken away again), not for {@code posix:} ones.
 *
 * <p><b>Threads:</b> one at a time for a handle.
 */
public final class SystemSemaphore implements AutoCloseable {
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Semaphore semaphore;

    private SystemSemaphore(Semaphore semaphore) {
        this.semaphore = semaphore;
    }

    /**
     * Opens a semaphore, or makes it.
     *
     * @param name {@code qt:KEY} for {@code QSystemSemaphore(KEY)}, {@code posix:NAME}, {@code systemv:KEY}.
     * @param initialValue of one that is made now.
     * @return a handle.
     * @throws SharedMemoryException if the system refuses, or the kind has no semaphores.
     */
    public static SystemSemaphore open(BlockName name, int initialValue) throws SharedMemoryException {
        if (initialValue < 0 || initialValue > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a semaphore of " + initialValue + "; give 0 to " + Short.MAX_VALUE);
        }
        return new SystemSemaphore(Semaphores.open(name, initialValue));
    }

    /**
     * Takes one, as long as that takes.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is taken then.
     * @throws SharedMemoryException if the system refuses.
     */
    public void acquire() throws InterruptedException, SharedMemoryException {
        tryAcquire(Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * Takes one within a time.
     *
     * @param timeout at most; zero to try once.
     * @return whether it was taken.
     * @throws InterruptedException if the thread is interrupted while it waits; nothing is taken then.
     * @throws SharedMemoryException if the system refuses.
     */
    public boolean tryAcquire(Duration timeout) throws InterruptedException, SharedMemoryException {
        final long started = System.nanoTime();
        final long timeoutNs = TimeUnit.NANOSECONDS.convert(timeout);
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            final long left = timeoutNs - (System.nanoTime() - started);
            if (semaphore.acquire(Math.clamp(left, 0, SLICE_NS))) {
                return true;
            }
            if (left <= 0) {
                return false;
            }
        }
    }

    /**
     * Gives some back, or more than was ever taken.
     *
     * @param count 1 to 32,767.
     * @throws SharedMemoryException if the system refuses.
     */
    public void release(int count) throws SharedMemoryException {
        if (count < 1 || count > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a release of " + count + "; give 1 to " + Short.MAX_VALUE);
        }
        semaphore.release(count);
    }

    /**
     * How many can be taken.
     *
     * @return the value now.
     * @throws SharedMemoryException if the system refuses.
     */
    public int value() throws SharedMemoryException {
        return semaphore.value();
    }

    /**
     * Removes the semaphore from the system, whoever uses it.
     *
     * @return false if it was gone.
     * @throws SharedMemoryException if the system refuses.
     */
    public boolean remove() throws SharedMemoryException {
        return semaphore.remove();
    }

    @Override
    public void close() {
        semaphore.close();
    }

    @Override
    public String toString() {
        return semaphore.describe();
    }
}
