package io.slipstream.tests.contract;

import java.util.HashMap;
import java.util.Map;

/** {@code key=value key=value}, as requests and answers have it. */
final class Fields {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads fields.
     *
     * @param text words of which those with no '=' are passed over.
     */
    Fields(String text) {
        for (String word : text.split(" ", -1)) {
            final int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String text(String key) {
        final String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no '" + key + "' in " + values);
        }
        return value;
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    long number(String key) {
        return Long.parseLong(text(key));
    }

    long number(String key, long otherwise) {
        return has(key) ? number(key) : otherwise;
    }

    int integer(String key) {
        return Math.toIntExact(number(key));
    }

    int integer(String key, int otherwise) {
        return Math.toIntExact(number(key, otherwise));
    }
}
