package io.slipstream.memory.exchange;

import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENTS;
import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENTS_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_LENGTH;
import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_OWNER_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_POSITION_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_START_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.READS_NOTHING;

import io.slipstream.memory.Processes;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import java.lang.invoke.VarHandle;

/** This program's entry among the attachments of an exchange, and what it can tell of the others. */
final class Attachment {
    private static final long EPOCH = 1L << 32;
    private static final long PID_MASK = EPOCH - 1;

    private final Block block;
    private final int slot;
    private final long owner;
    private final long begin;
    private boolean inOwnWay;

    private Attachment(Block block, int slot, long owner, long begin) {
        this.block = block;
        this.slot = slot;
        this.owner = owner;
        this.begin = begin;
    }

    /** Attaches, to read what is sent from now on. Under the lock. */
    static Attachment attach(Block block) throws SharedMemoryException {
        final long tail = block.tail();
        final long pid = ProcessHandle.current().pid();
        for (int slot = 0; slot < ATTACHMENTS; slot++) {
            final long before = owner(block, slot);
            if (!isLive(block, slot, before)) {
                block.setRelease(at(slot) + ATTACHMENT_POSITION_OFFSET, tail);
                block.setRelease(at(slot) + ATTACHMENT_START_OFFSET, Processes.startTime(pid));
                final long owner = ((before & ~PID_MASK) + EPOCH) | pid;
                block.setRelease(at(slot) + ATTACHMENT_OWNER_OFFSET, owner);
                return new Attachment(block, slot, owner, tail);
            }
        }
        throw new SharedMemoryException(
                SharedMemoryError.OUT_OF_RESOURCES,
                "the exchange in " + block.name() + " has " + ATTACHMENTS
                        + " programs attached already: end one of them");
    }

    /** Attachments whose process lives. */
    static int count(Block block) {
        int count = 0;
        for (int slot = 0; slot < ATTACHMENTS; slot++) {
            count += isLive(block, slot, owner(block, slot)) ? 1 : 0;
        }
        return count;
    }

    private static long at(int slot) {
        return ATTACHMENTS_OFFSET + (long) slot * ATTACHMENT_LENGTH;
    }

    private static long owner(Block block, int slot) {
        return block.getAcquire(at(slot) + ATTACHMENT_OWNER_OFFSET);
    }

    private static boolean isLive(Block block, int slot, long owner) {
        final long pid = owner & PID_MASK;
        return pid != 0 && Processes.isAlive(pid, block.getAcquire(at(slot) + ATTACHMENT_START_OFFSET));
    }

    private static void free(Block block, int slot, long owner) {
        block.compareAndSet(at(slot) + ATTACHMENT_OWNER_OFFSET, owner, owner & ~PID_MASK);
    }

    /**
     * The least position that is still to be read, at most the tail; attachments that are before what is wanted are freed if
     * their process is dead or their position is none. Under the lock.
     */
    long head(long tail, long wanted) {
        long least = tail;
        inOwnWay = false;
        for (int other = 0; other < ATTACHMENTS; other++) {
            final long itsOwner = owner(block, other);
            final long position = block.getAcquire(at(other) + ATTACHMENT_POSITION_OFFSET);
            if ((itsOwner & PID_MASK) == 0 || position == READS_NOTHING) {
                continue;
            }
            final boolean possible =
                    Block.isPosition(position) && position <= tail && tail - position <= block.ringLength();
            if (!possible || (position < wanted && other != slot && !isLive(block, other, itsOwner))) {
                free(block, other, itsOwner);
            } else {
                least = Math.min(least, position);
                inOwnWay |= other == slot && position < wanted;
            }
        }
        return least;
    }

    /** Whether {@link #head}, when it was last asked, found that this program itself has not read enough. Under the lock. */
    boolean isInOwnWay() {
        return inOwnWay;
    }

    /** Says where this program reads next, or {@link ExchangeDescriptor#READS_NOTHING}. */
    void position(long position) {
        block.setRelease(at(slot) + ATTACHMENT_POSITION_OFFSET, position);
    }

    /** Where this program began to read. */
    long begin() {
        return begin;
    }

    void requireMine() throws ExchangeFormatException {
        if (owner(block, slot) != owner) {
            throw new ExchangeFormatException("this program's attachment to the exchange in " + block.name()
                    + " was taken away: another took it for dead or damaged, as it may where programs do not share a pid"
                    + " namespace; messages may have been missed. Close it and attach again");
        }
    }

    void detach() {
        free(block, slot, owner);
        // Somebody may wait for room that this program kept.
        VarHandle.fullFence();
        block.wakeWord(ExchangeDescriptor.ROOM_OFFSET).signal();
    }

    int slot() {
        return slot;
    }

    int pid() {
        return (int) owner;
    }

    int epoch() {
        return (int) (owner >>> 32);
    }
}
