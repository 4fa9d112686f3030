package io.slipstream.replay.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.Locale;

/** What the API says, as JSON. Times are in seconds. */
final class ControlJson {
    /** One object a request, each field of it once: what is said twice might be meant otherwise. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final double NS = 1e9;

    private ControlJson() {}

    static JsonNode parse(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    static String state(PlaybackState state) {
        final ObjectNode node = JSON.createObjectNode();
        final boolean unpaced = state.rate() == Double.POSITIVE_INFINITY;
        node.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
        node.put("position", state.positionNs() / NS);
        node.put("duration", state.durationNs() / NS);
        node.put("from", state.fromNs() / NS);
        node.put("to", state.toNs() / NS);
        node.put("loop", state.loop());
        if (state.region() == null) {
            node.putNull("region");
        } else {
            region(node.putObject("region"), state.region());
        }
        node.put("lap", state.lap());
        node.put("frame", state.frame());
        // JSON has no infinity.
        node.put("unpaced", unpaced);
        if (unpaced) {
            node.putNull("speed");
        } else {
            node.put("speed", state.rate());
        }
        node.put("measuredSpeed", state.measuredRate());
        node.put("loops", state.loops());
        node.put("played", state.played());
        node.put("dropped", state.dropped());
        node.put("damaged", state.damaged());
        node.put("shifted", state.shiftedNs() / NS);
        node.put("lateP99", state.lateP99Ns() / NS);
        node.put("lateMax", state.lateMaxNs() / NS);
        return text(node);
    }

    private static void region(ObjectNode node, LoopRegion region) {
        node.put("from", region.fromNs() / NS);
        node.put("to", region.toNs() / NS);
    }

    static String session(SessionReader session) {
        final SessionInfo info = session.info();
        final long startNs = session.startNs();
        final ObjectNode node = JSON.createObjectNode();
        node.put(
                "directory",
                String.valueOf(session.path().toAbsolutePath().normalize().getFileName()));
        node.put("name", info.name());
        node.put("game", info.game());
        node.put("track", info.track());
        node.put("variation", info.variation());
        node.put("car", info.car());
        node.put("carClass", info.carClass());
        node.put("synthetic", info.synthetic());
        node.put("finished", info.finished());
        node.put("started", info.started());
        node.put("duration", (session.endNs() - startNs) / NS);
        node.put("frames", session.frameCount());
        node.put("rateHz", info.rateHz());
        final ArrayNode laps = node.putArray("laps");
        for (LapSpan lap : session.laps()) {
            final ObjectNode one = laps.addObject();
            one.put("lap", lap.lap());
            if (Double.isNaN(lap.time())) {
                one.putNull("time");
            } else {
                one.put("time", lap.time());
            }
            one.put("complete", lap.complete());
            one.put("whole", lap.whole());
            one.put("valid", lap.valid());
            one.put("start", (lap.startNs() - startNs) / NS);
            one.put("end", (lap.endNs() - startNs) / NS);
        }
        final ArrayNode markers = node.putArray("markers");
        for (SessionInfo.Marker marker : session.markers()) {
            markers.addObject().put("label", marker.label()).put("time", (marker.timestampNs() - startNs) / NS);
        }
        return text(node);
    }

    static String error(String error, String remedy) {
        return text(JSON.createObjectNode().put("error", error).put("remedy", remedy));
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
