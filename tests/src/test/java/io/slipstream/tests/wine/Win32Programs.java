package io.slipstream.tests.wine;

import io.slipstream.tests.build.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The Win32 programs of {@code tests/src/main/win32}, built with the cross compiler into {@code tests/target/win32}. */
final class Win32Programs {
    private static final String COMPILER = "x86_64-w64-mingw32-gcc";
    private static final List<String> FLAGS =
            List.of("-std=c11", "-O2", "-s", "-static", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror");

    private static Path directory;

    private Win32Programs() {}

    /** Where a program is; they are all built when the first is asked for. */
    static synchronized Path program(String name) throws IOException, InterruptedException {
        if (directory == null) {
            directory = build();
        }
        return directory.resolve(name);
    }

    private static Path build() throws IOException, InterruptedException {
        final Path root = Path.of(System.getProperty("slipstream.root"));
        final Path sources = root.resolve("tests/src/main/win32");
        final Path programs = Files.createDirectories(root.resolve("tests/target/win32"));
        for (String name : List.of("mapping", "single", "counter", "locker", "words", "game")) {
            compile(programs, name + ".exe", sources.resolve(name + ".c"));
        }
        compile(programs, "shown.dll", sources.resolve("counter_dll.c"), "-shared", "-DEXPORTED");
        compile(programs, "hidden.dll", sources.resolve("counter_dll.c"), "-shared");
        return programs;
    }

    private static void compile(Path programs, String name, Path source, String... more)
            throws IOException, InterruptedException {
        final Path program = programs.resolve(name);
        if (Files.exists(program) && !isNewer(source, program) && !isNewer(source.resolveSibling("lines.h"), program)) {
            return;
        }
        final List<String> command = new ArrayList<>(List.of(COMPILER));
        command.addAll(FLAGS);
        command.addAll(Arrays.asList(more));
        command.addAll(List.of("-o", name, source.toString()));
        Tool.run(programs, command.toArray(String[]::new));
    }

    private static boolean isNewer(Path source, Path program) throws IOException {
        return Files.getLastModifiedTime(source).compareTo(Files.getLastModifiedTime(program)) > 0;
    }
}
