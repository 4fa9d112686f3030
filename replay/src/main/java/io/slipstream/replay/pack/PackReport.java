package io.slipstream.replay.pack;

import java.util.List;

/**
 * What was packed.
 *
 * @param pack what is in the file.
 * @param damagedFrames frames that cannot be restored; they were packed as they are.
 * @param leftOut messages that do not decode, and places of the session that hold none; they were left out.
 * @param remarks what else there is to say, a sentence each.
 */
public record PackReport(PackInfo pack, long damagedFrames, long leftOut, List<String> remarks) {

    /** Copies the remarks. */
    public PackReport {
        remarks = List.copyOf(remarks);
    }

    /**
     * Is the session that was packed less than whole?
     *
     * @return true if so.
     */
    public boolean withLoss() {
        return damagedFrames > 0 || leftOut > 0;
    }
}
