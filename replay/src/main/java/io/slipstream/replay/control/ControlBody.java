package io.slipstream.replay.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.PlayerControl;
import io.slipstream.replay.player.SeekTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The JSON object in a request, checked field by field: one that is not known is refused, so that no wish is lost in silence. */
final class ControlBody {
    /** Sessions are shorter than this many seconds. */
    private static final double LONGEST_S = 1e9;

    private final JsonNode node;

    private ControlBody(JsonNode node) {
        this.node = node;
    }

    /** An absent body is an empty object. */
    static ControlBody of(Context context, String... known) {
        final String text = context.body();
        if (text.isBlank()) {
            return new ControlBody(parse("{}"));
        }
        final String type = context.contentType();
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new ControlException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the body is not JSON",
                    "send it with the header 'Content-Type: application/json'");
        }
        final JsonNode node = parse(text);
        if (!node.isObject()) {
            throw bad("the body is not a JSON object", known);
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!Arrays.asList(known).contains(name)) {
                throw bad("unknown field '" + name + "'", known);
            }
        });
        return new ControlBody(node);
    }

    private static JsonNode parse(String text) {
        try {
            return ControlJson.parse(text);
        } catch (JsonProcessingException e) {
            throw new ControlException(
                    HttpStatus.BAD_REQUEST, "the body is not valid JSON: " + e.getOriginalMessage(), "send one object");
        }
    }

    private static ControlException bad(String error, String... known) {
        return new ControlException(
                HttpStatus.BAD_REQUEST,
                error,
                known.length == 0 ? "send no body" : "send one of these fields: " + String.join(", ", known));
    }

    private boolean has(String name) {
        return node.hasNonNull(name);
    }

    private double seconds(String name) {
        final JsonNode value = node.path(name);
        if (!value.isNumber() || !(Math.abs(value.doubleValue()) <= LONGEST_S)) {
            throw new ControlException(
                    HttpStatus.BAD_REQUEST, "'" + name + "' is " + value + ", no time", "give seconds, as 93.5");
        }
        return value.doubleValue();
    }

    private long ns(String name) {
        return Math.round(seconds(name) * 1e9);
    }

    private long whole(String name, long limit) {
        final JsonNode value = node.path(name);
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() > limit
                || value.longValue() < -limit) {
            throw new ControlException(
                    HttpStatus.BAD_REQUEST, "'" + name + "' is " + value, "give a whole number up to " + limit);
        }
        return value.longValue();
    }

    private boolean flag(String name) {
        if (node.has(name) && !node.path(name).isBoolean()) {
            throw new ControlException(
                    HttpStatus.BAD_REQUEST, "'" + name + "' is " + node.path(name), "give true or false");
        }
        return node.path(name).booleanValue();
    }

    int frames() {
        return has("frames") ? (int) whole("frames", PlayerControl.MOST_STEPS) : 1;
    }

    /** Infinite for unpaced. */
    double speed() {
        if (flag("unpaced")) {
            if (has("speed")) {
                throw bad("both speed and unpaced", "speed", "unpaced");
            }
            return Double.POSITIVE_INFINITY;
        }
        final JsonNode value = node.path("speed");
        if (!value.isNumber() || !(value.doubleValue() >= Player.Options.SLOWEST && value.doubleValue() <= LONGEST_S)) {
            throw new ControlException(
                    HttpStatus.BAD_REQUEST,
                    value.isMissingNode() ? "no speed" : "'speed' is " + value,
                    "give a number from 0.000001 on as {\"speed\": 2}, or {\"unpaced\": true}");
        }
        return value.doubleValue();
    }

    static final String[] SEEK = {"time", "by", "lap", "laps", "marker", "markers", "frame", "to"};

    SeekTarget seek() {
        final List<String> given = Arrays.stream(SEEK).filter(this::has).toList();
        if (given.size() != 1) {
            throw bad(given.isEmpty() ? "nowhere to go" : "several places to go: " + String.join(", ", given), SEEK);
        }
        return switch (given.getFirst()) {
            case "time" -> new SeekTarget.Time(ns("time"));
            case "by" -> new SeekTarget.Relative(ns("by"));
            case "lap" -> new SeekTarget.Lap(whole("lap", Integer.MAX_VALUE));
            case "laps" -> new SeekTarget.LapsAway((int) whole("laps", 1_000_000));
            case "marker" ->
                node.path("marker").isTextual()
                        ? new SeekTarget.MarkerNamed(node.path("marker").textValue())
                        : new SeekTarget.Marker((int) whole("marker", Integer.MAX_VALUE));
            case "markers" -> new SeekTarget.MarkersAway((int) whole("markers", 1_000_000));
            case "frame" -> new SeekTarget.Frame(whole("frame", Long.MAX_VALUE));
            default ->
                switch (node.path("to").asText()) {
                    case "start" -> new SeekTarget.Start();
                    case "end" -> new SeekTarget.End();
                    default ->
                        throw new ControlException(
                                HttpStatus.BAD_REQUEST, "'to' is " + node.path("to"), "give \"start\" or \"end\"");
                };
        };
    }

    static final String[] LOOP = {"from", "to", "whole", "off"};

    private static final String LOOP_REMEDY =
            "give {\"from\": 10, \"to\": 25.5} in seconds, or {\"whole\": true}, or {\"off\": true}";

    /** Refuses what is not exactly one wish. */
    void requireOneLoop() {
        final boolean region = has("from") || has("to");
        if ((isLoopOff() ? 1 : 0) + (isLoopWhole() ? 1 : 0) + (region ? 1 : 0) > 1) {
            throw new ControlException(HttpStatus.BAD_REQUEST, "several loops at once", LOOP_REMEDY);
        }
    }

    boolean isLoopOff() {
        return flag("off");
    }

    boolean isLoopWhole() {
        return flag("whole");
    }

    LoopRegion region() {
        if (!has("from") || !has("to")) {
            throw new ControlException(HttpStatus.BAD_REQUEST, "no region", LOOP_REMEDY);
        }
        return new LoopRegion(ns("from"), ns("to"));
    }
}
