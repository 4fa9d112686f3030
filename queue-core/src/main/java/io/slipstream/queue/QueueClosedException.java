package io.slipstream.queue;

/** The queue, publisher or subscriber is closed. */
public final class QueueClosedException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public QueueClosedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public QueueClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
