package io.slipstream.tests.bench;

import java.util.Locale;

/**
 * A line of the table.
 *
 * @param what was measured.
 * @param ours as measured, with its unit.
 * @param peer the same of the peer, with its name; empty where there is none.
 * @param ratio ours to the peer's; NaN where there is none.
 * @param target in words; empty for a figure that is told for information.
 * @param verdict whether the target was met.
 */
record Row(String what, String ours, String peer, double ratio, String target, Verdict verdict) {
    enum Verdict {
        MET,
        MISSED,
        NONE
    }

    /** A figure without a target. */
    static Row information(String what, String ours, String peer, double ratio) {
        return new Row(what, ours, peer, ratio, "", Verdict.NONE);
    }

    /** A figure that is to meet a target. */
    static Row judged(String what, String ours, String peer, double ratio, String target, boolean met) {
        return new Row(what, ours, peer, ratio, target, met ? Verdict.MET : Verdict.MISSED);
    }

    /** Something that could not be measured here. */
    static Row skipped(String what, String why) {
        return new Row(what, "skipped: " + why, "", Double.NaN, "", Verdict.NONE);
    }

    @SuppressWarnings("AnnotateFormatMethod") // Would need a dependency for its sake alone.
    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    String markdown() {
        return "| " + String.join(" | ", what, ours, peer, Double.isNaN(ratio) ? "" : format("%.2f", ratio), target)
                + " | " + (verdict == Verdict.NONE ? "" : verdict.name().toLowerCase(Locale.ROOT)) + " |";
    }
}
