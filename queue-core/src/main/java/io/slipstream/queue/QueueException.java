package io.slipstream.queue;

/** A queue cannot do what it was asked to. The message names the file, the reason and the remedy. */
public class QueueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public QueueException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
