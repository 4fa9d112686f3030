package io.slipstream.telemetry.session;

/**
 * A stretch of a session that is one lap. The spans of a session follow one another without a gap and cover all its frames: the
 * first begins with the first frame, and the last, of the lap that was being driven when the recording ended, is not complete.
 *
 * @param lap number, from 1; 0 before the first.
 * @param time s, as the game timed it or else by the clock; NaN if not known, or not complete.
 * @param complete true if the player crossed the line at its end.
 * @param whole true if it was recorded from line to line.
 * @param valid false if the game invalidated it.
 * @param startNs capture time of its first frame, ns since the Unix epoch.
 * @param endNs capture time of the first frame after it; of the last frame of the session, plus 1 ns, if there is none.
 * @param firstFrame ordinal of its first frame in the session, from 0.
 * @param endFrame ordinal of the first frame after it; the session's number of frames if there is none.
 */
public record LapSpan(
        long lap,
        double time,
        boolean complete,
        boolean whole,
        boolean valid,
        long startNs,
        long endNs,
        long firstFrame,
        long endFrame) {}
