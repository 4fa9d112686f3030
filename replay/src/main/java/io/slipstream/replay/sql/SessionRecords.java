package io.slipstream.replay.sql;

import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.List;
import java.util.Objects;

/** The tables of sessions and of laps: their columns, and a record for each row. */
final class SessionRecords {
    /** One row a session. */
    static final Table SESSIONS = new Table(
            "sessions",
            "One row a session",
            List.of(
                    text("session", "Name of the session's directory"),
                    text("name", "That the user gave it; empty if none"),
                    new Column("started", ColumnType.TIMESTAMP_NS, "", "When the first frame was captured, UTC"),
                    number("duration", "s", "From the first frame to the last"),
                    count("frames", "That were recorded"),
                    number("rate", "Hz", "Frames a second"),
                    count("laps", "That were completed"),
                    number("best_lap", "s", "The fastest lap that the game did not invalidate"),
                    text("game", "Title of the block format"),
                    text("track", "As the game calls it"),
                    text("variation", "Of the track"),
                    number("track_length", "m", "Length of the track"),
                    text("car", "As the game calls it"),
                    text("car_class", "As the game calls it"),
                    count("missed", "Frames that the game wrote and nobody saw"),
                    count("gaps", "Places where frames are missing"),
                    count("torn", "Frames whose two engine speeds disagree"),
                    count("lost", "Frames that could not be recorded"),
                    flag("synthetic", "True if a simulator wrote the block, not a game"),
                    flag("finished", "False while it is recorded, or if the recorder died"),
                    count("bytes", "That the session takes on disk"),
                    text("path", "Where the session is")));

    /** One row a lap. */
    static final Table LAPS = new Table(
            "laps",
            "One row a lap, that being driven at the end included",
            List.of(
                    text("session", "Name of the session's directory"),
                    count("lap", "Number, from 1"),
                    number("time", "s", "As the game timed it, or else by the clock; null if not known"),
                    number("sector1", "s", "Time in sector 1"),
                    number("sector2", "s", "Time in sector 2"),
                    number("sector3", "s", "Time in sector 3"),
                    flag("complete", "True if the player crossed the line at its end"),
                    flag("whole", "True if it was recorded from line to line"),
                    flag("valid", "False if the game invalidated it"),
                    new Column("started", ColumnType.TIMESTAMP_NS, "", "When its first frame was captured, UTC"),
                    number("start_time", "s", "From the session's first frame to the lap's"),
                    number("duration", "s", "From its first frame to the next lap's, by the recording's clock"),
                    count("first_frame", "Place of its first frame in the session, from 0"),
                    count("frames", "Frames in it")));

    private static final double NS = 1e9;

    private SessionRecords() {}

    static Object[] session(OpenedSession session) {
        final SessionInfo info = session.info();
        return new Object[] {
            session.name(),
            info.name(),
            info.startedNs(),
            info.durationSeconds(),
            info.frames(),
            info.rateHz(),
            (long) info.laps().size(),
            info.laps().stream()
                    .filter(lap -> lap.valid() && lap.whole())
                    .map(SessionInfo.Lap::time)
                    .filter(Objects::nonNull)
                    .min(Double::compare)
                    .orElse(null),
            info.game(),
            info.track(),
            info.variation(),
            info.trackLength(),
            info.car(),
            info.carClass(),
            info.missed(),
            info.gaps(),
            info.torn(),
            info.lost(),
            info.synthetic(),
            info.finished(),
            info.bytes(),
            session.path().toString()
        };
    }

    static List<Object[]> laps(OpenedSession session, SessionReader reader) {
        return reader.laps().stream()
                .map(span -> lap(session, span, reader.startNs()))
                .toList();
    }

    private static Object[] lap(OpenedSession session, LapSpan span, long startNs) {
        // A lap is only known to be over up to two seconds after its line; laps driven again come later still.
        final List<Double> sectors = session.info().laps().stream()
                .filter(lap -> span.complete() && lap.lap() == span.lap() && lap.endedNs() >= span.endNs())
                .map(SessionInfo.Lap::sectors)
                .findFirst()
                .orElse(List.of());
        return new Object[] {
            session.name(),
            span.lap(),
            Double.isNaN(span.time()) ? null : (Double) span.time(),
            sector(sectors, 0),
            sector(sectors, 1),
            sector(sectors, 2),
            span.complete(),
            span.whole(),
            span.valid(),
            span.startNs(),
            (span.startNs() - startNs) / NS,
            (span.endNs() - span.startNs()) / NS,
            span.firstFrame(),
            span.endFrame() - span.firstFrame()
        };
    }

    private static Double sector(List<Double> sectors, int place) {
        return place < sectors.size() ? sectors.get(place) : null;
    }

    private static Column text(String name, String description) {
        return new Column(name, ColumnType.VARCHAR, "", description);
    }

    private static Column number(String name, String unit, String description) {
        return new Column(name, ColumnType.DOUBLE, unit, description);
    }

    private static Column count(String name, String description) {
        return new Column(name, ColumnType.BIGINT, "", description);
    }

    private static Column flag(String name, String description) {
        return new Column(name, ColumnType.BOOLEAN, "", description);
    }
}
