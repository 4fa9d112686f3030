package io.slipstream.replay.cli;

import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Shows a playback while it runs, and takes keys for it where there is a keyboard. */
final class PlaybackScreen implements AutoCloseable {
    private static final long LOOK_NS = 25_000_000;
    private static final int COLUMNS_UNKNOWN = 80;

    private final Player player;
    private final SessionReader session;
    private final PrintWriter err;
    private final ProgressLine progress;
    private final PlaybackBar bar;
    private final Keyboard keyboard;
    private final Thread thread;
    private final long start = System.nanoTime();
    private volatile boolean closed;

    private PlaybackScreen(Player player, SessionReader session, PrintWriter err, boolean keys) {
        this.player = player;
        this.session = session;
        this.err = err;
        this.progress = new ProgressLine(err);
        this.bar = new PlaybackBar(session, PlaybackBar.hasBoxes());
        final PlaybackKeys commands = new PlaybackKeys(player, progress::println);
        this.keyboard = keys
                ? Keyboard.open(key -> {
                    commands.accept(key);
                    progress.hurry();
                })
                : null;
        this.thread = new Thread(this::show, "progress");
        thread.setDaemon(true);
    }

    static PlaybackScreen open(Player player, SessionReader session, PrintWriter err, boolean keys) {
        final PlaybackScreen screen = new PlaybackScreen(player, session, err, keys);
        if (screen.hasKeys()) {
            err.println("space pauses, ? lists the other keys");
            err.flush();
        }
        screen.thread.start();
        return screen;
    }

    boolean hasKeys() {
        return keyboard != null;
    }

    private void show() {
        while (!closed) {
            progress.update(this::line);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private String line() {
        final PlaybackState state = player.state();
        if (ProgressLine.isTerminal()) {
            return bar.line(state, keyboard == null ? COLUMNS_UNKNOWN : keyboard.columns());
        }
        return String.format(
                Locale.ROOT,
                "%s of %s  lap %d of %d  %,d frames  %,.0f a second",
                Texts.clock(state.positionNs() / 1e9),
                Texts.clock(session.info().durationSeconds()),
                state.lap(),
                session.info().laps().size() + 1,
                state.played(),
                state.played() / ((System.nanoTime() - start) / 1e9));
    }

    /** What became of it. */
    void report() {
        stop();
        final PlaybackState state = player.state();
        err.printf(
                Locale.ROOT,
                "played %,d frames in %.1f s%s%s%n",
                state.played(),
                (System.nanoTime() - start) / 1e9,
                state.damaged() == 0 ? "" : String.format(Locale.ROOT, ", left %,d damaged out", state.damaged()),
                state.dropped() == 0 ? "" : String.format(Locale.ROOT, ", dropped %,d late ones", state.dropped()));
        if (state.lateMaxNs() > 0) {
            err.printf(
                    Locale.ROOT,
                    "99 of 100 at most %s late, the latest %s%s%n",
                    millis(state.lateP99Ns()),
                    millis(state.lateMaxNs()),
                    state.shiftedNs() == 0
                            ? ""
                            : ", the rest moved by stalls of " + millis(state.shiftedNs()) + " together");
        }
        err.flush();
    }

    private static String millis(long ns) {
        return String.format(Locale.ROOT, "%.3f ms", ns / 1e6);
    }

    private void stop() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.clear();
    }

    @Override
    public void close() throws IOException {
        stop();
        if (keyboard != null) {
            keyboard.close();
        }
    }
}
