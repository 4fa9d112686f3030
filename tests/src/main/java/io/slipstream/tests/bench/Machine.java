package io.slipstream.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the figures were measured on. */
final class Machine {
    private Machine() {}

    static String describe(Path directory) {
        try {
            return Row.format(
                    "%s, %d cores, load %s before the first; %s %s; JDK %s (%s); files on %s",
                    cpu(),
                    Runtime.getRuntime().availableProcessors(),
                    load(),
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("java.vm.version"),
                    System.getProperty("java.vm.name"),
                    Files.getFileStore(directory).type());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cpu() throws IOException {
        final Path info = Path.of("/proc/cpuinfo");
        if (!Files.exists(info)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(info)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
    }

    private static String load() throws IOException {
        final Path load = Path.of("/proc/loadavg");
        if (!Files.exists(load)) {
            return "unknown";
        }
        final String text = Files.readString(load);
        return text.substring(0, text.indexOf(' '));
    }
}
