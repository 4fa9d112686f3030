package io.slipstream.replay.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * What a command says of its progress on standard error: a line that is written over on a terminal, one now and then else. Safe
 * for any thread.
 */
final class ProgressLine {
    private static final boolean TERMINAL = Boolean.getBoolean("slipstream.terminal");
    private static final long INTERVAL_NS = TERMINAL ? 100_000_000L : 5_000_000_000L;

    private final PrintWriter err;
    private long next;
    private int shown;

    ProgressLine(PrintWriter err) {
        this.err = err;
        this.next = System.nanoTime() + (TERMINAL ? 0 : INTERVAL_NS);
    }

    /** Whether standard error is a terminal. */
    static boolean isTerminal() {
        return TERMINAL;
    }

    synchronized void update(Supplier<String> text) {
        final long now = System.nanoTime();
        if (now - next < 0) {
            return;
        }
        next = now + INTERVAL_NS;
        final String line = text.get();
        if (TERMINAL) {
            err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            shown = line.length();
        } else {
            err.println(line);
        }
        err.flush();
    }

    /** The next update is shown at once. */
    synchronized void hurry() {
        if (TERMINAL) {
            next = System.nanoTime();
        }
    }

    /** Writes a line that stays; the progress goes on below it. */
    synchronized void println(String text) {
        clear();
        err.println(text);
        err.flush();
        hurry();
    }

    /** Takes the line away, so that what is written next stands alone. */
    synchronized void clear() {
        if (TERMINAL && shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }
}
