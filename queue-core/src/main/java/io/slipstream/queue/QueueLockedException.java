package io.slipstream.queue;

/** A live process held the queue's write lock for longer than the lock timeout. Nothing was written. */
public final class QueueLockedException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public QueueLockedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public QueueLockedException(String message, Throwable cause) {
        super(message, cause);
    }
}
