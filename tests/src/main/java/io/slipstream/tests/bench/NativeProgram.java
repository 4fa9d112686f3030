package io.slipstream.tests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The native side of the benchmarks, {@code tests/src/main/c/bench.c}: a process for each thing it does. */
final class NativeProgram implements AutoCloseable {
    private static final long PATIENCE_S = 10;

    private final Process process;
    private final BufferedReader lines;

    /** Starts it in a mode. It ends when its standard input does, or when it is done. */
    NativeProgram(Path program, Object... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(program.toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Runs it in a mode that prints one line of figures, and reads them. */
    static double[] figures(Path program, Object... arguments) throws IOException {
        try (NativeProgram running = new NativeProgram(program, arguments)) {
            final String[] words = running.line().split(" ", -1);
            final double[] figures = new double[words.length];
            for (int i = 0; i < words.length; i++) {
                figures[i] = Double.parseDouble(words[i]);
            }
            return figures;
        }
    }

    /** The next line that it prints. */
    String line() throws IOException {
        final String line = lines.readLine();
        if (line == null) {
            throw new IOException("the native program ended without an answer: " + process.info());
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        lines.close();
    }
}
