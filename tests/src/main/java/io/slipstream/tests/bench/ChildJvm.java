package io.slipstream.tests.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this one's class path and flags. */
final class ChildJvm extends ChildProcess {
    ChildJvm(Class<?> main, String... arguments) throws IOException {
        super(command(main, arguments));
    }

    private static List<String> command(Class<?> main, String... arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--") || flag.startsWith("-Dorg.slf4j")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
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
}
