package io.slipstream.tests.contract;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The native programs of the tests, {@code tests/src/main/c}, built once with the C compiler that is there: against the library
 * as it was installed by the build, or against one that was built with sanitizers.
 *
 * <pre>
 *   queue-core/target/native                the library, as Maven installed it
 *   tests/target/native-tests-FLAVOUR       the programs
 *   tests/target/native-FLAVOUR             the library of another flavour, installed
 * </pre>
 */
public final class NativePrograms {
    private static final Map<Flavour, NativePrograms> BUILT = new EnumMap<>(Flavour.class);

    private final Path directory;
    private final String missing;

    /** How the programs and the library are built. */
    public enum Flavour {
        /** As it is installed. */
        RELEASE(""),
        /** With AddressSanitizer and UndefinedBehaviorSanitizer. */
        ASAN("address,undefined"),
        /** With ThreadSanitizer. */
        TSAN("thread");

        private final String sanitizers;

        Flavour(String sanitizers) {
            this.sanitizers = sanitizers;
        }
    }

    private NativePrograms(Path directory, String missing) {
        this.directory = directory;
        this.missing = missing;
    }

    /**
     * Builds the programs of a flavour, unless this JVM has done so already.
     *
     * @param flavour to build.
     * @return the programs.
     */
    public static NativePrograms of(Flavour flavour) {
        synchronized (BUILT) {
            return BUILT.computeIfAbsent(flavour, NativePrograms::build);
        }
    }

    /**
     * Why there are no native programs.
     *
     * @return the reason, or null if there are.
     */
    public String missing() {
        return missing;
    }

    /**
     * Where a program is.
     *
     * @param name of its target in CMake.
     * @return the file.
     */
    public Path program(String name) {
        if (missing != null) {
            throw new IllegalStateException(missing);
        }
        return directory.resolve(name);
    }

    private static NativePrograms build(Flavour flavour) {
        final Path root = Path.of(System.getProperty("slipstream.root"));
        final Path library = root.resolve("queue-core/target/native");
        final Path targets = root.resolve("tests/target");
        final Path programs = targets.resolve("native-tests-" + name(flavour));
        if (!Files.isRegularFile(library.resolve("include/slipstream.h"))) {
            return new NativePrograms(programs, "the native library was not built: " + library + " is not there");
        }
        final String unsupported = unsupported(flavour, targets);
        if (unsupported != null) {
            return new NativePrograms(programs, unsupported);
        }
        try {
            Files.createDirectories(targets);
            Path prefix = library;
            if (flavour != Flavour.RELEASE) {
                prefix = targets.resolve("native-" + name(flavour));
                cmake(
                        root.resolve("queue-core/src/main/c"),
                        targets.resolve("native-build-" + name(flavour)),
                        List.of(
                                "-DSLIPSTREAM_SANITIZE=" + flavour.sanitizers,
                                "-DCMAKE_BUILD_TYPE=Release",
                                "-DCMAKE_INSTALL_PREFIX=" + prefix));
                run(
                        targets,
                        "cmake",
                        "--install",
                        targets.resolve("native-build-" + name(flavour)).toString());
            }
            cmake(
                    root.resolve("tests/src/main/c"),
                    programs,
                    List.of("-DCMAKE_PREFIX_PATH=" + prefix, "-DSLIPSTREAM_SANITIZE=" + flavour.sanitizers));
            return new NativePrograms(programs, null);
        } catch (IOException e) {
            throw new IllegalStateException("cannot build the native programs: " + e.getMessage(), e);
        }
    }

    private static String name(Flavour flavour) {
        return flavour.name().toLowerCase(Locale.ROOT);
    }

    /** A sanitizer's run-time library is a package of its own in some distributions. */
    private static String unsupported(Flavour flavour, Path scratch) {
        if (flavour == Flavour.RELEASE) {
            return null;
        }
        try {
            Files.createDirectories(scratch);
            final Path source = Files.writeString(
                    scratch.resolve("sanitizer-" + name(flavour) + ".c"), "int main(void) { return 0; }\n");
            final Path program = scratch.resolve("sanitizer-" + name(flavour));
            final String compiler = System.getenv().getOrDefault("CC", "cc");
            run(scratch, compiler, "-fsanitize=" + flavour.sanitizers, "-o", program.toString(), source.toString());
            final List<String> command = command(flavour, program);
            run(scratch, command.toArray(String[]::new));
            return null;
        } catch (IOException e) {
            return "the C compiler cannot build with -fsanitize=" + flavour.sanitizers + ": "
                    + e.getMessage().lines().findFirst().orElse("");
        }
    }

    /**
     * The command that starts a program.
     *
     * @param flavour of the program.
     * @param program to start.
     * @return its words.
     */
    public static List<String> command(Flavour flavour, Path program) {
        final List<String> command = new ArrayList<>();
        if (flavour == Flavour.TSAN && Files.isExecutable(Path.of("/usr/bin/setarch"))) {
            // ThreadSanitizer of older compilers does not know the memory layout of kernels that randomise more of it.
            command.addAll(List.of("/usr/bin/setarch", "-R"));
        }
        command.add(program.toString());
        return command;
    }

    private static void cmake(Path source, Path build, List<String> settings) throws IOException {
        final List<String> configure =
                new ArrayList<>(List.of("cmake", "-S", source.toString(), "-B", build.toString()));
        configure.addAll(settings);
        run(source, configure.toArray(String[]::new));
        run(source, "cmake", "--build", build.toString(), "--parallel", "2");
    }

    private static void run(Path directory, String... command) throws IOException {
        final File output = File.createTempFile("native", ".txt");
        try {
            final int status = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with status " + status + ":\n"
                        + Files.readString(output.toPath()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(output.toPath());
        }
    }
}
