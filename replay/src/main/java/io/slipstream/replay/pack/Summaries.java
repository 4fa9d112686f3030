package io.slipstream.replay.pack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A session's summary as bytes of a file, and with some of it changed. Stateless. */
final class Summaries {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HISTORY = "history";

    private Summaries() {}

    static byte[] encode(SessionInfo info) {
        try {
            return JSON.writeValueAsString(info).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails where it is no summary, or one that this program does not know. */
    static SessionInfo decode(byte[] bytes) throws IOException {
        final SessionInfo info = JSON.readValue(bytes, SessionInfo.class);
        if (info == null || info.version() != SessionInfo.VERSION) {
            throw new IOException("not a summary of version " + SessionInfo.VERSION);
        }
        return info;
    }

    static SessionInfo withBytes(SessionInfo info, long bytes) {
        final ObjectNode tree = JSON.valueToTree(info);
        tree.put("bytes", bytes);
        return of(tree);
    }

    static SessionInfo withStep(SessionInfo info, String step) {
        final ObjectNode tree = JSON.valueToTree(info);
        final ObjectNode metadata = tree.withObject("metadata");
        final String before = metadata.path(HISTORY).asText("");
        metadata.put(HISTORY, before.isEmpty() ? step : before + "; " + step);
        return of(tree);
    }

    private static SessionInfo of(ObjectNode tree) {
        try {
            return JSON.treeToValue(tree, SessionInfo.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
