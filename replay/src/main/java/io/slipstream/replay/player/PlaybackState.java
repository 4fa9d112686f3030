package io.slipstream.replay.player;

/**
 * A playback at one moment. Times are ns after the session's start.
 *
 * @param phase what it does.
 * @param positionNs where it is: at a frame, or between two.
 * @param durationNs of the whole session.
 * @param fromNs start of the part being played.
 * @param toNs end of the part being played.
 * @param loop whether it begins again at the end of the part, or of the region.
 * @param region that is looped; null if it is the whole part, or nothing.
 * @param lap number of the lap at the position; 0 if the session has none.
 * @param frame ordinal of the frame played last; -1 before the first.
 * @param rate asked for, times the recording's own speed; infinite for unpaced.
 * @param measuredRate what came of it over about the last second; 0 while paused.
 * @param loops rounds completed.
 * @param played frames played, over all rounds.
 * @param dropped frames left out because they were late; see {@link TimingPolicy#DROP}.
 * @param damaged frames that could not be restored and were left out.
 * @param shiftedNs how far the schedule was moved by stalls; see {@link TimingPolicy#KEEP}.
 * @param lateP99Ns how late frames were played: 99 of 100 no later than this, within 2 %; 0 if no frame was paced.
 * @param lateMaxNs the latest.
 */
public record PlaybackState(
        Phase phase,
        long positionNs,
        long durationNs,
        long fromNs,
        long toNs,
        boolean loop,
        LoopRegion region,
        long lap,
        long frame,
        double rate,
        double measuredRate,
        long loops,
        long played,
        long dropped,
        long damaged,
        long shiftedNs,
        long lateP99Ns,
        long lateMaxNs) {

    /** What a playback does. */
    public enum Phase {
        /** Not begun. */
        READY,
        /** Frames go out. */
        PLAYING,
        /** It waits for a command. */
        PAUSED,
        /** It is over; commands change nothing any more. */
        ENDED
    }

    /**
     * Whether it waits for a command.
     *
     * @return true while paused.
     */
    public boolean paused() {
        return phase == Phase.PAUSED;
    }
}
