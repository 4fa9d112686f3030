package io.slipstream.tests.contract;

import org.agrona.concurrent.EpochNanoClock;

/** A clock that moves when it is told to. */
final class ManualClock implements EpochNanoClock {
    private volatile long now;

    /**
     * Creates a clock.
     *
     * @param now ns since the Unix epoch.
     */
    ManualClock(long now) {
        this.now = now;
    }

    void set(long nanos) {
        now = nanos;
    }

    @Override
    public long nanoTime() {
        return now;
    }
}
