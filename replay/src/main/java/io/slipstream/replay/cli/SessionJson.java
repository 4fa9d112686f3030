package io.slipstream.replay.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;
import java.util.List;

/** Summaries as JSON: {@code session.json}'s fields, with the session's name and path before them. */
final class SessionJson {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private SessionJson() {}

    static String one(Path path, SessionInfo info) {
        return text(node(path, info));
    }

    static String array(List<Path> paths, List<SessionInfo> infos) {
        final ArrayNode array = JSON.createArrayNode();
        for (int i = 0; i < paths.size(); i++) {
            array.add(node(paths.get(i), infos.get(i)));
        }
        return text(array);
    }

    private static ObjectNode node(Path path, SessionInfo info) {
        final ObjectNode node = JSON.createObjectNode();
        node.put("name", path.toAbsolutePath().normalize().getFileName().toString());
        node.put("path", path.toString());
        node.setAll((ObjectNode) JSON.valueToTree(info));
        return node;
    }

    private static String text(Object node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
