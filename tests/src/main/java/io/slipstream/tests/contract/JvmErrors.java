package io.slipstream.tests.contract;

import io.slipstream.queue.MessageTooLongException;
import io.slipstream.queue.NoSpaceException;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.QueueFormatException;
import io.slipstream.queue.QueueLockedException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the native API says with a code, the Java API says with an exception and its words. */
final class JvmErrors {
    static final String UNEXPECTED = "UNEXPECTED";

    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("as many as its roll cycle allows", "CYCLE_FULL");
        WORDS.put("is not known to the queue", "UNKNOWN_SCHEMA");
        WORDS.put("holds another schema", "SCHEMA_CONFLICT");
        WORDS.put("not a valid SBE schema", "FORMAT");
        WORDS.put("is not an SBE schema", "FORMAT");
        WORDS.put("is not a directory", "FORMAT");
        WORDS.put("was opened read-only", "READ_ONLY");
        WORDS.put("no message at position", "NO_MESSAGE");
        WORDS.put("no queue in", "NOT_FOUND");
        WORDS.put("cannot write to", "PERMISSION");
        WORDS.put("the claim was for", "ARGUMENT");
    }

    private JvmErrors() {}

    static String code(RuntimeException e) {
        return switch (e) {
            case UnsupportedOperationException _ -> "UNSUPPORTED";
            case MessageTooLongException _ -> "TOO_LONG";
            case NoSpaceException _ -> "NO_SPACE";
            case QueueLockedException _ -> "LOCKED";
            case QueueFormatException _ ->
                e.getMessage().contains("another data format") || e.getMessage().contains("Chronicle Queue 4")
                        ? "VERSION"
                        : "FORMAT";
            case QueueException _ ->
                WORDS.entrySet().stream()
                        .filter(words -> e.getMessage().contains(words.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(UNEXPECTED);
            case IllegalArgumentException _ ->
                e.getMessage() != null && e.getMessage().startsWith("timestamp ") ? "TIMESTAMP" : "ARGUMENT";
            case IllegalStateException _ -> String.valueOf(e.getMessage()).contains("claim") ? "CLAIM" : UNEXPECTED;
            default -> UNEXPECTED;
        };
    }
}
