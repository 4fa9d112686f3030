package io.slipstream.tests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with this one's class path and flags. It ends when its standard input does, or when it is done. */
final class ChildJvm implements AutoCloseable {
    private static final long PATIENCE_S = 10;

    private final Process process;
    private final BufferedReader lines;

    ChildJvm(Class<?> main, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-Dorg.slf4j")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that the child prints. */
    String line() throws IOException {
        final String line = lines.readLine();
        if (line == null) {
            throw new IOException("the child JVM ended without an answer: " + process.info());
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

    /** Sets a thread waiting for the end of this process's standard input. For the child's own use. */
    static Thread onParentGone(Runnable action) {
        final Thread thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Only the end counts.
                        }
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    action.run();
                },
                "parent-watch");
        thread.setDaemon(true);
        thread.start();
        return thread;
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
