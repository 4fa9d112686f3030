package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import java.io.IOException;

/** Where a player's frames go. One thread at a time. */
public interface FrameSink extends AutoCloseable {

    /**
     * Takes a frame.
     *
     * @param cursor stands on the frame; valid until this returns.
     * @param timestampNs when the frame was captured, shifted so that time never goes back when playback loops.
     */
    void onFrame(FrameCursor cursor, long timestampNs);

    /**
     * Ends the playback.
     *
     * @throws IOException if the target cannot be released.
     */
    @Override
    void close() throws IOException;
}
