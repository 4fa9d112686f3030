package io.slipstream.replay.player;

import java.util.concurrent.locks.LockSupport;

/** The machine's own time. Stateless, safe for any thread. */
public enum SystemTimer implements PlaybackTimer {
    /**
     * Asleep until shortly before the time, then spinning: some percent of a processor, and seldom later than what the
     * processor needs to wake up.
     */
    ASLEEP {
        @Override
        public void await(long untilNs) {
            final long left = untilNs - System.nanoTime();
            if (left > SPIN_NS) {
                LockSupport.parkNanos(left - SPIN_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    },
    /** Spinning all the time, but for waits of more than {@value SystemTimer#LONG_WAIT_NS} ns: one whole processor. */
    SPINNING {
        @Override
        public void await(long untilNs) {
            final long left = untilNs - System.nanoTime();
            if (left > LONG_WAIT_NS) {
                LockSupport.parkNanos(left - LONG_WAIT_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    };

    static final long LONG_WAIT_NS = 30_000_000L;
    private static final long SPIN_NS = 150_000;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void wake(Thread waiter) {
        LockSupport.unpark(waiter);
    }
}
