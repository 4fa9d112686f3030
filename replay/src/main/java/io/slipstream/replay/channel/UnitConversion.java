package io.slipstream.replay.channel;

import io.slipstream.memory.format.Field;

/**
 * How an SI value becomes one that people read: {@code shown = si * factor + offset}.
 *
 * @param shown the unit that people read.
 * @param si the SI unit.
 * @param factor shown units in one SI unit.
 * @param offset shown value of an SI zero.
 */
record UnitConversion(String shown, String si, double factor, double offset) {
    /** Of a unit that is shown as it is. */
    static UnitConversion none(String unit) {
        return new UnitConversion(unit, unit, 1, 0);
    }

    double apply(double value) {
        return value * factor + offset;
    }

    /** Does the block hold the field in this very unit, so that nothing need be converted, and rounded? */
    boolean isStoredBy(Field field) {
        return field.unit().equals(shown);
    }
}
