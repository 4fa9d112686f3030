package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import java.io.IOException;

/**
 * Where a player's frames go. One thread at a time. Time stamps are those of the recording, shifted so that time never goes back
 * when the playback loops or jumps.
 */
public interface FrameSink extends AutoCloseable {

    /**
     * Takes a frame.
     *
     * @param cursor stands on the frame; valid until this returns.
     * @param timestampNs when the frame was captured, shifted.
     */
    void onFrame(FrameCursor cursor, long timestampNs);

    /**
     * The next frame does not follow the one before: the playback jumped, or begins another round.
     *
     * @param timestampNs of the last frame before the jump.
     */
    default void onJump(long timestampNs) {}

    /** A frame was left out, to keep the time. */
    default void onDropped() {}

    /**
     * Somebody marked this moment.
     *
     * @param label what they called it.
     * @param timestampNs when, shifted.
     */
    default void onMarker(String label, long timestampNs) {}

    /**
     * The playback's own time: ten times a second, and at every jump, pause and change of speed.
     *
     * @param state now.
     * @param timestampNs of the position, shifted.
     */
    default void onClock(PlaybackState state, long timestampNs) {}

    /**
     * Ends the playback.
     *
     * @throws IOException if the target cannot be released.
     */
    @Override
    void close() throws IOException;
}
