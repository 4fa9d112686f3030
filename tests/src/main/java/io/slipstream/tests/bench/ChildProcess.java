package io.slipstream.tests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process, which answers in lines. It ends when its standard input does, or when it is done. */
class ChildProcess implements AutoCloseable {
    private static final long PATIENCE_S = 10;

    private final Process process;
    private final BufferedReader lines;

    ChildProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that the child prints. */
    String line() throws IOException {
        final String line = lines.readLine();
        if (line == null) {
            throw new IOException("the child process ended without an answer: " + process.info());
        }
        return line;
    }

    /** Whether {@link #line} would not wait; also where the child has ended. */
    boolean hasLine() throws IOException {
        return lines.ready() || !process.isAlive();
    }

    /** Asks the child to end; gives what it says last. */
    String finish() throws IOException {
        process.getOutputStream().close();
        return line();
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
