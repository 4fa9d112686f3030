package io.slipstream.memory;

import java.util.OptionalLong;

/** A system's semaphore, however it is made. One thread at a time. */
interface Semaphore extends AutoCloseable {
    /**
     * Takes one, if it can be had within a time.
     *
     * @param timeoutNs at most; 0 for not at all. May return earlier, empty-handed, when a signal comes.
     * @return whether it was taken.
     */
    boolean acquire(long timeoutNs) throws SharedMemoryException;

    /** Gives some, whoever took them. */
    void release(int count) throws SharedMemoryException;

    /** As a lock: gives back what this handle took; {@link LockLostException} if it is gone. */
    void giveBack() throws SharedMemoryException;

    /** How many can be taken. */
    int value() throws SharedMemoryException;

    /** As a lock that this handle has: takes what was given back too often, so that nobody else gets in. True if it was. */
    boolean trim() throws SharedMemoryException;

    /** Makes it what a lock is when it is free: one, whatever it was. */
    void reset() throws SharedMemoryException;

    /** As a lock: whether what this handle took is still its own to give back. */
    boolean isMine() throws SharedMemoryException;

    /** As a lock: the process that has it, as far as is known. */
    OptionalLong owner() throws SharedMemoryException;

    /** As a lock: the taker is dead, and the system will not give back what it took. */
    default boolean isOrphaned() throws SharedMemoryException {
        return false;
    }

    /** Removes it from the system; false where it was gone. */
    boolean remove() throws SharedMemoryException;

    /** Its name for people. */
    String describe();

    @Override
    void close();
}
