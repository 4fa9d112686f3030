package io.slipstream.telemetry.session;

/**
 * Says how good the frames of each lap are. A lap is only known to be over up to two seconds after the line, so the counts at
 * the latest frames are kept, to look up what they were at the line. Single-threaded; allocates nothing after construction.
 */
final class LapQuality {
    /** More than two seconds of frames, at any rate that a game writes at. */
    private static final int KEPT = 4096;

    private static final double NS = 1e9;

    private final Counts[] recent = new Counts[KEPT];
    private final Counts lapStart = new Counts();
    private final Counts now = new Counts();
    private long written;

    /** What was there before a frame: what was missed right before it is counted, the frame itself is not. */
    private static final class Counts {
        long frameNumber;
        long timestampNs;
        long frames;
        long missed;
        long gaps;
        long torn;
        long activeNs;
        long activeFrames;

        void set(Counts other) {
            frameNumber = other.frameNumber;
            timestampNs = other.timestampNs;
            frames = other.frames;
            missed = other.missed;
            gaps = other.gaps;
            torn = other.torn;
            activeNs = other.activeNs;
            activeFrames = other.activeFrames;
        }
    }

    LapQuality() {
        for (int i = 0; i < KEPT; i++) {
            recent[i] = new Counts();
        }
    }

    /**
     * Takes a frame in.
     *
     * @param frameNumber of its source.
     * @param timestampNs when it was captured.
     * @param missed frames before it that nobody saw, as far as they are of this session.
     * @param torn 1 if it may be torn.
     * @param activeNs since the frame before; 0 after a pause.
     */
    void onFrame(long frameNumber, long timestampNs, long missed, int torn, long activeNs) {
        now.frameNumber = frameNumber;
        now.timestampNs = timestampNs;
        now.missed += missed;
        now.gaps += missed > 0 ? 1 : 0;
        now.activeNs += activeNs;
        now.activeFrames += activeNs > 0 ? 1 + missed : 0;
        recent[(int) (written++ % KEPT)].set(now);
        now.frames++;
        now.torn += torn;
    }

    /** Places where frames are missing, so far. */
    long gaps() {
        return now.gaps;
    }

    /** When a frame was captured; the newest one's time if it is not among the latest. */
    long timestampNs(long frameNumber) {
        return before(frameNumber).timestampNs;
    }

    /**
     * Adds what is known of its frames to a lap that is over, and begins the next.
     *
     * @param lap of which only the timing is known.
     * @return the lap with its frames, rate, missed, gaps and torn.
     */
    SessionInfo.Lap onLap(SessionInfo.Lap lap) {
        final Counts line = before(lap.frame());
        final long frames = line.frames - lapStart.frames;
        final long activeNs = line.activeNs - lapStart.activeNs;
        final SessionInfo.Lap result = lap.withQuality(
                frames,
                activeNs == 0
                        ? 0
                        : Math.round((line.activeFrames - lapStart.activeFrames) / (activeNs / NS) * 1e3) / 1e3,
                line.missed - lapStart.missed,
                line.gaps - lapStart.gaps,
                line.torn - lapStart.torn);
        lapStart.set(line);
        return result;
    }

    /** What was driven before a session that began anew is of no lap of it. */
    void onSessionStarted(long frameNumber) {
        lapStart.set(before(frameNumber));
    }

    /** The counts before a frame; as they are now if it is not among the latest. */
    private Counts before(long frameNumber) {
        for (long i = written - 1; i >= Math.max(0, written - KEPT); i--) {
            final Counts counts = recent[(int) (i % KEPT)];
            if (counts.frameNumber == frameNumber) {
                return counts.frames < lapStart.frames ? now : counts;
            }
        }
        return now;
    }
}
