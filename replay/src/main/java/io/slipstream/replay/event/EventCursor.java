package io.slipstream.replay.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessagePrinter;
import io.slipstream.queue.SchemaStore;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionSummary;
import java.util.List;

/**
 * Goes over a session's events in order: laps, sectors, flags, pits, gaps, markers, and whatever newer recorders add. They are
 * read by the schemas that the session brings. Single-threaded.
 */
public final class EventCursor implements AutoCloseable {
    private static final int FIRST_EVENT_TEMPLATE = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageCursor messages;
    private final MessagePrinter printer;
    private final List<LapSpan> laps;
    private final StringBuilder text = new StringBuilder();
    private long frame = -1;
    private int span;
    private long timestamp;
    private String type;
    private ObjectNode detail;

    /**
     * Creates a cursor before the first event.
     *
     * @param reader of the session; close the cursor before it.
     */
    public EventCursor(SessionReader reader) {
        messages = reader.messages();
        printer = new MessagePrinter(new SchemaStore(reader.path()));
        laps = reader.laps();
    }

    /**
     * Moves to the next event.
     *
     * @return false at the end of the session.
     */
    public boolean next() {
        while (true) {
            final Message message = messages.next();
            if (message == null) {
                return false;
            }
            if (message.schemaId() != SessionSummary.SCHEMA_ID) {
                continue;
            }
            final int template = message.templateId();
            if (template == KeyframeDecoder.TEMPLATE_ID || template == DeltaDecoder.TEMPLATE_ID) {
                frame++;
            } else if (template >= FIRST_EVENT_TEMPLATE) {
                onEvent(message);
                return true;
            }
        }
    }

    private void onEvent(Message message) {
        timestamp = message.timestamp();
        text.setLength(0);
        printer.print(message, text);
        final JsonNode printed;
        try {
            printed = JSON.readTree(text.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("event " + message.templateId() + " is not printed as JSON: " + text, e);
        }
        type = printed.path("type").asText();
        // One that is damaged, or of a schema that the session does not bring, says why it is empty.
        detail = printed.get("body") instanceof ObjectNode body
                ? body
                : JSON.createObjectNode().put("error", printed.path("error").asText());
    }

    /**
     * The event's type.
     *
     * @return name of its message, as {@code LapCompleted}.
     */
    public String type() {
        return type;
    }

    /**
     * When it happened.
     *
     * @return ns since the Unix epoch.
     */
    public long timestampNs() {
        return timestamp;
    }

    /**
     * The last frame before it.
     *
     * @return place of the frame in the session, from 0; -1 before the first.
     */
    public long frame() {
        return frame;
    }

    /**
     * The lap that it belongs to: the one that it names, or else the one that was driven.
     *
     * @return number, from 1; 0 where there is none.
     */
    public long lap() {
        final JsonNode named = detail.get("lap");
        if (named != null && named.canConvertToLong()) {
            return named.longValue();
        }
        while (span < laps.size() - 1 && timestamp >= laps.get(span).endNs()) {
            span++;
        }
        return laps.isEmpty() ? 0 : laps.get(span).lap();
    }

    /**
     * What else the event says.
     *
     * @return its fields by name; a new object for each event.
     */
    public ObjectNode detail() {
        return detail;
    }

    @Override
    public void close() {
        messages.close();
    }
}
