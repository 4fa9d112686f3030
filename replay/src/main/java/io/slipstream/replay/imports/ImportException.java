package io.slipstream.replay.imports;

import java.io.IOException;

/** A file cannot be imported; the message names the file, the line or the channel, and the remedy. */
public final class ImportException extends IOException {
    private static final long serialVersionUID = 1L;

    ImportException(String message) {
        super(message);
    }

    ImportException(String message, Throwable cause) {
        super(message, cause);
    }
}
