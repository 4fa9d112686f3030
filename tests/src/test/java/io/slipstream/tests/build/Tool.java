package io.slipstream.tests.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Programs that build native programs. */
public final class Tool {
    private Tool() {}

    /** What a program wrote, and how it ended. */
    public record Output(int status, String text) {}

    /** Skips the test where a program is missing; {@code tests/run} says which package brings it. */
    public static void needs(String... programs) {
        for (String program : programs) {
            final boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
            assumeTrue(there, program + " is not installed");
        }
    }

    /** Runs a program that must succeed; returns what it wrote. */
    public static String run(Path scratch, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        final Output output = ending(scratch, environment, command);
        assertThat(output.status())
                .as("%s%n%s", String.join(" ", command), output.text())
                .isZero();
        return output.text();
    }

    public static String run(Path scratch, String... command) throws IOException, InterruptedException {
        return run(scratch, Map.of(), List.of(command));
    }

    /** Runs a program, however it ends. */
    public static Output ending(Path scratch, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        final Path text = Files.createTempFile(scratch, "output", ".txt");
        final ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(text.toFile());
        builder.environment().putAll(environment);
        return new Output(builder.start().waitFor(), Files.readString(text));
    }

    /** The regular files below a directory. */
    public static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }
}
