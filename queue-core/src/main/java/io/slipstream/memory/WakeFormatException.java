package io.slipstream.memory;

import java.io.IOException;

/** A file is not a wake file of the version that this code writes and reads. */
public final class WakeFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file, the reason, the remedy.
     */
    public WakeFormatException(String message) {
        super(message);
    }
}
