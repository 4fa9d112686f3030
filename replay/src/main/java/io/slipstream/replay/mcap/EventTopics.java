package io.slipstream.replay.mcap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.event.EventCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import java.io.IOException;
import java.util.Map;

/**
 * The topics of what happened: every event as it is, laps with their times for plots, and a log for people. Of the events that
 * belong to what was chosen.
 */
final class EventTopics implements AutoCloseable {
    private static final String LAP_COMPLETED = "LapCompleted";

    private final McapWriter writer;
    private final EventCursor events;
    private final SampleSelection selection;
    private final int event;
    private final int lap;
    private final int log;
    private final JsonText json = new JsonText();
    private boolean pending;

    EventTopics(McapWriter writer, SessionReader session, SampleSelection selection) {
        this.writer = writer;
        this.selection = selection;
        event = channel("slipstream.Event", "/event", JsonSchemas.event());
        lap = channel("slipstream.Lap", "/lap", JsonSchemas.lap());
        log = channel("foxglove.Log", "/log", JsonSchemas.log());
        events = new EventCursor(session);
        pending = events.next();
    }

    private int channel(String schema, String topic, byte[] description) {
        return writer.channel(writer.schema(schema, "jsonschema", description), topic, "json", Map.of());
    }

    /** Writes the events that are not after a time. */
    void writeUntil(long timestampNs) throws IOException {
        while (pending && events.timestampNs() <= timestampNs) {
            if (isChosen()) {
                writeEvent();
                writeLog();
                if (events.type().equals(LAP_COMPLETED)) {
                    writeLap();
                }
            }
            pending = events.next();
        }
    }

    /** What ends a lap comes with the first frame after it, and belongs to it. */
    private boolean isChosen() {
        final long time = events.timestampNs();
        if (time < selection.fromNs() || time >= selection.toNs()) {
            return false;
        }
        if (selection.laps().isEmpty()) {
            return true;
        }
        final long number = events.lap();
        for (LapSpan span : selection.laps()) {
            if (span.lap() == number && time >= span.startNs() && time <= span.endNs()) {
                return true;
            }
        }
        return false;
    }

    private void writeEvent() throws IOException {
        json.begin().name("\"type\"").text(events.type()).name("\"frame\"").number(events.frame());
        json.name("\"lap\"").number(events.lap());
        json.name("\"detail\"").raw(ascii(events.detail().toString())).end();
        send(event);
    }

    private void writeLap() throws IOException {
        final ObjectNode detail = events.detail();
        json.begin().name("\"lap\"").number(events.lap()).name("\"frame\"").number(events.frame());
        seconds("time", detail);
        for (int sector = 1; sector <= 3; sector++) {
            seconds("sector" + sector, detail);
        }
        json.name("\"valid\"").flag(detail.path("invalidated").asInt() == 0);
        json.name("\"whole\"").flag(detail.path("whole").asInt() != 0).end();
        send(lap);
    }

    private void seconds(String name, ObjectNode detail) {
        final JsonNode value = detail.path(name);
        if (value.isNumber()) {
            json.name(JsonText.quote(name)).raw(value.toString());
        }
    }

    private void writeLog() throws IOException {
        json.begin().name("\"timestamp\"").time(events.timestampNs());
        json.name("\"level\"").number(EventWords.level(events.type(), events.detail()));
        json.name("\"message\"").text(EventWords.sentence(events.type(), events.detail()));
        json.name("\"name\"").text("slipstream");
        json.name("\"file\"").text("").name("\"line\"").number(0L).end();
        send(log);
    }

    private void send(int channel) throws IOException {
        final int length = json.finish();
        writer.message(channel, events.timestampNs(), json.buffer(), 0, length);
    }

    /** JSON with its other letters escaped; those stand in texts alone. */
    private static String ascii(String text) {
        final StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < 0x7F) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    @Override
    public void close() {
        events.close();
    }
}
