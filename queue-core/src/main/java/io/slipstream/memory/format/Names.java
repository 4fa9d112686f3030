package io.slipstream.memory.format;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a format has declared so far and later lines may name. Single-threaded; lives as long as the parser. */
final class Names {
    final Map<String, Long> constants = new LinkedHashMap<>();
    final Map<String, Unit> units = new HashMap<>();
    final Map<String, ValueNames> valueNames = new LinkedHashMap<>();
    final Map<String, Struct> structs = new HashMap<>();

    /** Declares a name once. */
    static <T> void declare(final Line line, final Map<String, T> names, final String name, final T value) {
        if (names.putIfAbsent(name, value) != null) {
            throw line.error("'" + name + "' is declared twice; remove or rename one");
        }
    }

    /** Looks a name up. */
    static <T> T find(final Line line, final Map<String, T> names, final String name, final String what) {
        final T found = names.get(name);
        if (found == null) {
            throw line.error(
                    "no " + what + " '" + name + "' is declared above this line; declare it, or mend the spelling");
        }
        return found;
    }
}
