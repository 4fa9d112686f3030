package io.slipstream.queue;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import uk.co.real_logic.sbe.otf.OtfMessageDecoder;

/**
 * Prints any message as one line of JSON from its schema's IR alone. Values that are null or not a number print as
 * {@code null}; bytes with no character encoding print as a hexadecimal string. Not safe for several threads at once.
 */
public final class MessagePrinter {
    private final SchemaStore schemas;
    private final Int2ObjectHashMap<MessageSchema> cache = new Int2ObjectHashMap<>();
    private final JsonTokenWriter writer = new JsonTokenWriter();

    /**
     * Creates a printer.
     *
     * @param schemas that the messages were published with.
     */
    public MessagePrinter(SchemaStore schemas) {
        this.schemas = schemas;
    }

    /**
     * Appends a message: {@code {"position":…,"time":…,"source":…,"type":"…","body":{…}}}, {@code time} in ns since the
     * Unix epoch. Where the queue has no schema for the message, or the body is damaged, {@code body} is null and
     * {@code error} says why.
     *
     * @param message to print.
     * @param output to append to.
     */
    public void print(Message message, StringBuilder output) {
        output.append("{\"position\":").append(message.position());
        output.append(",\"time\":").append(message.timestamp());
        output.append(",\"source\":").append(message.sourceId());
        final MessageSchema schema = schema(message);
        final String name = schema == null ? null : schema.templateName(message.templateId());
        if (name == null) {
            output.append(",\"type\":\"").append(message.schemaId()).append('.').append(message.templateId());
            output.append("\",\"body\":null,\"error\":\"no schema ").append(message.schemaId());
            output.append(" with template ").append(message.templateId()).append(" in the queue\"}");
            return;
        }
        output.append(",\"type\":\"").append(name).append("\",\"body\":");
        final int mark = output.length();
        try {
            printBody(message, schema, output);
            output.append('}');
        } catch (IndexOutOfBoundsException e) {
            output.setLength(mark);
            output.append("null,\"error\":\"the body is shorter than it says\"}");
        }
    }

    /**
     * Appends a message for people: its type, then its body as {@link #print} has it.
     *
     * @param message to print.
     * @param output to append to.
     */
    public void printPlain(Message message, StringBuilder output) {
        final MessageSchema schema = schema(message);
        final String name = schema == null ? null : schema.templateName(message.templateId());
        if (name == null) {
            output.append(message.schemaId()).append('.').append(message.templateId());
            output.append("  (").append(message.length()).append(" bytes, no schema in the queue)");
            return;
        }
        output.append(name).append("  ");
        final int mark = output.length();
        try {
            printBody(message, schema, output);
        } catch (IndexOutOfBoundsException e) {
            output.setLength(mark);
            output.append("(the body is shorter than it says)");
        }
    }

    /**
     * Appends a message's body alone, as one JSON object.
     *
     * @param message to print.
     * @param output to append to.
     * @throws QueueException if the queue has no schema for the message.
     */
    public void printBody(Message message, StringBuilder output) {
        final MessageSchema schema = schema(message);
        if (schema == null || schema.templateName(message.templateId()) == null) {
            throw new QueueException(
                    "no schema " + message.schemaId() + " with template " + message.templateId() + " in the queue");
        }
        printBody(message, schema, output);
    }

    private void printBody(Message message, MessageSchema schema, StringBuilder output) {
        // The window ends where the body does, so that a length field that lies cannot read past it.
        final UnsafeBuffer body = new UnsafeBuffer(message.buffer(), message.offset(), message.length());
        writer.begin(output);
        OtfMessageDecoder.decode(
                body,
                0,
                message.version(),
                message.blockLength(),
                schema.ir().getMessage(message.templateId()),
                writer);
    }

    private MessageSchema schema(Message message) {
        final int key = message.schemaId() << 16 | message.version();
        MessageSchema schema = cache.get(key);
        if (schema == null) {
            schema = schemas.find(message.schemaId(), message.version());
            if (schema != null) {
                cache.put(key, schema);
            }
        }
        return schema;
    }
}
