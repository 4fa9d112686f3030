package io.slipstream.memory;

/**
 * A lock that was held is no longer: somebody broke it, or destroyed it. What it protected may have been changed meanwhile.
 * The lock is not released a second time, since it may be another's by now.
 */
public final class LockLostException extends SharedMemoryException {
    private static final long serialVersionUID = 1L;

    /**
     * Says which lock.
     *
     * @param message names the lock, what happened to it and the remedy.
     */
    public LockLostException(String message) {
        super(SharedMemoryError.LOCK_ERROR, message);
    }
}
