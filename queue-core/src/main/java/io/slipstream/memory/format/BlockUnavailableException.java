package io.slipstream.memory.format;

import java.io.IOException;

/** A block that cannot be read or written as things stand. The message names it and the remedy, and is meant for the user as it is. */
public final class BlockUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Whether time alone may mend it. */
    private final boolean passing;

    /**
     * Says which block, what is wrong with it, and what to do.
     *
     * @param problem the message.
     * @param passing may it work a moment later, as when another program is writing or has not begun?
     */
    BlockUnavailableException(final String problem, final boolean passing) {
        super(problem);
        this.passing = passing;
    }

    /** The memory behind the block is gone, which does not pass. */
    BlockUnavailableException(final String problem, final Throwable cause) {
        super(problem, cause);
        this.passing = false;
    }

    /**
     * May the same call work a moment later?
     *
     * @return true where another program is writing, or has not begun to; false where the memory was cut off.
     */
    public boolean isPassing() {
        return passing;
    }
}
