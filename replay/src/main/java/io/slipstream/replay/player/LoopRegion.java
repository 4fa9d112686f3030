package io.slipstream.replay.player;

/**
 * A part of a session that is played over and over.
 *
 * @param fromNs where each round begins, ns after the session's start.
 * @param toNs where each round ends, ns after the session's start; a frame captured then is played still.
 */
public record LoopRegion(long fromNs, long toNs) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it ends before it begins, or begins before the session.
     */
    public LoopRegion {
        if (fromNs < 0 || toNs < fromNs) {
            throw new IllegalArgumentException("the loop from " + fromNs / 1e9 + " s to " + toNs / 1e9
                    + " s is no part of a session: its end must be behind its start");
        }
    }
}
