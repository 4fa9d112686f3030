package io.slipstream.replay.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 500ms}, {@code 20s}, {@code 1m30s}, {@code 2h}; a bare number is seconds. */
final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)?");

    private Durations() {}

    static Duration parse(String text) {
        final Matcher matcher = PART.matcher(text.toLowerCase(Locale.ROOT));
        double seconds = 0;
        int at = 0;
        while (at < text.length() && matcher.find(at) && matcher.start() == at) {
            final double value = Double.parseDouble(matcher.group(1));
            final String unit = matcher.group(2) == null ? "s" : matcher.group(2);
            seconds += value
                    * switch (unit) {
                        case "ms" -> 1e-3;
                        case "m" -> 60;
                        case "h" -> 3600;
                        case "d" -> 86_400;
                        default -> 1;
                    };
            at = matcher.end();
        }
        if (at != text.length() || text.isEmpty() || seconds > 1e9) {
            throw new TypeConversionException("'" + text + "' is not a duration: write it as 500ms, 20s, 1m30s or 2h");
        }
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
