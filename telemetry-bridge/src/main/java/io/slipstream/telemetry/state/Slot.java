package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import org.agrona.DirectBuffer;

/**
 * A field that was looked up once, with the answer for blocks that are too old to have it. Blocks begin at 0 of their buffer.
 * Allocates nothing; for any thread.
 */
final class Slot {
    /** No whole number that a block holds in 32 bits. */
    static final long MISSING = Long.MIN_VALUE;

    private final Field field;
    private final long since;

    Slot(final BlockFormat format, final String path) {
        field = format.field(path);
        since = field.since();
    }

    boolean isIn(final long version) {
        return version >= since;
    }

    /** SI value; NaN where it is not set or this version lacks it. */
    float si(final DirectBuffer block, final long version) {
        return isIn(version) ? (float) field.si(block, 0) : Float.NaN;
    }

    /** SI value of an element; NaN where it is not set or this version lacks it. */
    float si(final DirectBuffer block, final long version, final int index) {
        return isIn(version) ? (float) field.si(block, 0, index) : Float.NaN;
    }

    /** Whole number as stored, or {@link #MISSING}. */
    long integer(final DirectBuffer block, final long version) {
        return isIn(version) ? field.integer(block, 0) : MISSING;
    }

    /** Whole number of an element as stored, or {@link #MISSING}. */
    long integer(final DirectBuffer block, final long version, final int index) {
        return isIn(version) ? field.integer(block, 0, index) : MISSING;
    }

    boolean isSet(final DirectBuffer block, final long version) {
        return isIn(version) && field.integer(block, 0) != 0;
    }

    boolean isSet(final DirectBuffer block, final long version, final int index) {
        return isIn(version) && field.integer(block, 0, index) != 0;
    }
}
