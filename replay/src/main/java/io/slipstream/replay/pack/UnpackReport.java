package io.slipstream.replay.pack;

import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;
import java.util.List;

/**
 * What was unpacked.
 *
 * @param session where it is.
 * @param info its summary.
 * @param messages in it.
 * @param whole true if every message that was packed is in it.
 * @param remarks what is missing, and what else there is to say, a sentence each.
 */
public record UnpackReport(Path session, SessionInfo info, long messages, boolean whole, List<String> remarks) {

    /** Copies the remarks. */
    public UnpackReport {
        remarks = List.copyOf(remarks);
    }
}
