package io.slipstream.replay.verify;

import java.nio.file.Path;
import java.util.List;

/**
 * What was found in a session.
 *
 * @param session its directory.
 * @param finished whether its recording came to its end; false also where the summary cannot be read.
 * @param bytes read: of all documents that are messages.
 * @param messages that are there.
 * @param frames that were restored and agree with their checksums.
 * @param damagedFrames that could not be restored, those that build on a damaged one included.
 * @param missingFrames by their numbers: between frames that are there, and not said to be lost by the recorder.
 * @param checkedSegments stretches that agree with the checksum that the recorder kept of them.
 * @param problems all that is wrong; {@link #findings} has the first of them.
 * @param findings at most {@link #MOST_FINDINGS}.
 * @param remarks what is worth knowing and no damage.
 */
public record Verification(
        Path session,
        boolean finished,
        long bytes,
        long messages,
        long frames,
        long damagedFrames,
        long missingFrames,
        long checkedSegments,
        long problems,
        List<Finding> findings,
        List<String> remarks) {

    /** No more findings than this are kept; all are counted. */
    public static final int MOST_FINDINGS = 100;

    /** Copies the lists. */
    public Verification {
        findings = List.copyOf(findings);
        remarks = List.copyOf(remarks);
    }

    /**
     * Is nothing wrong?
     *
     * @return true for a session that is as it was recorded.
     */
    public boolean whole() {
        return problems == 0;
    }
}
