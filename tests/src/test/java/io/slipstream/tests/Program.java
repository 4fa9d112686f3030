package io.slipstream.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that a test starts: the command line, or a main class of the tests. Its output goes to files. */
public final class Program implements AutoCloseable {
    private final Process process;
    private final List<String> command;
    private final Path out;
    private final Path err;

    private Program(List<String> command, Path directory) throws IOException {
        this.command = command;
        this.out = Files.createTempFile(directory, "out", ".txt");
        this.err = Files.createTempFile(directory, "err", ".txt");
        this.process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Starts the command line. */
    public static Program slipstream(Path directory, String... arguments) throws IOException {
        return java(directory, List.of(), "io.slipstream.replay.cli.Slipstream", arguments);
    }

    /** Starts a main class, behind the words of another command if there are any. */
    public static Program java(Path directory, List<String> before, String main, String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        command.addAll(List.of("-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of("-Duser.home=" + directory, "-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return new Program(command, directory);
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException, IOException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(this + " does not end");
        }
        return process.exitValue();
    }

    /** Waits until its standard error says something. */
    public void awaitMessage(String text) throws IOException {
        await(text, err);
    }

    /** Waits until its standard output says something. */
    public void awaitOutput(String text) throws IOException {
        await(text, out);
    }

    private void await(String text, Path said) throws IOException {
        while (!Files.readString(said, StandardCharsets.UTF_8).contains(text)) {
            if (!process.isAlive()) {
                throw new AssertionError(this + " ended before it said '" + text + "'");
            }
            Thread.onSpinWait();
        }
    }

    public String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    public String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    public List<String> lines() throws IOException {
        return out().lines().toList();
    }

    /** As Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public String toString() {
        try {
            return String.join(" ", command.subList(command.indexOf("-cp") + 2, command.size())) + "\n--- out\n" + out()
                    + "--- err\n" + err();
        } catch (IOException e) {
            return command + " (" + e + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
