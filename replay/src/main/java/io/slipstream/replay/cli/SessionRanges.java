package io.slipstream.replay.cli;

import io.slipstream.replay.edit.TimeRange;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Stretches of a session as people name them: by laps, and by markers. */
final class SessionRanges {
    private static final Pattern LAPS = Pattern.compile("(\\d{1,9})(-(\\d{1,9})?)?");
    private static final Pattern NUMBER = Pattern.compile("#(\\d{1,9})");

    private final SessionReader session;

    SessionRanges(SessionReader session) {
        this.session = session;
    }

    /** {@code 3}, {@code 2-4}, {@code 2-}, or several with commas between them. */
    List<TimeRange> laps(String text) {
        final List<LapSpan> laps = session.laps();
        final List<TimeRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            final Matcher matcher = LAPS.matcher(part.trim());
            if (!matcher.matches()) {
                throw new CommandFailure("--laps " + text + ": write laps as 3, as 2-4, as 2-, or as 1,3-5");
            }
            final long first = Long.parseLong(matcher.group(1));
            final long last = matcher.group(2) == null
                    ? first
                    : matcher.group(3) == null ? Long.MAX_VALUE : Long.parseLong(matcher.group(3));
            final List<LapSpan> chosen = laps.stream()
                    .filter(lap -> lap.lap() >= first && lap.lap() <= last)
                    .toList();
            if (chosen.isEmpty()) {
                throw new CommandFailure("--laps " + part.trim() + ": " + session.path() + " has laps "
                        + laps.stream().map(lap -> String.valueOf(lap.lap())).collect(Collectors.joining(", ")));
            }
            chosen.forEach(lap -> ranges.add(new TimeRange(lap.startNs(), lap.endNs())));
        }
        return ranges;
    }

    /** {@code A..B}, {@code A..} or {@code ..B}; from the frame that was there when the first was set. */
    TimeRange markers(String text) {
        final int dots = text.indexOf("..");
        if (dots < 0 || text.length() == 2) {
            throw new CommandFailure("--markers " + text + ": write two markers as A..B, or one as A.. or ..B");
        }
        final String from = text.substring(0, dots);
        final String to = text.substring(dots + 2);
        final long start =
                from.isEmpty() ? Long.MIN_VALUE : frameAt(marker(from).timestampNs());
        final long end = to.isEmpty() ? Long.MAX_VALUE : marker(to).timestampNs();
        if (start >= end) {
            throw new CommandFailure("--markers " + text + ": the second is not after the first");
        }
        return new TimeRange(start, end);
    }

    private SessionInfo.Marker marker(String name) {
        final List<SessionInfo.Marker> markers = session.markers();
        final Matcher number = NUMBER.matcher(name);
        if (number.matches()) {
            final int index = Integer.parseInt(number.group(1));
            if (index < 1 || index > markers.size()) {
                throw new CommandFailure("there is no marker " + name + ": " + session.path() + " has "
                        + (markers.isEmpty() ? "none" : "#1 to #" + markers.size()));
            }
            return markers.get(index - 1);
        }
        final List<SessionInfo.Marker> found =
                markers.stream().filter(marker -> marker.label().equals(name)).toList();
        if (found.size() > 1) {
            throw new CommandFailure(found.size() + " markers are called '" + name + "': name it by its number, as #"
                    + (markers.indexOf(found.getFirst()) + 1));
        }
        if (found.isEmpty()) {
            throw new CommandFailure("there is no marker '" + name + "': " + session.path() + " has "
                    + (markers.isEmpty()
                            ? "none"
                            : markers.stream()
                                    .map(marker -> "'" + Texts.printable(marker.label()) + "'")
                                    .collect(Collectors.joining(", "))));
        }
        return found.getFirst();
    }

    /** When the last frame was captured that is not after a time; the time itself where there is none within a second. */
    private long frameAt(long timestampNs) {
        long found = timestampNs;
        try (FrameCursor frames = session.frames()) {
            frames.toTime(timestampNs - 1_000_000_000L);
            while (frames.next() && frames.timestamp() <= timestampNs) {
                found = frames.timestamp();
            }
        }
        return found;
    }
}
