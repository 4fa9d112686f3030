package io.slipstream.memory;

/** One kind of shared memory: how its blocks are made, found and removed. Stateless but for the name. */
interface BlockBackend {
    /** Makes a block, all zero, and attaches to it; {@link SharedMemoryError#ALREADY_EXISTS} where there is one. */
    SharedBlock create(long size) throws SharedMemoryException;

    /** Attaches to a block; {@link SharedMemoryError#NOT_FOUND} where there is none. */
    SharedBlock attach(BlockAccess access) throws SharedMemoryException;

    /** What the system tells of it; {@link SharedMemoryError#NOT_FOUND} where there is none. */
    BlockInfo info() throws SharedMemoryException;

    /** Removes it, and its lock; those who are attached keep the memory. Returns false where there is none. */
    boolean remove() throws SharedMemoryException;
}
