package io.slipstream.replay.imports;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Units as programs write them. Spellings of one unit are made one; where a channel that every session has is in another unit, its
 * values are converted, so that a query sees one unit.
 */
final class LogUnits {
    /** An SI unit, and how many of it are one of this. */
    private record Meaning(String si, double scale, double shift) {}

    private static final Map<String, String> SPELLINGS = new HashMap<>();
    private static final Map<String, Meaning> MEANINGS = Map.ofEntries(
            Map.entry("km/h", new Meaning("m/s", 1 / 3.6, 0)),
            Map.entry("mph", new Meaning("m/s", 0.44704, 0)),
            Map.entry("m/s", new Meaning("m/s", 1, 0)),
            Map.entry("degC", new Meaning("K", 1, 273.15)),
            Map.entry("degF", new Meaning("K", 5 / 9.0, 459.67 * 5 / 9)),
            Map.entry("K", new Meaning("K", 1, 0)),
            Map.entry("kPa", new Meaning("Pa", 1_000, 0)),
            Map.entry("Pa", new Meaning("Pa", 1, 0)),
            Map.entry("bar", new Meaning("Pa", 100_000, 0)),
            Map.entry("psi", new Meaning("Pa", 6_894.757293168, 0)),
            Map.entry("rpm", new Meaning("rad/s", Math.PI / 30, 0)),
            Map.entry("rad/s", new Meaning("rad/s", 1, 0)),
            Map.entry("deg", new Meaning("rad", Math.PI / 180, 0)),
            Map.entry("rad", new Meaning("rad", 1, 0)),
            Map.entry("g", new Meaning("m/s2", 9.80665, 0)),
            Map.entry("m/s2", new Meaning("m/s2", 1, 0)),
            Map.entry("N.m", new Meaning("N.m", 1, 0)),
            Map.entry("mm", new Meaning("m", 0.001, 0)),
            Map.entry("cm", new Meaning("m", 0.01, 0)),
            Map.entry("m", new Meaning("m", 1, 0)),
            Map.entry("km", new Meaning("m", 1_000, 0)),
            Map.entry("L", new Meaning("m3", 0.001, 0)),
            Map.entry("kW", new Meaning("W", 1_000, 0)),
            Map.entry("s", new Meaning("s", 1, 0)),
            Map.entry("ms", new Meaning("s", 0.001, 0)));

    static {
        spell("km/h", "kph", "kmh", "km/hr", "kmph");
        spell("degC", "c", "°c", "deg c", "celsius", "degrees c");
        spell("degF", "f", "°f", "deg f", "fahrenheit");
        spell("N.m", "nm", "n m", "n*m");
        spell("rpm", "1/min", "r/min", "revs");
        spell("m/s2", "m/s/s", "m/s^2", "m/s²");
        spell("g", "gs", "g force");
        spell("deg", "°", "degrees");
        spell("%", "percent", "pct");
        spell("s", "sec", "secs", "second", "seconds");
        spell("ms", "msec", "millisecond", "milliseconds");
        spell("L", "l", "litre", "litres", "liter", "liters");
    }

    private LogUnits() {}

    private static void spell(String unit, String... others) {
        for (String other : others) {
            SPELLINGS.put(other, unit);
        }
    }

    /** One spelling for all; a word that a format can hold, empty where there is none. */
    static String canonical(String written) {
        final String unit = written.strip();
        if (MEANINGS.containsKey(unit)) {
            return unit;
        }
        final String lower = unit.toLowerCase(Locale.ROOT);
        for (String known : MEANINGS.keySet()) {
            if (known.toLowerCase(Locale.ROOT).equals(lower)) {
                return known;
            }
        }
        final String spelled = SPELLINGS.get(lower);
        if (spelled != null) {
            return spelled;
        }
        final String word = unit.replaceAll("[\\s\"\\p{Cntrl}]+", "_").replaceAll("^#+", "");
        return word.substring(0, Math.min(20, word.length()));
    }

    /** Can values be converted? */
    static boolean converts(String from, String to) {
        return from.equals(to)
                || (MEANINGS.containsKey(from)
                        && MEANINGS.containsKey(to)
                        && MEANINGS.get(from).si().equals(MEANINGS.get(to).si()));
    }

    /** A value in another unit. */
    static double convert(double value, String from, String to) {
        if (from.equals(to)) {
            return value;
        }
        final Meaning source = MEANINGS.get(from);
        final Meaning target = MEANINGS.get(to);
        return (value * source.scale() + source.shift() - target.shift()) / target.scale();
    }

    /** The line that declares a unit in a format. */
    static String declaration(String unit) {
        final Meaning meaning = MEANINGS.get(unit);
        return meaning == null
                ? "unit " + unit
                : "unit " + unit + " " + meaning.si() + " " + meaning.scale() + " " + meaning.shift();
    }
}
