package io.slipstream.replay.motec;

/**
 * A channel of a log.
 *
 * @param name as people know it, {@code Ground Speed}; at most 31 characters are kept.
 * @param shortName at most 7 characters are kept; may be empty.
 * @param unit of its values; at most 11 characters are kept; may be empty.
 * @param type of its samples.
 * @param rate samples a second.
 * @param samples how many there are; to be written, how many there can be at most.
 */
public record LdChannel(String name, String shortName, String unit, LdType type, int rate, long samples) {

    /**
     * How much time the samples cover.
     *
     * @return s.
     */
    public double seconds() {
        return (double) samples / rate;
    }
}
