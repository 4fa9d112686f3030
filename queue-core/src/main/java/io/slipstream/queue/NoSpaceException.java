package io.slipstream.queue;

/** The file system is full. Nothing was written; publish again when there is room. */
public final class NoSpaceException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public NoSpaceException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
