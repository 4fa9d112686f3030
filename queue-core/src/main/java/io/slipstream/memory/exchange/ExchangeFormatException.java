package io.slipstream.memory.exchange;

import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;

/** A block holds no exchange, one of another version, or a damaged one. */
public final class ExchangeFormatException extends SharedMemoryException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the block, the reason, the remedy.
     */
    public ExchangeFormatException(String message) {
        super(SharedMemoryError.UNKNOWN_ERROR, message);
    }
}
