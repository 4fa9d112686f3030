package io.slipstream.replay.motec;

import java.io.IOException;

/** A file is no MoTeC log, or a damaged one; the message names the file and what is wrong with it. */
public final class LdException extends IOException {
    private static final long serialVersionUID = 1L;

    LdException(String message) {
        super(message);
    }

    LdException(String message, Throwable cause) {
        super(message, cause);
    }
}
