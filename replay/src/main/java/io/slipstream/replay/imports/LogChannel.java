package io.slipstream.replay.imports;

/**
 * A channel of a log, before it has a field.
 *
 * @param title as the log calls it.
 * @param unit as the log writes it; empty for none.
 * @param stored how its values are kept.
 */
record LogChannel(String title, String unit, Stored stored) {
    /** How values are kept in a block. */
    enum Stored {
        /** Single precision; NaN where there is none. */
        SINGLE,
        /** Double precision; NaN where there is none. */
        DOUBLE,
        /** Whole numbers. */
        WHOLE
    }
}
