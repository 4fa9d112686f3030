package io.slipstream.queue.chronicle;

import io.slipstream.memory.Processes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.threads.TimingPauser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the queue's write lock. Chronicle waits a fixed time (15 s by default) before it asks whether the owner is dead;
 * this asks every few milliseconds, and frees a dead owner's lock at once.
 */
final class WriteLockPauser implements TimingPauser {
    private static final Logger LOG = LoggerFactory.getLogger(WriteLockPauser.class);
    private static final int SPINS = 200;
    private static final long PARK_NS = 50_000;
    private static final long CHECK_INTERVAL_NS = 5_000_000;

    private final WriteLockOwner owner;
    private final long engineTimeoutMs;
    private final long lockTimeoutNs;
    private int spins;
    private long waitingSince;
    private long nextCheck;

    /** The lock word, known once the queue's table store is open. */
    static final class WriteLockOwner {
        private volatile LongValue word;

        void word(LongValue lockWord) {
            word = lockWord;
        }

        /** Frees the lock if the process that holds it is dead. */
        void releaseIfDead(long unlocked) {
            final LongValue lock = word;
            final long holder = lock == null ? unlocked : lock.getVolatileValue();
            if (holder == unlocked) {
                return;
            }
            // The upper half may hold a thread's id.
            final int pid = (int) holder;
            if (!Processes.isAlive(pid) && lock.compareAndSwapValue(holder, unlocked)) {
                LOG.warn("process {} died while it held the write lock; the lock is free again", pid);
            }
        }
    }

    /**
     * Creates a pauser.
     *
     * @param owner of the lock.
     * @param engineTimeoutMs the time-out with which the engine waits for the lock, and for nothing else.
     * @param lockTimeoutMs how long to wait for a live owner.
     */
    WriteLockPauser(WriteLockOwner owner, long engineTimeoutMs, long lockTimeoutMs) {
        this.owner = owner;
        this.engineTimeoutMs = engineTimeoutMs;
        this.lockTimeoutNs = TimeUnit.MILLISECONDS.toNanos(lockTimeoutMs);
    }

    @Override
    public void pause(long timeout, TimeUnit unit) throws TimeoutException {
        if (spins < SPINS) {
            spins++;
            Thread.onSpinWait();
            return;
        }
        final long now = System.nanoTime();
        if (spins == SPINS) {
            spins++;
            waitingSince = now;
            nextCheck = now;
        }
        final boolean forLock = unit == TimeUnit.MILLISECONDS && timeout == engineTimeoutMs;
        if (forLock && now - nextCheck >= 0) {
            owner.releaseIfDead(ChronicleMessageQueue.UNLOCKED);
            nextCheck = now + CHECK_INTERVAL_NS;
        }
        if (now - waitingSince > (forLock ? lockTimeoutNs : unit.toNanos(timeout))) {
            throw new TimeoutException();
        }
        LockSupport.parkNanos(PARK_NS);
    }

    @Override
    public void pause() {
        LockSupport.parkNanos(PARK_NS);
    }

    @Override
    public void reset() {
        spins = 0;
    }

    @Override
    public void unpause() {
        // Nobody waits here for a call: every wait is bounded.
    }

    @Override
    public long timePaused() {
        return 0;
    }

    @Override
    public long countPaused() {
        return 0;
    }
}
