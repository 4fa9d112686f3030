package io.slipstream.replay.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Texts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Texts() {}

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        // Nothing is rounded up to a thousand of the smaller unit.
        while (value >= (unit == 0 ? 1000 : 999.95) && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number of things: 1 frame, 2,000 frames. */
    static String counted(long value, String thing) {
        final String plural = thing.endsWith("ch") || thing.endsWith("s") ? "es" : "s";
        return count(value) + " " + thing + (value == 1 ? "" : plural);
    }

    /** A name that another program chose, fit to be shown in a terminal. */
    static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    /** A time span as the options take it. */
    static String duration(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** Lap times as racers write them: 1:38.087, or 16.843 below a minute. */
    static String lapTime(Double seconds) {
        if (seconds == null) {
            return "-";
        }
        final long millis = Math.round(seconds * 1000);
        return millis < 60_000
                ? String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000)
                : String.format(Locale.ROOT, "%d:%02d.%03d", millis / 60_000, millis / 1000 % 60, millis % 1000);
    }

    static String clock(double seconds) {
        final long whole = (long) seconds;
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }
}
