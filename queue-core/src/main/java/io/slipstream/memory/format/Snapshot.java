package io.slipstream.memory.format;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A whole copy of a block.
 *
 * @param block the copy, as long as its version's block.
 * @param version that it states.
 */
record Snapshot(UnsafeBuffer block, long version) {
    /** Does the copy's version have the field? */
    boolean has(final Field field) {
        return field.since() <= version && field.offset() + field.length() <= block.capacity();
    }

    /** The field as {@link BlockFormat#describe} gives it; null where it is not set or not there. */
    Object value(final Field field) {
        return has(field) ? BlockDescriber.value(field, block, version) : null;
    }
}
