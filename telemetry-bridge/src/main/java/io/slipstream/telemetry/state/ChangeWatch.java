package io.slipstream.telemetry.state;

/** A time that the game writes now and then, and when it did so last. What was there at first sight is not a change. */
final class ChangeWatch {
    private float value;
    private long changedAt;
    private boolean seen;

    ChangeWatch() {
        clear();
    }

    void clear() {
        value = Float.NaN;
        changedAt = Long.MIN_VALUE;
        seen = false;
    }

    void observe(final float now, final long timestamp) {
        if (Float.floatToIntBits(now) != Float.floatToIntBits(value)) {
            if (seen && !Float.isNaN(now)) {
                changedAt = timestamp;
            }
            value = now;
        }
        seen = true;
    }

    /** The value if it is set and was written no earlier than that, else NaN. */
    float since(final long timestamp) {
        return changedAt >= timestamp ? value : Float.NaN;
    }
}
