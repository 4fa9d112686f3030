package io.slipstream.replay.mcap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * JSON Schemas of the topics. Those named {@code foxglove.…} are Foxglove's own, which its panels know by name: their fields are
 * what its documentation of message schemas says.
 */
final class JsonSchemas {
    private JsonSchemas() {}

    /** Of the samples: what every sample has, and the channels with their titles and units. */
    static byte[] samples(List<String> fixed, List<Channel> channels) {
        final ObjectNode schema = object("What one sample of the car says; a value that is not set is absent");
        for (String name : fixed) {
            switch (name) {
                case SampleTopic.TIME -> field(schema, name, "number", "Time since the session's first frame, s");
                case SampleTopic.FRAME -> field(schema, name, "integer", "Place of the frame in the session, from 0");
                case SampleTopic.LAP -> field(schema, name, "integer", "The lap being driven, from 1");
                default -> field(schema, name, "number", "Time since the lap began, by the recording's clock, s");
            }
        }
        for (Channel channel : channels) {
            final String unit = channel.unit().isEmpty() ? "" : ", " + channel.unit();
            field(
                    schema,
                    channel.name(),
                    channel.type() == ChannelType.LONG ? "integer" : "number",
                    channel.title() + unit);
        }
        return bytes(schema);
    }

    static byte[] lap() {
        final ObjectNode schema = object("A lap that was completed; a time that is not known is absent");
        field(schema, "lap", "integer", "The lap that ended, from 1");
        field(schema, "frame", "integer", "Place in the session of the first frame after it, from 0");
        field(schema, "time", "number", "As the game times it where it does, else by the recording's clock, s");
        for (int sector = 1; sector <= 3; sector++) {
            field(schema, "sector" + sector, "number", "Time in sector " + sector + ", s");
        }
        field(schema, "valid", "boolean", "False if the game invalidated it");
        field(schema, "whole", "boolean", "True if it was recorded from line to line");
        return bytes(schema);
    }

    static byte[] event() {
        final ObjectNode schema = object("Something that happened");
        field(schema, "type", "string", "Name of the event's message");
        field(schema, "frame", "integer", "Place in the session of the frame that it came with, from 0");
        field(schema, "lap", "integer", "The lap that it belongs to, from 1");
        field(schema, "detail", "object", "Whatever else the event says");
        return bytes(schema);
    }

    static byte[] log() {
        final ObjectNode schema = object("A log message").put("title", "foxglove.Log");
        time(schema);
        final ArrayNode levels = field(schema, "level", null, "Log level").putArray("oneOf");
        final String[] names = {"UNKNOWN", "DEBUG", "INFO", "WARNING", "ERROR", "FATAL"};
        for (int level = 0; level < names.length; level++) {
            levels.addObject().put("title", names[level]).put("const", level);
        }
        field(schema, "message", "string", "Log message");
        field(schema, "name", "string", "Who says it");
        field(schema, "file", "string", "Always empty");
        field(schema, "line", "integer", "Always 0");
        return bytes(schema);
    }

    static byte[] frameTransform() {
        final ObjectNode schema = object("Where the car is").put("title", "foxglove.FrameTransform");
        time(schema);
        field(schema, "parent_frame_id", "string", "The track: x east, y north, z up, m");
        field(schema, "child_frame_id", "string", "The car: x forward, y left, z up");
        vector(field(schema, "translation", "object", "Where the car is on the track, m"), "xyz");
        vector(field(schema, "rotation", "object", "From the car's axes to the track's, a unit quaternion"), "xyzw");
        return bytes(schema);
    }

    private static void time(ObjectNode schema) {
        final ObjectNode time =
                field(schema, "timestamp", "object", "When it was captured").put("title", "time");
        final ObjectNode properties = time.putObject("properties");
        properties.putObject("sec").put("type", "integer").put("minimum", 0);
        properties.putObject("nsec").put("type", "integer").put("minimum", 0).put("maximum", 999_999_999);
    }

    private static void vector(ObjectNode field, String axes) {
        final ObjectNode properties = field.putObject("properties");
        for (int axis = 0; axis < axes.length(); axis++) {
            properties.putObject(axes.substring(axis, axis + 1)).put("type", "number");
        }
    }

    private static ObjectNode object(String description) {
        final ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object").put("description", description).putObject("properties");
        return schema;
    }

    private static ObjectNode field(ObjectNode schema, String name, String type, String description) {
        final ObjectNode field = ((ObjectNode) schema.get("properties")).putObject(name);
        if (type != null) {
            field.put("type", type);
        }
        return field.put("description", description);
    }

    private static byte[] bytes(ObjectNode schema) {
        return schema.toString().getBytes(StandardCharsets.UTF_8);
    }
}
