package io.slipstream.tests.wine;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A Windows program that runs in Wine and talks by lines. */
final class WineProgram implements AutoCloseable {
    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;
    private final BufferedReader errors;

    WineProgram(ProcessBuilder builder) throws IOException {
        process = builder.start();
        input = process.outputWriter(StandardCharsets.UTF_8);
        output = process.inputReader(StandardCharsets.UTF_8);
        errors = process.errorReader(StandardCharsets.UTF_8);
    }

    /** The next line that it prints; null when it prints no more. */
    String line() throws IOException {
        final String line = output.readLine();
        return line == null ? null : line.stripTrailing();
    }

    /** Says a line and returns the answer. */
    String ask(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
        return line();
    }

    /** Ends its input. */
    WineProgram endInput() throws IOException {
        input.close();
        return this;
    }

    /** All that it printed as errors, once it has ended. */
    String errors() {
        return String.join("\n", errors.lines().toList());
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(process.info() + " does not end");
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
    public void close() {
        process.destroyForcibly();
    }
}
