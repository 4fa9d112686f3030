package io.slipstream.replay.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of day and short spans as people read them. */
final class Moments {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Moments() {}

    /** The time of day of a timestamp in ns since the Unix epoch. */
    static String time(long timestampNs) {
        return TIME.format(instant(timestampNs));
    }

    /** The date and time of a timestamp in ns since the Unix epoch. */
    static String dateTime(long timestampNs) {
        return DATE_TIME.format(instant(timestampNs));
    }

    private static Instant instant(long timestampNs) {
        return Instant.ofEpochSecond(
                Math.floorDiv(timestampNs, 1_000_000_000L), Math.floorMod(timestampNs, 1_000_000_000L));
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
