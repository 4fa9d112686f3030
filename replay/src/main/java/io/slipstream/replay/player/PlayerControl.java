package io.slipstream.replay.player;

import java.time.Duration;

/**
 * Commands to a playback, and what it does now. Safe for any thread. Commands return at once and are obeyed in order, between
 * two frames; {@link #settle} waits for that. Those to a playback that has ended change nothing.
 */
public interface PlayerControl {
    /** Frames that one step moves by at most, so that it is obeyed soon. */
    int MOST_STEPS = 1_000;

    /** Stops the frames where they are. */
    void pause();

    /** Goes on from where it stands; from the start of the part being played, if it stands at its end. */
    void resume();

    /** Pauses what plays, resumes what is paused. */
    void toggle();

    /**
     * Pauses, and moves by single frames.
     *
     * @param frames to move on, negative for back; stays in the part being played.
     * @throws IllegalArgumentException if they are more than {@link #MOST_STEPS}.
     */
    void step(int frames);

    /**
     * Goes elsewhere and plays the frame there at once, even while paused. A time is that of the first frame not captured
     * before it.
     *
     * @param target where to.
     * @throws IllegalArgumentException if the session has no such lap, marker or frame, naming what it has.
     */
    void seek(SeekTarget target);

    /**
     * Changes the speed from now on; the position does not jump.
     *
     * @param rate times the recording's own speed; {@link Player.Options#UNPACED} for as fast as the sink takes frames.
     * @throws IllegalArgumentException if it is below {@link Player.Options#SLOWEST}.
     */
    void speed(double rate);

    /**
     * Plays a region over and over. A playback that is outside of it jumps to its start. A region without a frame is passed over
     * and forgotten.
     *
     * @param region within the session; its end is moved to that of the part being played if it is behind it.
     * @throws IllegalArgumentException if it begins outside of the part being played.
     */
    void loop(LoopRegion region);

    /** Plays the whole part over and over. */
    void loopWhole();

    /** Plays to the end of the part and no more. */
    void loopOff();

    /** Ends the playback. */
    void stop();

    /**
     * The playback now.
     *
     * @return a snapshot that is consistent in itself.
     */
    PlaybackState state();

    /**
     * Waits until all commands given so far have been obeyed.
     *
     * @param patience how long at most.
     * @return true if they have been; false if the time is over, the playback has not begun, or the thread was interrupted.
     */
    boolean settle(Duration patience);
}
