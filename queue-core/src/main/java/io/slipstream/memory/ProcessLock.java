package io.slipstream.memory;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A lock between processes, Java's and others. A handle is one owner: it is not reentrant, and two handles exclude each other
 * even within one JVM and one thread.
 *
 * <p><b>Threads:</b> one at a time for a handle; it need not be the same one that releases what another acquired.
 */
public interface ProcessLock extends AutoCloseable {
    /**
     * Acquires the lock, as long as that takes.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the lock is not held then.
     * @throws SharedMemoryException if the lock cannot be had.
     * @throws IllegalStateException if this handle holds it already.
     */
    void lock() throws InterruptedException, SharedMemoryException;

    /**
     * Acquires the lock if nobody has it.
     *
     * @return whether it is held now.
     * @throws SharedMemoryException if the lock cannot be had.
     * @throws IllegalStateException if this handle holds it already.
     */
    boolean tryLock() throws SharedMemoryException;

    /**
     * Acquires the lock within a time.
     *
     * @param timeout at most; zero is {@link #tryLock()}.
     * @return whether it is held now.
     * @throws InterruptedException if the thread is interrupted while it waits; the lock is not held then.
     * @throws SharedMemoryException if the lock cannot be had.
     * @throws IllegalStateException if this handle holds it already.
     */
    boolean tryLock(Duration timeout) throws InterruptedException, SharedMemoryException;

    /**
     * Releases the lock.
     *
     * @throws LockLostException if it was no longer this handle's. It is not held then, and nothing was released.
     * @throws SharedMemoryException if the system refuses.
     * @throws IllegalStateException if this handle does not hold it.
     */
    void unlock() throws SharedMemoryException;

    /**
     * Tells whether this handle has acquired the lock and not released it.
     *
     * @return true between the two.
     */
    boolean isHeld();

    /**
     * Tells whether the lock came from an owner that died while it held it, so that what the lock protects may be half
     * written.
     *
     * @return as of the last acquisition; false where the mechanism cannot tell.
     */
    boolean recovered();

    /**
     * The process that has the lock.
     *
     * @return its pid as far as the mechanism tells; empty if the lock is free or nobody knows.
     * @throws SharedMemoryException if the system refuses.
     */
    OptionalLong owner() throws SharedMemoryException;

    /**
     * Takes the lock away from an owner that does not give it back, whether it lives or not. If the owner lives, it goes on
     * with what the lock protects, and learns of it when it releases the lock. For people and for repair.
     *
     * @return false if the lock was free.
     * @throws SharedMemoryException if the mechanism has no such way, or the system refuses.
     */
    boolean breakLock() throws SharedMemoryException;

    /**
     * Releases the lock if it is held, and the handle. The lock itself remains for others. May be called again.
     *
     * @throws SharedMemoryException as {@link #unlock()} does.
     */
    @Override
    void close() throws SharedMemoryException;
}
