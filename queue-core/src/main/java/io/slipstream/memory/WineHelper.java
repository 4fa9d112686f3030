package io.slipstream.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code slipstream-bridge.exe} that runs in a prefix on our behalf, until it is closed. For one thread. */
final class WineHelper implements AutoCloseable {
    static final int NAME_TAKEN = 121;
    static final int NO_SUCH_NAME = 122;
    static final int NAME_OF_OTHER_KIND = 124;

    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final int LONGEST_LINE = 8192;
    private static final int MOST_LINES = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Process process;
    private final String mark;
    private final List<String> said = new ArrayList<>();
    // An empty line stands for the end.
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MOST_LINES);

    private WineHelper(Process process, String mark) {
        this.process = process;
        this.mark = mark;
        final Thread reader =
                Thread.ofPlatform().daemon().name("slipstream-bridge output").start(this::read);
        // Wine's services may inherit the pipe and keep it open when the helper has ended.
        final var _ = process.onExit().thenRun(() -> {
            try {
                reader.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            lines.offer("");
        });
    }

    /**
     * Starts the bridge.
     *
     * @param loader Wine's, of the prefix's version.
     * @param environment what the prefix needs beyond our own, of which those of Wine's are left out.
     * @param prefix to run in.
     * @param arguments of the bridge; a mark is put behind them if it is to be found by {@link #mark()}.
     */
    static WineHelper start(
            Path loader, Map<String, String> environment, Path prefix, boolean marked, List<String> arguments)
            throws SharedMemoryException {
        final byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        final String mark = "mark-" + HexFormat.of().formatHex(random);
        final List<String> command = new ArrayList<>(
                List.of(loader.toString(), WineBridge.executable().toString()));
        command.addAll(arguments);
        if (marked) {
            command.add(mark);
        }
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        adapt(builder.environment(), environment, prefix);
        try {
            return new WineHelper(builder.start(), mark);
        } catch (IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR,
                    "cannot start " + loader + ": " + e.getMessage() + "; is this the Wine that runs " + prefix + "?",
                    e);
        }
    }

    /** Makes our own variables those of a program of the prefix. */
    static void adapt(Map<String, String> variables, Map<String, String> environment, Path prefix) {
        // Ours may be of another Wine's.
        variables.keySet().removeIf(name -> name.startsWith("WINE"));
        // No window, no dialog: nobody is asked anything.
        List.of("DISPLAY", "WAYLAND_DISPLAY").forEach(variables::remove);
        variables.putAll(environment);
        variables.put("WINEPREFIX", prefix.toString());
        variables.put("WINEDEBUG", "-all");
    }

    private void read() {
        final byte[] line = new byte[LONGEST_LINE];
        int length = 0;
        try (InputStream output = process.getInputStream()) {
            final byte[] chunk = new byte[1024];
            for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
                for (int i = 0; i < count; i++) {
                    if (chunk[i] == '\n') {
                        offer(line, length);
                        length = 0;
                    } else if (length < LONGEST_LINE) {
                        line[length++] = chunk[i];
                    }
                }
            }
        } catch (IOException e) {
            // Closed from this side: nobody listens any more.
            return;
        }
        offer(line, length);
    }

    private void offer(byte[] line, int length) {
        final String text = new String(line, 0, length, StandardCharsets.UTF_8).strip();
        if (!text.isEmpty()) {
            // More than anybody reads is dropped: what follows the line that was waited for.
            if (lines.remainingCapacity() > 1) {
                lines.offer(text.replaceAll("\\p{Cntrl}", "?"));
            }
        }
    }

    /**
     * Waits for a line.
     *
     * @return the match; null if the helper ended without it: see {@link #exitCode()} and {@link #said()}.
     * @throws SharedMemoryException if it takes longer than it may.
     */
    Matcher await(Pattern line, Duration limit) throws SharedMemoryException {
        final long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                final String text = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (text == null) {
                    throw new SharedMemoryException(
                            SharedMemoryError.UNKNOWN_ERROR,
                            WineBridge.FILE_NAME + " did not answer within " + limit.toSeconds() + " s" + said()
                                    + "; does the prefix still run? Try again, or end it with wineserver -k");
                }
                if (text.isEmpty()) {
                    return null;
                }
                final Matcher matcher = line.matcher(text);
                if (matcher.matches()) {
                    return matcher;
                }
                said.add(text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR,
                    "interrupted while " + WineBridge.FILE_NAME + " was waited for",
                    e);
        }
    }

    /** Its exit code, once it has ended; -1 before. */
    int exitCode() {
        return process.isAlive() ? -1 : process.exitValue();
    }

    /** What it said that nobody waited for, for messages: with a colon before it. */
    String said() {
        return said.isEmpty() ? "" : ": " + String.join("; ", said);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** An argument by which its process, which need not be the one that was started, is known. */
    String mark() {
        return mark;
    }

    /** Lets it go: it ends when its input does. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has gone already.
            process.destroy();
        }
        try {
            if (!process.waitFor(FAREWELL)) {
                // Killed, it is gone at once unless the system is stuck, where there is no use in waiting for ever.
                process.destroyForcibly().waitFor(FAREWELL);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
