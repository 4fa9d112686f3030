package io.slipstream.queue;

/** The JVM runs without a flag that the queue engine needs on this JDK. */
public final class MissingJvmFlagException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public MissingJvmFlagException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public MissingJvmFlagException(String message, Throwable cause) {
        super(message, cause);
    }
}
