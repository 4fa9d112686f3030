package io.slipstream.telemetry.codec;

/**
 * When a frame is to be a keyframe: the first one, when the block's length changes, after so many frames, and after so much time;
 * whoever starts in the middle then waits no longer than that. Single-threaded.
 */
public final class KeyframeRule {
    /** A keyframe every so many frames, itself counted. */
    public static final int EVERY_FRAMES = 128;

    /** A keyframe every so many ns. */
    public static final long EVERY_NS = 1_000_000_000L;

    private final int everyFrames;
    private final long everyNs;
    private int sinceKeyframe;
    private int length;
    private long time;

    /** Every 128 frames and every second. */
    public KeyframeRule() {
        this(EVERY_FRAMES, EVERY_NS);
    }

    /**
     * Makes a rule.
     *
     * @param everyFrames a keyframe at least every so many frames, itself counted; 1 to 65,535.
     * @param everyNs a keyframe at least every so many ns.
     */
    public KeyframeRule(final int everyFrames, final long everyNs) {
        if (everyFrames < 1 || everyFrames > 65_535 || everyNs < 0) {
            throw new IllegalArgumentException("a keyframe every " + everyFrames + " frames and " + everyNs
                    + " ns; give 1 to 65535 frames and no negative time");
        }
        this.everyFrames = everyFrames;
        this.everyNs = everyNs;
    }

    /**
     * Is the next frame to be a keyframe?
     *
     * @param nextLength bytes of its block.
     * @param timestampNs when it was captured, in ns; where the clock went back, a keyframe is due.
     * @return true where a delta would break the rule.
     */
    public boolean isDue(final int nextLength, final long timestampNs) {
        final long age = timestampNs - time;
        return nextLength != length || sinceKeyframe + 1 >= everyFrames || age >= everyNs || age < 0;
    }

    /**
     * A keyframe was made.
     *
     * @param frameLength bytes of its block.
     * @param timestampNs when it was captured, in ns.
     */
    public void onKeyframe(final int frameLength, final long timestampNs) {
        sinceKeyframe = 0;
        length = frameLength;
        time = timestampNs;
    }

    /** A delta was made. */
    public void onDelta() {
        sinceKeyframe++;
    }

    /**
     * Deltas since the last keyframe.
     *
     * @return count; 0 right after a keyframe.
     */
    public int sinceKeyframe() {
        return sinceKeyframe;
    }

    /** The next frame is to be a keyframe, whatever it is. */
    public void reset() {
        length = 0;
    }
}
