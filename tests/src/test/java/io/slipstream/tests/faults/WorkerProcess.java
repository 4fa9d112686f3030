package io.slipstream.tests.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that publishes or reads, see the package; what it says is kept. Safe for any thread. */
final class WorkerProcess {
    private static final int MOST_LINES = 30;

    private final String name;
    private final boolean jvm;
    private final Process process;
    private final Path errors;
    private final Writer input;
    private final Deque<String> lines = new ArrayDeque<>();
    private boolean ended;

    WorkerProcess(String name, boolean jvm, List<String> command, Path scratch) {
        try {
            this.name = name;
            this.jvm = jvm;
            this.errors = Files.createTempFile(scratch, name + "-", ".err");
            this.process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        final Thread reader = new Thread(this::readLines, "lines-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lines) {
                    if (lines.size() == MOST_LINES) {
                        lines.removeFirst();
                    }
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            // It was killed while it spoke.
        }
        synchronized (lines) {
            ended = true;
            lines.notifyAll();
        }
    }

    /**
     * Waits until it says something.
     *
     * @param word that the line begins with.
     * @return the line.
     */
    String await(String word, long patienceS) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceS);
        synchronized (lines) {
            while (true) {
                for (String line : lines) {
                    if (line.startsWith(word)) {
                        return line;
                    }
                }
                final long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (ended || leftMs <= 0) {
                    throw new AssertionError(
                            name + (ended ? " ended before it said '" : " did not say within " + patienceS + " s '")
                                    + word + "'");
                }
                try {
                    lines.wait(leftMs);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }

    /** Lets a publisher begin. */
    void go() {
        try {
            input.write("go\n");
            input.flush();
        } catch (IOException e) {
            throw new AssertionError(name + " is not there any more", e);
        }
    }

    /** Tells it to stop. */
    void stop() {
        try {
            input.close();
        } catch (IOException e) {
            throw new AssertionError(name + " is not there any more", e);
        }
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for the end of one that was killed; tells its status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not die");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    void checkAlive() {
        if (!process.isAlive()) {
            throw new AssertionError(name + " ended, with status " + process.exitValue());
        }
    }

    /** A line that says something that should never be said, or null. */
    String violation() {
        synchronized (lines) {
            return lines.stream()
                    .filter(line -> line.startsWith("violation") || line.startsWith("error"))
                    .findFirst()
                    .map(line -> name + " " + line)
                    .orElse(null);
        }
    }

    /** Write locks taken over from dead processes, as a JVM logs them; native publishers say it themselves. */
    long takeovers() {
        return errors().lines()
                .filter(line -> line.contains("died while it held the write lock"))
                .count();
    }

    private String errors() {
        try {
            return Files.readString(errors, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    void deleteErrors() {
        try {
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it is at. */
    String story() {
        final List<String> story = new ArrayList<>();
        story.add("== " + name + ", process " + process.pid()
                + (process.isAlive() ? ", alive" : ", ended with status " + process.exitValue()));
        synchronized (lines) {
            lines.forEach(line -> story.add(line.length() > 500 ? line.substring(0, 500) + " ..." : line));
        }
        errors().lines().limit(MOST_LINES).forEach(line -> story.add("  err " + line));
        if (process.isAlive()) {
            story.add("  in the kernel: " + proc("wchan") + ", " + proc("syscall"));
            if (jvm) {
                story.addAll(mainThread());
            }
        }
        return String.join("\n", story);
    }

    private String proc(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file))
                    .trim();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private List<String> mainThread() {
        try {
            final Process dump = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.pid()),
                            "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = dump.inputReader(StandardCharsets.UTF_8)) {
                return reader.lines()
                        .dropWhile(line -> !line.startsWith("\"main\""))
                        .takeWhile(line -> !line.isEmpty())
                        .toList();
            }
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
