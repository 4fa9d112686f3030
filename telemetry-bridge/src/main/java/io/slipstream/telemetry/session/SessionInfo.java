package io.slipstream.telemetry.session;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/**
 * What {@code session.json} says of a session. Times are UTC, in ISO 8601 and in ns since the Unix epoch.
 *
 * @param version of this file's layout; {@link #VERSION}.
 * @param finished false while it is recorded, and for ever if the recorder died.
 * @param synthetic true if a simulator wrote the block, not a game.
 * @param game title of the block format.
 * @param format name of the block format.
 * @param formatVersion that the block states of itself.
 * @param origin where the block was read.
 * @param consistency how frames were known to be whole: {@code SEQLOCK}, {@code COPIED_TWICE}, {@code NONE}.
 * @param name that the user gave it; empty if none.
 * @param metadata whatever else the user said of it, and where a session that was made from others came from.
 * @param car the player's, as the game calls it.
 * @param carClass the player's, as the game calls it.
 * @param track as the game calls it.
 * @param variation of the track.
 * @param trackLength m; 0 if unknown.
 * @param started when the first frame was captured.
 * @param startedNs the same in ns.
 * @param durationSeconds from the first frame to the last.
 * @param frames recorded.
 * @param keyframes among them.
 * @param rateHz frames a second: frames recorded and missed over the duration.
 * @param missed frames that the game wrote and nobody saw.
 * @param torn frames that were recorded although their two engine speeds disagree, as in a torn copy;
 *     0 where the game keeps to its protocol.
 * @param retries copies thrown away because the game had begun to write.
 * @param lost frames that were published and could not be recorded.
 * @param gaps places where frames are missing.
 * @param laps that the player completed.
 * @param markers that people set, in order.
 * @param drivers people whom it names, the player not counted; null if an older recorder wrote it.
 * @param blockBytes bytes of one block.
 * @param rawBytes bytes of all blocks, had they been written whole.
 * @param bytes that the session takes on disk.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SessionInfo(
        int version,
        boolean finished,
        boolean synthetic,
        String game,
        String format,
        long formatVersion,
        String origin,
        String consistency,
        String name,
        Map<String, String> metadata,
        String car,
        String carClass,
        String track,
        String variation,
        double trackLength,
        String started,
        long startedNs,
        double durationSeconds,
        long frames,
        long keyframes,
        double rateHz,
        long missed,
        long torn,
        long retries,
        long lost,
        long gaps,
        List<Lap> laps,
        List<Marker> markers,
        Integer drivers,
        int blockBytes,
        long rawBytes,
        long bytes) {

    /** The version that this code writes. */
    public static final int VERSION = 1;

    /** What an older recorder, or another program, did not write is empty. */
    public SessionInfo {
        game = orEmpty(game);
        format = orEmpty(format);
        origin = orEmpty(origin);
        consistency = orEmpty(consistency);
        name = orEmpty(name);
        metadata = metadata == null ? Map.of() : metadata;
        car = orEmpty(car);
        carClass = orEmpty(carClass);
        track = orEmpty(track);
        variation = orEmpty(variation);
        started = orEmpty(started);
        laps = laps == null ? List.of() : laps;
        markers = markers == null ? List.of() : markers;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /**
     * A place in the session that somebody marked.
     *
     * @param label what they called it; may be empty.
     * @param timestampNs when, ns since the Unix epoch.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Marker(String label, long timestampNs) {
        /** What has no label is called nothing. */
        public Marker {
            label = orEmpty(label);
        }
    }

    /**
     * A lap of the player's.
     *
     * @param lap number, from 1.
     * @param time s; null if it is not known.
     * @param sectors s each, null where not known.
     * @param whole true if it was recorded from line to line.
     * @param valid false if the game invalidated it.
     * @param frame number of the first frame after it.
     * @param endedNs when the lap was known to be over, ns since the Unix epoch.
     * @param frames recorded of it; null, as all that follows, if an older recorder wrote it.
     * @param rateHz frames a second: frames recorded and missed over the time without pauses.
     * @param missed frames that the game wrote and nobody saw.
     * @param gaps places where frames are missing.
     * @param torn frames that were recorded although they may be torn.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Lap(
            long lap,
            Double time,
            List<Double> sectors,
            boolean whole,
            boolean valid,
            long frame,
            long endedNs,
            Long frames,
            Double rateHz,
            Long missed,
            Long gaps,
            Long torn) {

        /** No sectors are an empty list. */
        public Lap {
            sectors = sectors == null ? List.of() : sectors;
        }

        /**
         * A lap of whose frames nothing is known.
         *
         * @param lap number, from 1.
         * @param time s; null if it is not known.
         * @param sectors s each, null where not known.
         * @param whole true if it was recorded from line to line.
         * @param valid false if the game invalidated it.
         * @param frame number of the first frame after it.
         * @param endedNs when the lap was known to be over, ns since the Unix epoch.
         */
        public Lap(
                long lap, Double time, List<Double> sectors, boolean whole, boolean valid, long frame, long endedNs) {
            this(lap, time, sectors, whole, valid, frame, endedNs, null, null, null, null, null);
        }

        Lap withQuality(long itsFrames, double itsRateHz, long itsMissed, long itsGaps, long itsTorn) {
            return new Lap(
                    lap, time, sectors, whole, valid, frame, endedNs, itsFrames, itsRateHz, itsMissed, itsGaps,
                    itsTorn);
        }
    }
}
