package io.slipstream.tests.memory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.tests.build.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The programs of {@code tests/src/main/qt}, built once with each version of Qt that is there. */
final class QtPrograms {
    private static final Map<Integer, QtPrograms> BUILT = new HashMap<>();

    private final Path directory;
    private final String missing;

    private QtPrograms(Path directory, String missing) {
        this.directory = directory;
        this.missing = missing;
    }

    /** Skips the test where this version of Qt is not installed. */
    static synchronized QtPrograms of(int version) throws IOException, InterruptedException {
        Tool.needs("cmake", "c++");
        QtPrograms programs = BUILT.get(version);
        if (programs == null) {
            programs = build(version);
            BUILT.put(version, programs);
        }
        assumeTrue(programs.missing == null, programs.missing);
        return programs;
    }

    private static QtPrograms build(int version) throws IOException, InterruptedException {
        final Path root = Path.of(System.getProperty("slipstream.root"));
        final Path directory = root.resolve("tests/target/qt" + version);
        Files.createDirectories(directory);
        final Tool.Output configured = Tool.ending(
                directory,
                Map.of(),
                List.of(
                        "cmake",
                        "-S",
                        root.resolve("tests/src/main/qt").toString(),
                        "-B",
                        directory.toString(),
                        "-DQT=" + version,
                        "-DCMAKE_BUILD_TYPE=Release"));
        if (configured.status() != 0) {
            if (configured.text().contains("Could not find a package configuration file provided by \"Qt" + version)) {
                return new QtPrograms(directory, "Qt " + version + " is not installed");
            }
            throw new AssertionError(configured.text());
        }
        Tool.run(directory, "cmake", "--build", directory.toString(), "--parallel", "2");
        return new QtPrograms(directory, null);
    }

    Dialogue start(String program) throws IOException {
        return Dialogue.with(directory.resolve(program));
    }
}
