package io.slipstream.tests.contract;

import java.util.Arrays;
import java.util.List;

/** What a peer answered. */
final class Answer {
    private static final int SHOWN = 400;

    private final String request;
    private final String line;
    private final Fields fields;

    Answer(String request, String line) {
        this.request = request;
        this.line = line;
        this.fields = new Fields(isOk(line) ? line : "");
    }

    private static boolean isOk(String line) {
        return line.equals("ok") || line.startsWith("ok ");
    }

    /** This, or a failed test if the peer refused. */
    Answer ok() {
        if (!isOk(line)) {
            throw new AssertionError("refused: " + this);
        }
        return this;
    }

    /** Why the peer refused; "OK" if it did not. */
    String code() {
        return isOk(line) ? "OK" : line.split(" ", 3)[1];
    }

    /** In words. */
    String reason() {
        return isOk(line) ? "" : line.split(" ", 3)[2];
    }

    boolean has(String key) {
        return fields.has(key);
    }

    long number(String key) {
        ok();
        return fields.number(key);
    }

    String text(String key) {
        ok();
        return fields.text(key);
    }

    List<String> list(String key) {
        final String text = text(key);
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(",", -1));
    }

    @Override
    public String toString() {
        return shorten(request) + " -> " + shorten(line);
    }

    static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "... (" + text.length() + " characters)";
    }
}
