package io.slipstream.replay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Single keys from the terminal, as they are pressed. The terminal shows no typed characters meanwhile, and is as before once
 * this is closed; Ctrl-C keeps its meaning. Keys are looked for and never waited for, so that a command that was sent to the
 * background is not stopped by its terminal.
 */
final class Keyboard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keyboard.class);
    private static final long LOOK_NS = 20_000_000L;
    /** Longer since the last look: the process was stopped, and the shell has set its terminal back. */
    private static final long STOPPED_NS = 500_000_000L;

    private static final int COLUMNS_UNKNOWN = 80;
    private static final Path PROCESS = Path.of("/proc/self/stat");
    /** Behind the name: state, parent, group, session, terminal, the terminal's group. */
    private static final int GROUP = 2;

    private static final int TERMINAL_GROUP = 5;

    private final Terminal terminal;
    private final Attributes before;
    private final Thread thread;
    private volatile boolean closed;
    private volatile int columns = COLUMNS_UNKNOWN;

    private Keyboard(Terminal terminal, Consumer<String> listener) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        this.thread = new Thread(() -> read(System.in, listener), "keyboard");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes the keyboard.
     *
     * @param listener gets the name of each key, on a thread of the keyboard's: a character, or one of {@link Keys}.
     * @return null where there is none: standard input or standard error is no terminal, or this runs in the background.
     */
    static Keyboard open(Consumer<String> listener) {
        if (!ProgressLine.isTerminal() || !isForeground()) {
            return null;
        }
        final Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.ForcedSysErr)
                    .provider(TerminalBuilder.PROP_PROVIDER_FFM)
                    .dumb(false)
                    .build();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("no keyboard", e);
            return null;
        }
        return new Keyboard(terminal, listener);
    }

    /** Whether the terminal is ours; another process group that set its mode would be stopped. */
    private static boolean isForeground() {
        final String stat;
        try {
            stat = Files.readString(PROCESS, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // No such file outside of Linux.
            return true;
        }
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fields[GROUP].equals(fields[TERMINAL_GROUP]);
    }

    private void read(InputStream in, Consumer<String> listener) {
        final Keys keys = new Keys(listener);
        long last = System.nanoTime();
        try {
            while (!closed) {
                if (System.nanoTime() - last > STOPPED_NS && isForeground()) {
                    terminal.enterRawMode();
                }
                last = System.nanoTime();
                if (in.available() == 0) {
                    keys.onPause();
                    LockSupport.parkNanos(LOOK_NS);
                } else if (isForeground()) {
                    keys.onByte(in.read());
                } else {
                    LockSupport.parkNanos(STOPPED_NS / 2);
                }
            }
        } catch (IOException | IllegalStateException e) {
            // The terminal is gone or given back; the command goes on without it.
            LOG.debug("the keyboard ended", e);
        }
    }

    /** How wide the terminal is now. */
    int columns() {
        try {
            columns = terminal.getColumns();
        } catch (IllegalStateException e) {
            LOG.debug("the terminal has been given back", e);
        }
        return columns;
    }

    /** Gives the terminal back as it was. */
    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (isForeground()) {
                terminal.setAttributes(before);
            }
            terminal.close();
        } catch (IllegalStateException e) {
            // On a signal, JLine gives it back by itself, sooner or later than this.
            LOG.debug("the terminal has been given back", e);
        }
    }
}
