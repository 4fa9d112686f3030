package io.slipstream.tests.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that is told what to do, a line each, and answers each with a line. One thread. */
public final class Dialogue implements AutoCloseable {
    private static final long PATIENCE_S = 60;
    private static final String END = "\0";

    private final Process process;
    private final List<String> command;
    private final List<String> transcript = new ArrayList<>();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Dialogue(List<String> command, Map<String, String> environment) throws IOException {
        this.command = command;
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        this.process = builder.start();
        final Thread reader = new Thread(this::read, "lines-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program. */
    public static Dialogue with(Path program, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return new Dialogue(command, Map.of());
    }

    /** Starts a command with more in its environment. */
    public static Dialogue with(Map<String, String> environment, List<String> command) throws IOException {
        return new Dialogue(command, environment);
    }

    /** Starts a main class in a JVM of its own. */
    public static Dialogue withJava(Class<?> main, String... arguments) throws IOException {
        return new Dialogue(java(main, arguments), Map.of());
    }

    /** The command that starts a main class. */
    static List<String> java(Class<?> main, String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            transcriptLine("! " + e); // It was killed while it spoke.
        }
        lines.add(END);
    }

    private synchronized void transcriptLine(String line) {
        transcript.add(line);
    }

    /** Tells it something, and waits for what it answers. */
    public String ask(String line) throws IOException, InterruptedException {
        tell(line);
        return answer();
    }

    /** Tells it something; the answer is fetched later. */
    public void tell(String line) throws IOException {
        transcriptLine("> " + line);
        process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits for its next line. */
    public String answer() throws InterruptedException {
        final String line = lines.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError(this + (line == null ? "\nsays nothing for " + PATIENCE_S + " s" : "\nended"));
        }
        transcriptLine("< " + line);
        return line;
    }

    public long pid() {
        return process.pid();
    }

    /** As kill -9 does; returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends its standard input and waits for its end. */
    public int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new AssertionError(this + "\ndoes not end");
        }
        return process.exitValue();
    }

    @Override
    public synchronized String toString() {
        return command.getFirst() + " … " + command.getLast() + '\n' + String.join("\n", transcript);
    }

    /** Kills it, and waits until what it held is free. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
