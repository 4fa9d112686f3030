package io.slipstream.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories that a benchmark makes and deletes. */
final class Scratch implements AutoCloseable {
    private final Path path;

    /** Makes a directory within another. */
    Scratch(Path within) throws IOException {
        path = Files.createTempDirectory(Files.createDirectories(within), "slipstream-bench-");
    }

    Path path() {
        return path;
    }

    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(path);
    }
}
