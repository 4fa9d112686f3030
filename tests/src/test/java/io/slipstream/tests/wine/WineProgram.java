package io.slipstream.tests.wine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Windows program that runs in Wine and talks by lines. One thread. */
final class WineProgram implements AutoCloseable {
    private static final String END = "\0";

    private final Process process;
    private final List<String> command;
    private final BufferedWriter input;
    private final BlockingQueue<String> output;
    private final BlockingQueue<String> errors;

    WineProgram(ProcessBuilder builder) throws IOException {
        process = builder.start();
        command = builder.command();
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = lines(process.inputReader(StandardCharsets.UTF_8));
        errors = lines(process.errorReader(StandardCharsets.UTF_8));
    }

    private static BlockingQueue<String> lines(BufferedReader reader) {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofPlatform().daemon().name("lines of a Windows program").start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line.stripTrailing());
                }
            } catch (IOException e) {
                lines.add("! " + e); // It was killed while it spoke.
            }
            lines.add(END);
        });
        return lines;
    }

    private String next(BlockingQueue<String> lines) throws InterruptedException {
        final String line = lines.poll(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError(this + " says nothing for " + Patience.LIMIT.toSeconds() + " s");
        }
        if (line.equals(END)) {
            lines.add(END);
            return null;
        }
        return line;
    }

    /** The next line that it prints; null when it prints no more. */
    String line() throws InterruptedException {
        return next(output);
    }

    /** Says a line and returns the answer. */
    String ask(String line) throws IOException, InterruptedException {
        input.write(line + "\n");
        input.flush();
        return line();
    }

    /** Ends its input. */
    WineProgram endInput() throws IOException {
        input.close();
        return this;
    }

    /** All that it prints as errors, until it ends. */
    String errors() throws InterruptedException {
        final List<String> all = new ArrayList<>();
        for (String line = next(errors); line != null; line = next(errors)) {
            all.add(line);
        }
        return String.join("\n", all);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(Patience.LIMIT)) {
            throw new AssertionError(this + " does not end");
        }
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public String toString() {
        return String.join(" ", command) + " (out " + output + ", errors " + errors + ")";
    }

    /** Kills it, and waits until it is gone. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
