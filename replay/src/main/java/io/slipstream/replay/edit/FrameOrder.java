package io.slipstream.replay.edit;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells frames that several sessions share from those that are new, and sessions that cannot be of one recording where they overlap.
 * There, a frame is known by its number, its time and its checksum, and numbers grow with time. Single-threaded.
 */
final class FrameOrder {
    private final Set<MergeSource> holders = new HashSet<>();
    private boolean begun;
    private long timestamp;
    private long number;
    private int crc;

    /** Is the source's present frame, the earliest of all, another than the one before? */
    boolean isNew(MergeSource source) throws IOException {
        final SoundMessages messages = source.messages();
        final long itsTime = messages.message().timestamp();
        final boolean shared = begun
                && !holders.contains(source)
                && itsTime == timestamp
                && messages.frameNumber() == number
                && messages.crc() == crc;
        if (shared) {
            holders.add(source);
        } else {
            if (begun && !holders.contains(source)) {
                checkChange(source, itsTime);
            }
            holders.clear();
            holders.add(source);
            begun = true;
            timestamp = itsTime;
            number = messages.frameNumber();
            crc = messages.crc();
        }
        source.begin();
        return !shared;
    }

    /** From one session to another: either the one is at its end and the other begins, or both are of one recording. */
    private void checkChange(MergeSource source, long itsTime) throws IOException {
        final boolean overlap = source.hasBegun() || holders.stream().anyMatch(holder -> holder.goesOnAfter(itsTime));
        if ((overlap && source.messages().frameNumber() <= number) || itsTime == timestamp) {
            throw new IOException(source.session().path() + " and "
                    + holders.iterator().next().session().path() + " overlap and differ at "
                    + Instant.ofEpochSecond(itsTime / 1_000_000_000L, itsTime % 1_000_000_000L)
                    + ": they are not of one recording there; cut one of them to where the other begins or ends");
        }
    }
}
