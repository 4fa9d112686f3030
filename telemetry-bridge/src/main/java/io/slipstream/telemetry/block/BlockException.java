package io.slipstream.telemetry.block;

import java.io.IOException;

/** A shared block that cannot be mapped. The message names the file and the remedy, and is meant for the user as it is. */
public final class BlockException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Says which file, what is wrong with it, and what to do.
     *
     * @param problem the message.
     */
    public BlockException(final String problem) {
        super(problem);
    }

    /**
     * Says which file, what is wrong with it, and what to do.
     *
     * @param problem the message.
     * @param cause what the system said.
     */
    public BlockException(final String problem, final Throwable cause) {
        super(problem, cause);
    }
}
