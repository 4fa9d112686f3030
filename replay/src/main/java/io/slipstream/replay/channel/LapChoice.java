package io.slipstream.replay.channel;

import io.slipstream.telemetry.session.LapSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Laps as people name them: {@code 2-4,6}, {@code 2-}, {@code best}, {@code last}, {@code all}. */
public final class LapChoice {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(-(\\d{1,9})?)?");

    private LapChoice() {}

    /**
     * The laps that a text names.
     *
     * @param text numbers and ranges of them, parted by commas; {@code 2-} is all from 2 on; {@code best}, the fastest whole and valid lap; {@code last}, the last
     *     complete one; {@code all}.
     * @param laps of the session.
     * @return those named, in order of time, each once.
     * @throws IllegalArgumentException where the text names no lap of the session; the message says what there is.
     */
    public static List<LapSpan> parse(String text, List<LapSpan> laps) {
        final Set<LapSpan> chosen = new LinkedHashSet<>();
        for (String part : text.strip().split(",", -1)) {
            chosen.addAll(part(part.strip(), laps));
        }
        return chosen.stream()
                .sorted(Comparator.comparingLong(LapSpan::startNs))
                .toList();
    }

    private static List<LapSpan> part(String text, List<LapSpan> laps) {
        return switch (text) {
            case "all" -> laps;
            case "best" ->
                List.of(laps.stream()
                        .filter(lap -> lap.complete() && lap.whole() && lap.valid() && !Double.isNaN(lap.time()))
                        .min(Comparator.comparingDouble(LapSpan::time))
                        .orElseThrow(() -> problem(text, "no lap is whole, valid and timed", laps)));
            case "last" -> {
                final List<LapSpan> complete =
                        laps.stream().filter(LapSpan::complete).toList();
                if (complete.isEmpty()) {
                    throw problem(text, "no lap was completed", laps);
                }
                yield List.of(complete.getLast());
            }
            default -> numbered(text, laps);
        };
    }

    private static List<LapSpan> numbered(String text, List<LapSpan> laps) {
        final Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw problem(text, "give numbers as 2-4,6 or 2-, or best, last or all", laps);
        }
        final long first = Long.parseLong(matcher.group(1));
        final long last = matcher.group(2) == null
                ? first
                : matcher.group(3) == null ? Long.MAX_VALUE : Long.parseLong(matcher.group(3));
        final List<LapSpan> found = new ArrayList<>();
        for (LapSpan lap : laps) {
            if (lap.lap() >= first && lap.lap() <= last) {
                found.add(lap);
            }
        }
        if (found.isEmpty()) {
            throw problem(text, "the session has no such lap", laps);
        }
        return found;
    }

    private static IllegalArgumentException problem(String text, String what, List<LapSpan> laps) {
        final String there = laps.isEmpty()
                ? "it has none"
                : "it has "
                        + laps.stream()
                                .limit(40)
                                .map(lap -> lap.lap() + (lap.complete() ? "" : " (not completed)"))
                                .collect(Collectors.joining(", "))
                        + (laps.size() > 40 ? ", ..." : "");
        return new IllegalArgumentException("laps '" + text + "': " + what + "; " + there);
    }
}
