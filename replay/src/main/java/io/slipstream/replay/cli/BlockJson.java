package io.slipstream.replay.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.BlockInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/** Blocks, and what is in them, as JSON. */
final class BlockJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private BlockJson() {}

    static Map<String, Object> of(BlockInfo info) {
        final Map<String, Object> node = new LinkedHashMap<>();
        node.put("block", info.name().toString());
        node.put("native", info.nativeName());
        node.put("size", info.size());
        node.put("attached", info.attached().isPresent() ? info.attached().getAsInt() : null);
        node.put("creator", info.creator().isPresent() ? info.creator().getAsLong() : null);
        node.put(
                "mode",
                info.mode().isPresent() ? String.format("%04o", info.mode().getAsInt()) : null);
        node.put("lock", info.lock().isEmpty() ? null : info.lock());
        return node;
    }

    static String line(Object value) {
        return text(value, false);
    }

    static String pretty(Object value) {
        return text(value, true);
    }

    private static String text(Object value, boolean pretty) {
        try {
            return pretty
                    ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value)
                    : JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
