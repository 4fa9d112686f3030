package io.slipstream.replay.mcap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.export.ExportHeader;
import io.slipstream.telemetry.session.SessionInfo;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a file says of the session that it was made from. */
final class SessionFacts {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SessionFacts() {}

    /** The main facts as texts by name; what the user said of the session stands behind them. */
    static Map<String, String> of(ExportHeader header) {
        final SessionInfo info = header.info();
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("name", header.name());
        facts.put("synthetic", String.valueOf(info.synthetic()));
        facts.put("finished", String.valueOf(info.finished()));
        facts.put("game", info.game());
        facts.put("car", info.car());
        facts.put("car_class", info.carClass());
        facts.put("track", info.track());
        facts.put("variation", info.variation());
        facts.put("track_length_m", String.valueOf(info.trackLength()));
        facts.put("started", info.started());
        facts.put("duration_s", String.valueOf(info.durationSeconds()));
        facts.put("frames", String.valueOf(info.frames()));
        facts.put("source_rate_hz", String.valueOf(header.sourceRate()));
        facts.put(
                "sample_rate_hz",
                header.rate() == SampleSelection.EVERY_FRAME ? "every frame" : String.valueOf(header.rate()));
        facts.put("missed", String.valueOf(info.missed()));
        facts.put("gaps", String.valueOf(info.gaps()));
        facts.put("torn", String.valueOf(info.torn()));
        facts.put("lost", String.valueOf(info.lost()));
        facts.put("consistency", info.consistency());
        facts.put("laps", String.valueOf(info.laps().size()));
        for (SessionInfo.Lap lap : info.laps()) {
            facts.put("lap_" + lap.lap() + "_s", lap.time() == null ? "unknown" : String.valueOf(lap.time()));
        }
        info.metadata().forEach((name, value) -> facts.putIfAbsent("user." + name, value));
        return facts;
    }

    /** The whole summary, as {@code session.json} has it. */
    static byte[] json(SessionInfo info) {
        try {
            return (JSON.writeValueAsString(info) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
