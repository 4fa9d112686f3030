package io.slipstream.queue.chronicle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.threads.TimingPauser;

/**
 * Waits for the queue's write lock. Chronicle waits a fixed time (15 s by default) before it asks whether the owner is dead;
 * this asks every millisecond, and frees a dead owner's lock at once.
 */
final class WriteLockPauser implements TimingPauser {
    private static final int SPINS = 200;
    private static final long PARK_NS = 50_000;
    private static final long CHECK_INTERVAL_NS = 1_000_000;

    private final WriteLockOwner owner;
    private final long engineTimeoutMs;
    private final long lockTimeoutNs;
    private int spins;
    private long waitingSince;
    private long nextCheck;

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
            owner.releaseIfDead();
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
