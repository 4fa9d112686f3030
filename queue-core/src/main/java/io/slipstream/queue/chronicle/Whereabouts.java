package io.slipstream.queue.chronicle;

import net.openhft.chronicle.queue.RollCycle;

/**
 * Which file a subscriber reads, for whoever deletes files; and what was deleted before the subscriber came to it. Costs
 * something only where it goes from one file to another. One thread.
 */
final class Whereabouts implements AutoCloseable {
    private final RollCycle rollCycle;
    private final ReaderPin pin;
    private final DeletionLog deletions;
    private long next;
    private long lost;

    /**
     * In no file yet.
     *
     * @param next position that a subscriber goes on from; 0 for one that has read nothing.
     */
    Whereabouts(ChronicleMessageQueue owner, long next) {
        this.rollCycle = owner.queue().rollCycle();
        this.pin = new ReaderPin(owner.directory());
        this.deletions = new DeletionLog(owner.directory(), rollCycle);
        this.next = next;
    }

    /** A message is read. */
    void at(long index) {
        final int cycle = rollCycle.toCycle(index);
        if (cycle != pin.cycle()) {
            enter(cycle);
        }
        next = index + 1;
    }

    private void enter(int cycle) {
        pin.hold(cycle);
        if (next > 0 && rollCycle.toCycle(next) < cycle) {
            lost += deletions.between(next, cycle);
        }
    }

    /** The subscriber was moved: what it passes over is not lost. */
    void movedTo(long index) {
        next = index;
        if (index > 0 && index != Long.MAX_VALUE) {
            pin.hold(rollCycle.toCycle(index));
        } else {
            pin.leave();
        }
    }

    /** Messages deleted before they were read. */
    long lost() {
        return lost;
    }

    @Override
    public void close() {
        pin.close();
    }
}
