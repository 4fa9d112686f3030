package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.List;

/** One line of a format, cut into words; every complaint about it names the source and the line. */
final class Line {
    private static final int LONGEST = 1_000;

    private final String source;
    private final int number;
    private final List<String> words = new ArrayList<>();

    Line(final String source, final int number, final String text) {
        this.source = source;
        this.number = number;
        if (text.length() > LONGEST) {
            throw error("a line of " + text.length() + " characters; keep lines under " + LONGEST);
        }
        split(text);
    }

    private void split(final String text) {
        int at = 0;
        while (at < text.length()) {
            final char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '#') {
                return;
            } else {
                final int end = c == '"' ? endOfQuote(text, at) : endOfWord(text, at);
                words.add(text.substring(at, end));
                at = end;
            }
        }
    }

    private int endOfQuote(final String text, final int start) {
        final int end = text.indexOf('"', start + 1);
        if (end < 0) {
            throw error("a quotation mark is not closed; close it on the same line");
        }
        return end + 1;
    }

    private static int endOfWord(final String text, final int start) {
        int end = start;
        while (end < text.length() && " \t\r\"".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    FormatException error(final String problem) {
        return new FormatException(source, number, problem);
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    int size() {
        return words.size();
    }

    /** The word at {@code index}; {@code what} says in the complaint what is missing there. */
    String word(final int index, final String what) {
        if (index >= words.size()) {
            throw error("'" + String.join(" ", words) + "' ends too early: " + what + " should follow");
        }
        return words.get(index);
    }

    /** A word that is fit to name something. */
    String name(final int index, final String what) {
        final String word = word(index, what);
        if (!isName(word)) {
            throw error("'" + word + "' cannot be " + what + ": use letters, digits, _ and -, and begin with a letter");
        }
        return word;
    }

    static boolean isName(final String word) {
        for (int i = 0; i < word.length(); i++) {
            final char c = word.charAt(i);
            final boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && (i == 0 || ((c < '0' || c > '9') && c != '-'))) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    String quoted(final int index, final String what) {
        final String word = word(index, what);
        if (word.charAt(0) != '"') {
            throw error("put " + what + " between quotation marks, not " + word);
        }
        return word.substring(1, word.length() - 1);
    }

    /** A whole number, decimal or after 0x hexadecimal, between the bounds. */
    long integer(final int index, final String what, final long least, final long most) {
        final String word = word(index, what);
        try {
            final long value = Long.decode(word);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (final NumberFormatException ignored) {
            throw error("'" + word + "' should be " + what + ", a whole number");
        }
        throw error("'" + word + "' should be " + what + ", between " + least + " and " + most);
    }

    double real(final String word, final String what) {
        try {
            final double value = Double.parseDouble(word);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (final NumberFormatException ignored) {
            throw error("'" + word + "' should be " + what + ", a number");
        }
        throw error("'" + word + "' should be " + what + ", a finite number");
    }

    /** Complains of words after the first {@code size}. */
    void endsAfter(final int size) {
        if (words.size() > size) {
            throw error("'" + words.get(size) + "' is one word too many; a comment begins with #");
        }
    }
}
