package io.slipstream.replay.cli;

import io.slipstream.replay.channel.LapChoice;
import io.slipstream.replay.edit.TimeRange;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Stretches of a session as people name them: by laps, and by markers. What the session does not have is an
 * IllegalArgumentException that says what it has.
 */
final class SessionRanges {
    private static final Pattern NUMBER = Pattern.compile("#(\\d{1,9})");

    private final SessionReader session;

    SessionRanges(SessionReader session) {
        this.session = session;
    }

    /** As {@link LapChoice} reads them. */
    List<TimeRange> laps(String text) {
        return LapChoice.parse(text, session.laps()).stream()
                .map(lap -> new TimeRange(lap.startNs(), lap.endNs()))
                .toList();
    }

    /** {@code A..B}, {@code A..} or {@code ..B}; from the frame that was there when the first was set. */
    TimeRange markers(String text) {
        final int dots = text.indexOf("..");
        if (dots < 0 || text.length() == 2) {
            throw new IllegalArgumentException(
                    "--markers " + text + ": write two markers as A..B, or one as A.. or ..B");
        }
        final String from = text.substring(0, dots);
        final String to = text.substring(dots + 2);
        final long start =
                from.isEmpty() ? Long.MIN_VALUE : frameAt(marker(from).timestampNs());
        final long end = to.isEmpty() ? Long.MAX_VALUE : marker(to).timestampNs();
        if (start >= end) {
            throw new IllegalArgumentException("--markers " + text + ": the second is not after the first");
        }
        return new TimeRange(start, end);
    }

    private SessionInfo.Marker marker(String name) {
        final List<SessionInfo.Marker> markers = session.markers();
        final Matcher number = NUMBER.matcher(name);
        if (number.matches()) {
            final int index = Integer.parseInt(number.group(1));
            if (index < 1 || index > markers.size()) {
                throw new IllegalArgumentException("there is no marker " + name + ": " + session.path() + " has "
                        + (markers.isEmpty() ? "none" : "#1 to #" + markers.size()));
            }
            return markers.get(index - 1);
        }
        final List<SessionInfo.Marker> found =
                markers.stream().filter(marker -> marker.label().equals(name)).toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException(found.size() + " markers are called '" + name
                    + "': name it by its number, as #" + (markers.indexOf(found.getFirst()) + 1));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no marker '" + name + "': " + session.path() + " has "
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
