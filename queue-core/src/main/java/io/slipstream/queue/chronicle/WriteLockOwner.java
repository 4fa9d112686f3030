package io.slipstream.queue.chronicle;

import io.slipstream.memory.Processes;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.impl.table.AbstractTSQueueLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The word in the queue's table store that is its write lock, and the rule that tells whether its owner is dead:
 *
 * <pre>
 *   6 6                             3 3
 *   3 2                             2 1                              0
 *  +-+-+-----------------------------+--------------------------------+
 *  |0|S|            stamp            |     process id of the owner    |
 *  +-+-+-----------------------------+--------------------------------+
 *
 *   S = 0  an owner of Chronicle's: the stamp is 0, or the id of a thread
 *   S = 1  a native owner: the stamp is the low 30 bits of the time at which its process started,
 *          field 22 of /proc/(pid)/stat
 *   bit 63 alone is set: nobody owns the lock
 * </pre>
 *
 * <p>The owner is dead if no process has its id, if that process is a zombie, or if there is a stamp and the process started at
 * another time: the number was given away again.
 *
 * <p>Whoever takes the lock from a dead owner first finishes what it may have left half made. Safe for any thread.
 */
final class WriteLockOwner {
    static final long UNLOCKED = AbstractTSQueueLock.UNLOCKED;

    private static final Logger LOG = LoggerFactory.getLogger(WriteLockOwner.class);
    private static final int KIND_MASK = 0xC000_0000;
    private static final int NATIVE = 0x4000_0000;
    private static final int STAMP_MASK = 0x3FFF_FFFF;
    /** As the engine writes it. */
    private static final long OURS = (int) ProcessHandle.current().pid();

    private static final long PARK_NS = 50_000;
    private static final long CHECK_INTERVAL_NS = 1_000_000;

    private volatile LongValue word;
    private volatile Runnable repair;

    /**
     * Tells where the lock is, once the queue's table store is open.
     *
     * @param lockWord in the table store.
     * @param afterDeath finishes what a dead owner left; called with the lock held.
     */
    void open(LongValue lockWord, Runnable afterDeath) {
        repair = afterDeath;
        word = lockWord;
    }

    /** Frees the lock if the process that holds it is dead. */
    void releaseIfDead() {
        final LongValue lock = word;
        final long holder = lock == null ? UNLOCKED : lock.getVolatileValue();
        if (holder != UNLOCKED && isDead(holder) && lock.compareAndSwapValue(holder, OURS)) {
            LOG.warn("process {} died while it held the write lock; the lock is free again", (int) holder);
            try {
                repair.run();
            } finally {
                giveBack();
            }
        }
    }

    /**
     * Takes the lock.
     *
     * @param timeoutNs how long to wait for a live owner.
     * @return false if a live process did not give it back in time.
     */
    boolean take(long timeoutNs) {
        final long start = System.nanoTime();
        long checked = start - CHECK_INTERVAL_NS;
        while (!word.compareAndSwapValue(UNLOCKED, OURS)) {
            final long now = System.nanoTime();
            if (now - checked >= CHECK_INTERVAL_NS) {
                releaseIfDead();
                checked = now;
            } else if (now - start > timeoutNs) {
                return false;
            } else {
                LockSupport.parkNanos(PARK_NS);
            }
        }
        return true;
    }

    void giveBack() {
        word.compareAndSwapValue(OURS, UNLOCKED);
    }

    /**
     * Tells whether the owner of the lock is dead.
     *
     * @param holder value of the lock's word, not {@link #UNLOCKED}.
     * @return false also where it cannot be told.
     */
    static boolean isDead(long holder) {
        final int pid = (int) holder;
        if (!Processes.isAlive(pid)) {
            return true;
        }
        final int upper = (int) (holder >>> Integer.SIZE);
        if ((upper & KIND_MASK) != NATIVE) {
            return false;
        }
        final long startTime = Processes.startTime(pid);
        return startTime != 0 && ((startTime ^ upper) & STAMP_MASK) != 0;
    }
}
