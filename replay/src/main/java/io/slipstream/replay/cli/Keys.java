package io.slipstream.replay.cli;

import java.util.function.Consumer;

/**
 * Turns the bytes that a terminal sends into names of keys: a printable ASCII character is its own name, the others are below;
 * what is neither is passed over. Single-threaded.
 */
final class Keys {
    static final String UP = "up";
    static final String DOWN = "down";
    static final String LEFT = "left";
    static final String RIGHT = "right";
    static final String SHIFT_UP = "shift+up";
    static final String SHIFT_DOWN = "shift+down";
    static final String SHIFT_LEFT = "shift+left";
    static final String SHIFT_RIGHT = "shift+right";
    static final String HOME = "home";
    static final String END = "end";
    static final String ENTER = "enter";
    static final String ESCAPE = "escape";

    private static final int ESC = 27;
    private static final int LONGEST_SEQUENCE = 16;

    private final Consumer<String> listener;
    private final StringBuilder sequence = new StringBuilder();
    private boolean inSequence;

    Keys(Consumer<String> listener) {
        this.listener = listener;
    }

    void onByte(int value) {
        if (value == ESC) {
            onPause();
            inSequence = true;
        } else if (inSequence) {
            sequence.append((char) value);
            if (isComplete(value)) {
                final String name = special(sequence.toString());
                clear();
                if (name != null) {
                    listener.accept(name);
                }
            } else if (sequence.length() >= LONGEST_SEQUENCE) {
                clear();
            }
        } else if (value == '\r' || value == '\n') {
            listener.accept(ENTER);
        } else if (value >= ' ' && value < 127) {
            listener.accept(String.valueOf((char) value));
        }
    }

    /** Nothing more came for now: an escape without a sequence behind it is the key of that name. */
    void onPause() {
        if (inSequence) {
            final boolean alone = sequence.isEmpty();
            clear();
            if (alone) {
                listener.accept(ESCAPE);
            }
        }
    }

    private void clear() {
        inSequence = false;
        sequence.setLength(0);
    }

    /** Sequences are ESC, [ or O, parameters, and a final byte from @ on; ESC and a letter is Alt and that letter. */
    private boolean isComplete(int value) {
        final boolean introducer = sequence.length() == 1 && (value == '[' || value == 'O');
        return !introducer && (value >= '@' || sequence.length() == 1);
    }

    private static String special(String sequence) {
        return switch (sequence) {
            case "[A", "OA" -> UP;
            case "[B", "OB" -> DOWN;
            case "[C", "OC" -> RIGHT;
            case "[D", "OD" -> LEFT;
            case "[1;2A", "[a" -> SHIFT_UP;
            case "[1;2B", "[b" -> SHIFT_DOWN;
            case "[1;2C", "[c" -> SHIFT_RIGHT;
            case "[1;2D", "[d" -> SHIFT_LEFT;
            case "[H", "OH", "[1~", "[7~" -> HOME;
            case "[F", "OF", "[4~", "[8~" -> END;
            default -> null;
        };
    }
}
