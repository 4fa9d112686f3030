package io.slipstream.replay.player;

/** What becomes of frames that are late, because the target or the machine stalled. */
public enum TimingPolicy {
    /**
     * Every frame is played. After a stall of up to a second the late frames follow at once until the schedule is met again, so
     * that short ones leave no trace in a long playback. After a longer one, as of a machine that slept, the schedule moves by
     * the stall: nobody wants minutes of frames in one burst.
     */
    KEEP,
    /** The schedule is kept whatever happens. A frame that is late by more than the time since the frame before it is left out. */
    DROP
}
