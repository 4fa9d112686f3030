package io.slipstream.replay.edit;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What everybody is called, and what they are called instead. */
final class PersonNames {
    private static final int MOST = 65_535;

    /** A shorter name is replaced where it stands alone only: it may be part of any word. */
    private static final int DISTINCT = 3;

    private static final Pattern HOME = Pattern.compile(
            "(/home/|/users/|/run/media/|/media/|\\\\users\\\\)[^/\\\\\\r\\n\"<>|:*?]+", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, String> cleaned = new HashMap<>();
    private String kept;

    /** Somebody is called this. */
    void add(String name) throws IOException {
        if (!name.isEmpty() && !names.containsKey(name)) {
            if (names.size() == MOST) {
                throw new IOException("more than " + MOST + " names: these fields do not name people");
            }
            names.put(name, "Driver " + (names.size() + 1));
        }
    }

    /** This one's name stays. */
    void keep(String name) {
        kept = name;
        names.put(name, name);
    }

    String kept() {
        return kept;
    }

    int count() {
        return names.size();
    }

    /** What is written instead; the empty name stays empty. */
    String instead(String name) {
        return name.isEmpty() ? "" : names.get(name);
    }

    /** A text with everybody's name replaced in it, and whose home directory it was. */
    String clean(String text) {
        if (text.isEmpty()) {
            return text;
        }
        // The same few origins come again and again.
        if (cleaned.size() > MOST) {
            cleaned.clear();
        }
        return cleaned.computeIfAbsent(text, this::replaced);
    }

    private String replaced(String text) {
        String result = HOME.matcher(text).replaceAll("$1user");
        final List<String> longestFirst = names.keySet().stream()
                .filter(name -> !name.equals(kept))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
        for (String name : longestFirst) {
            final String quoted = Pattern.quote(name);
            final Pattern pattern = Pattern.compile(
                    name.length() < DISTINCT ? "(?<![\\p{L}\\p{N}])" + quoted + "(?![\\p{L}\\p{N}])" : quoted,
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
            result = pattern.matcher(result).replaceAll(Matcher.quoteReplacement(names.get(name)));
        }
        return result;
    }
}
