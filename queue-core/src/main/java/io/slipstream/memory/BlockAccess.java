package io.slipstream.memory;

/** What a block is attached for. */
public enum BlockAccess {
    /** To look only: the system refuses writes. */
    READ_ONLY,
    /** To read and write. */
    READ_WRITE
}
