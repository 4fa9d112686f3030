package io.slipstream.queue;

/** A directory holds something that is not a queue of the format that this version reads and writes. */
public final class QueueFormatException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public QueueFormatException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public QueueFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
