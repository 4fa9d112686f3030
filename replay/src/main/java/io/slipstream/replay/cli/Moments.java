package io.slipstream.replay.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of day and short spans as people read them. */
final class Moments {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Moments() {}

    /** The time of day of a timestamp in ns since the Unix epoch. */
    static String time(long timestampNs) {
        return TIME.format(
                Instant.ofEpochSecond(timestampNs / 1_000_000_000L, Math.floorMod(timestampNs, 1_000_000_000L)));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
