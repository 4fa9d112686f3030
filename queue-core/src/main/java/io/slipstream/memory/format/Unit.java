package io.slipstream.memory.format;

/**
 * How a stored number becomes an SI one: {@code si = stored * scale + shift}.
 *
 * @param stored the unit as the block holds it; empty for a number without unit.
 * @param si the canonical SI unit; empty for a number without unit.
 * @param scale SI units in one stored unit.
 * @param shift SI value of a stored zero.
 */
public record Unit(String stored, String si, double scale, double shift) {

    /** A plain number. */
    public static final Unit NONE = new Unit("", "", 1.0, 0.0);

    /**
     * Converts a stored number.
     *
     * @param value in {@link #stored()} units.
     * @return in {@link #si()} units.
     */
    public double toSi(final double value) {
        return value * scale + shift;
    }

    /**
     * Converts back.
     *
     * @param value in {@link #si()} units.
     * @return in {@link #stored()} units.
     */
    public double fromSi(final double value) {
        return (value - shift) / scale;
    }
}
