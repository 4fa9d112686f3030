package io.slipstream.replay.mcap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;

/** Events in words, for a log that people read. */
final class EventWords {
    /** Foxglove's level of what is merely to be known. */
    static final int INFO = 2;

    /** Foxglove's level of what people should look at. */
    static final int WARNING = 3;

    private static final Set<String> QUIET_FLAGS = Set.of("NONE", "GREEN", "BLUE", "WHITE_FINAL_LAP", "CHEQUERED");

    private EventWords() {}

    static int level(String type, ObjectNode detail) {
        return switch (type) {
            case "FlagChanged" -> QUIET_FLAGS.contains(detail.path("flag").asText()) ? INFO : WARNING;
            case "Gap" -> WARNING;
            case "LapCompleted" -> detail.path("invalidated").asInt() == 0 ? INFO : WARNING;
            default -> detail.has("error") ? WARNING : INFO;
        };
    }

    static String sentence(String type, ObjectNode detail) {
        return switch (type) {
            case "LapCompleted" ->
                "Lap " + detail.path("lap").asLong() + ": " + time(detail.path("time"))
                        + (detail.path("invalidated").asInt() == 0 ? "" : ", invalidated");
            case "SectorCompleted" ->
                "Lap " + detail.path("lap").asLong() + ", sector "
                        + detail.path("sector").asLong() + ": " + time(detail.path("time"));
            case "FlagChanged" -> "Flag: " + words(detail.path("flag"));
            case "PitChanged" -> "Pit: " + words(detail.path("mode"));
            case "Gap" ->
                detail.path("missed").asLong() + " frames were not seen, in "
                        + String.format(
                                Locale.ROOT, "%.3f s", detail.path("duration").asDouble() / 1e9);
            case "Marker" -> "Marker" + (text(detail, "label").isEmpty() ? "" : ": " + text(detail, "label"));
            case "SessionStarted" ->
                "Session: " + text(detail, "car") + " at "
                        + (text(detail, "track") + " " + text(detail, "variation")).strip();
            case "SessionEnded" -> "Session ended";
            case "SourceChanged" -> "Source: " + words(detail.path("status"));
            default -> type + " " + detail;
        };
    }

    private static String text(ObjectNode detail, String name) {
        return detail.path(name).asText("");
    }

    private static String words(JsonNode name) {
        return name.asText("?").toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String time(JsonNode seconds) {
        if (!seconds.isNumber()) {
            return "time unknown";
        }
        final long millis = Math.round(seconds.asDouble() * 1000);
        return millis < 60_000
                ? String.format(Locale.ROOT, "%d.%03d", millis / 1000, millis % 1000)
                : String.format(Locale.ROOT, "%d:%02d.%03d", millis / 60_000, millis / 1000 % 60, millis % 1000);
    }
}
