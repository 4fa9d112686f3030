package io.slipstream.replay.player;

/** The time by which a playback goes, and how it waits. */
public interface PlaybackTimer {

    /**
     * The time.
     *
     * @return ns from some origin, never going back.
     */
    long nanoTime();

    /**
     * Waits, on the player's thread; may return early, and does so soon after a {@link #wake}.
     *
     * @param untilNs time of {@link #nanoTime()} to wait for.
     */
    void await(long untilNs);

    /**
     * Ends a wait early.
     *
     * @param waiter the player's thread.
     */
    void wake(Thread waiter);
}
