package io.slipstream.telemetry.bridge;

import java.util.concurrent.locks.LockSupport;

/**
 * Decides how long to wait before the block is looked at again. It learns the game's frame time and comes closer to the next
 * frame by halves; a game that stands still is looked at ever more seldom, but still often enough to miss no frame at
 * {@link #SLOWEST_NS} when it goes on.
 */
final class SamplingPacer {
    /** Looks this often when a frame is due. The system's timer slack is as much again. */
    static final long FASTEST_NS = 50_000;

    /** Looks this often at a game that stands still: half a frame at 120 frames a second. */
    static final long SLOWEST_NS = 4_000_000;

    private static final long FIRST_PERIOD_NS = 4_000_000;
    private static final long MAX_PERIOD_NS = 50_000_000;

    private final boolean spin;
    private long period = FIRST_PERIOD_NS;
    private long lastFrame;

    /**
     * Creates a pacer.
     *
     * @param spin true to look without a pause: the best time stamps, for a whole core.
     */
    SamplingPacer(boolean spin) {
        this.spin = spin;
    }

    void onFrame(long now) {
        final long sinceLast = Math.min(now - lastFrame, MAX_PERIOD_NS);
        // Follows a faster game at once, a slower one over some frames.
        period = sinceLast < period ? sinceLast : period + (sinceLast - period) / 8;
        lastFrame = now;
    }

    /** Nanoseconds to wait, from 0. */
    long delay(long now) {
        if (spin) {
            return 0;
        }
        final long due = lastFrame + period - now;
        if (due > 0) {
            return Math.max(FASTEST_NS, due / 2);
        }
        // Overdue by some time: wait an eighth of that, so that the wait grows with the standstill.
        return Math.clamp(-due / 8, FASTEST_NS, SLOWEST_NS);
    }

    void pause() {
        final long delay = delay(System.nanoTime());
        if (delay == 0) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(delay);
        }
    }
}
