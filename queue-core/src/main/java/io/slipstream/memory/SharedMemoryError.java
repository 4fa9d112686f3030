package io.slipstream.memory;

/**
 * What may go wrong with shared memory and its locks. The same set as {@code QSharedMemory::SharedMemoryError}, one to one, so
 * that programs on either side speak of the same.
 */
public enum SharedMemoryError {
    /** The caller may not do that (EACCES, EPERM). */
    PERMISSION_DENIED(1),
    /** A size that is no size, or does not suit the block that is there. */
    INVALID_SIZE(2),
    /** A key that the kind cannot have, or whose key file cannot be made. */
    KEY_ERROR(3),
    /** A block of that name is there already (EEXIST). */
    ALREADY_EXISTS(4),
    /** There is no block of that name (ENOENT), or no longer. */
    NOT_FOUND(5),
    /** The lock could not be had, or was lost while it was held. */
    LOCK_ERROR(6),
    /** The system has no memory, room, or handles left (EMFILE, ENOMEM, ENOSPC). */
    OUT_OF_RESOURCES(7),
    /** Anything else. */
    UNKNOWN_ERROR(8);

    private final int qtCode;

    SharedMemoryError(int qtCode) {
        this.qtCode = qtCode;
    }

    /**
     * Qt's number for the same.
     *
     * @return value of {@code QSharedMemory::SharedMemoryError}.
     */
    public int qtCode() {
        return qtCode;
    }
}
