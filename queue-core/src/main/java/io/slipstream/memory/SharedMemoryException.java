package io.slipstream.memory;

import java.io.IOException;

/** Shared memory, or a lock, that is not to be had. The message names the block, the system's name for it, and the remedy. */
public class SharedMemoryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final SharedMemoryError error;

    /**
     * Says what is wrong.
     *
     * @param error the kind of trouble.
     * @param message names the block and the remedy.
     */
    public SharedMemoryException(SharedMemoryError error, String message) {
        super(message);
        this.error = error;
    }

    /**
     * Says what is wrong, and what the system said.
     *
     * @param error the kind of trouble.
     * @param message names the block and the remedy.
     * @param cause what the system said.
     */
    public SharedMemoryException(SharedMemoryError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /**
     * The kind of trouble.
     *
     * @return Qt's set, one to one.
     */
    public SharedMemoryError error() {
        return error;
    }
}
