package io.slipstream.queue;

/** A message does not fit the queue's block size. Nothing was written. */
public final class MessageTooLongException extends QueueException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public MessageTooLongException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message the file, the reason, the remedy.
     * @param cause what the engine or the system said.
     */
    public MessageTooLongException(String message, Throwable cause) {
        super(message, cause);
    }
}
