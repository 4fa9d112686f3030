package io.slipstream.replay.export;

import java.util.List;

/**
 * What an export wrote, and what it could not.
 *
 * @param samples written.
 * @param frames that they were made from.
 * @param rate of the samples, Hz; 0 for every frame.
 * @param sourceRate at which the session was recorded, Hz.
 * @param damaged frames that were left out as they could not be restored.
 * @param gaps places where frames are more than a second apart.
 * @param rounded channels of whole numbers that are too large to be written exactly.
 */
public record ExportReport(
        long samples, long frames, double rate, double sourceRate, long damaged, long gaps, List<String> rounded) {
    /** Copies the list. */
    public ExportReport {
        rounded = List.copyOf(rounded);
    }
}
