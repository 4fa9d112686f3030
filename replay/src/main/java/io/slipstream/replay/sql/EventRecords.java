package io.slipstream.replay.sql;

import io.slipstream.replay.event.EventCursor;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;

/** The table of events: of one session after the other. */
final class EventRecords implements RecordRows.Source {
    /** One row an event. */
    static final Table EVENTS = new Table(
            "events",
            "One row an event: laps, sectors, flags, pits, gaps, markers",
            List.of(
                    new Column("session", ColumnType.VARCHAR, "", "Name of the session's directory"),
                    new Column("timestamp", ColumnType.TIMESTAMP_NS, "", "When it happened, UTC"),
                    new Column("time", ColumnType.DOUBLE, "s", "From the session's first frame"),
                    new Column("type", ColumnType.VARCHAR, "", "LapCompleted, FlagChanged, Marker, ..."),
                    new Column("frame", ColumnType.BIGINT, "", "Place in the session of the frame that it came with"),
                    new Column("lap", ColumnType.BIGINT, "", "The lap that it belongs to, from 1"),
                    new Column("detail", ColumnType.VARCHAR, "", "What else it says, as JSON: detail->>'flag'")));

    private static final double NS = 1e9;

    private final List<OpenedSession> sessions;
    private int at = -1;
    private SessionReader reader;
    private EventCursor events;
    private boolean sought;
    private boolean found;

    EventRecords(List<OpenedSession> sessions) {
        this.sessions = sessions;
    }

    @Override
    public boolean hasNext() {
        if (!sought) {
            found = seek();
            sought = true;
        }
        return found;
    }

    private boolean seek() {
        while (events == null || !events.next()) {
            close();
            if (at == sessions.size() - 1) {
                return false;
            }
            at++;
            try {
                reader = SessionReader.open(sessions.get(at).path());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            events = new EventCursor(reader);
        }
        return true;
    }

    @Override
    public Object[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        sought = false;
        return new Object[] {
            sessions.get(at).name(),
            events.timestampNs(),
            (events.timestampNs() - reader.startNs()) / NS,
            events.type(),
            events.frame() < 0 ? null : (Long) events.frame(),
            events.lap() == 0 ? null : (Long) events.lap(),
            events.detail().toString()
        };
    }

    @Override
    public void close() {
        if (events != null) {
            events.close();
            events = null;
        }
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
