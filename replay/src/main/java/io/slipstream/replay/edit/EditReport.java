package io.slipstream.replay.edit;

import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;
import java.util.List;

/**
 * What was made.
 *
 * @param session where it is.
 * @param info its summary.
 * @param events messages in it that are no frames.
 * @param damagedFrames frames that could not be restored and were left out.
 * @param damagedMessages other messages that do not decode, or that nobody can vouch for, and were left out.
 * @param remarks what else there is to say, a sentence each.
 */
public record EditReport(
        Path session, SessionInfo info, long events, long damagedFrames, long damagedMessages, List<String> remarks) {

    /** Copies the remarks. */
    public EditReport {
        remarks = List.copyOf(remarks);
    }

    /**
     * Was anything left out that should be in it?
     *
     * @return true if so.
     */
    public boolean withLoss() {
        return damagedFrames > 0 || damagedMessages > 0;
    }
}
