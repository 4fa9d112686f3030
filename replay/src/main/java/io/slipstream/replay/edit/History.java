package io.slipstream.replay.edit;

import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a session's metadata say of where it came from: one entry that grows with every step. Stateless. */
final class History {
    /** Key of the entry. */
    static final String KEY = "history";

    /** So that a session that is cut again and again does not become a history book. */
    private static final int LONGEST = 4_000;

    private History() {}

    /** Metadata with one more step. */
    static Map<String, String> with(Map<String, String> before, String step) {
        final Map<String, String> metadata = new LinkedHashMap<>(before);
        metadata.merge(KEY, step, (earlier, now) -> shortened(earlier + "; " + now));
        return metadata;
    }

    private static String shortened(String history) {
        return history.length() <= LONGEST ? history : "..." + history.substring(history.length() - LONGEST);
    }

    /** A session's name in a history: its directory's, since what is before it is nobody's business. */
    static String name(Path session) {
        return String.valueOf(session.toAbsolutePath().normalize().getFileName());
    }

    static String cut(Path session, SessionInfo info, List<TimeRange> ranges) {
        final StringBuilder step =
                new StringBuilder("cut from ").append(name(session)).append(": ");
        for (int i = 0; i < ranges.size(); i++) {
            final TimeRange range = ranges.get(i);
            step.append(i == 0 ? "" : ", ")
                    .append(range.fromNs() <= info.startedNs() ? "its start" : instant(range.fromNs()))
                    .append(" to ")
                    .append(range.toNs() == Long.MAX_VALUE ? "its end" : instant(range.toNs()));
        }
        return step.toString();
    }

    private static String instant(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L))
                .toString();
    }
}
