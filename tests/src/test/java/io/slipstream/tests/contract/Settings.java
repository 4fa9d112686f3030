package io.slipstream.tests.contract;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/** How a peer is to open a queue: small blocks and the contract's schema, unless told otherwise. */
final class Settings {
    static final int BLOCK_SIZE = 1 << 20;

    private final Map<String, String> words = new LinkedHashMap<>();

    Settings(Path directory) {
        with("directory", directory.toAbsolutePath());
        with("block", BLOCK_SIZE);
        with("schema", Peers.schema());
    }

    Settings with(String key, Object value) {
        words.put(key, value.toString());
        return this;
    }

    Settings without(String key) {
        words.remove(key);
        return this;
    }

    Settings readOnly() {
        return with("mode", "readonly");
    }

    @Override
    public String toString() {
        final StringJoiner text = new StringJoiner(" ");
        words.forEach((key, value) -> text.add(key + "=" + value));
        return text.toString();
    }
}
