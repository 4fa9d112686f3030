package io.slipstream.tests.wine;

import io.slipstream.tests.build.Tool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One Wine prefix for all tests of this JVM, in {@code tests/target}: made once, ended with the last of them. */
public final class Wine implements BeforeAllCallback {
    private static final Path ROOT = Path.of(System.getProperty("slipstream.root"));

    /** Where the prefix is. */
    static final Path PREFIX = ROOT.resolve("tests/target/wine-prefix");

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "WINEPREFIX",
            PREFIX.toString(),
            "WINEDEBUG",
            "-all",
            "WINEDLLOVERRIDES",
            "mscoree,mshtml=d",
            "LC_ALL",
            "C.UTF-8");

    /** Lives as long as the run of all tests. */
    private static final class Running implements AutoCloseable {
        private static final Pattern SERVER = Pattern.compile("/tmp/wine-[A-Za-z0-9]{6}/server-[0-9a-f]+-[0-9a-f]+");

        private final Path directory;

        Running() throws IOException {
            Files.createDirectories(PREFIX.getParent());
            if (!Files.exists(PREFIX.resolve("system.reg"))) {
                run("wineboot", "-i");
            }
            // It would end with the last program, and start anew with the next. Its own code says whether one ran
            // already.
            run("wineserver", "-p60");
            directory = serverDirectory();
        }

        @Override
        public void close() throws IOException {
            run("wineserver", "-k");
            // Debian's wineserver makes a directory each time it starts, and leaves it.
            if (directory != null && SERVER.matcher(directory.toString()).matches()) {
                for (String file : List.of("lock", "socket", "")) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.delete(directory.getParent());
            }
        }

        /** Where the prefix's wineserver runs; null if that cannot be told. */
        private static Path serverDirectory() throws IOException {
            for (File process : processes()) {
                if (isOurs(process)) {
                    final Path server = process.toPath();
                    try {
                        if (Files.readSymbolicLink(server.resolve("exe"))
                                .getFileName()
                                .toString()
                                .startsWith("wineserver")) {
                            return Files.readSymbolicLink(server.resolve("cwd"));
                        }
                    } catch (NoSuchFileException e) {
                        // It has ended meanwhile; another may be there.
                    }
                }
            }
            return null;
        }

        private static void run(String... command) throws IOException {
            try {
                final int status = process(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
                if (status != 0 && !command[0].equals("wineserver")) {
                    throw new IOException(String.join(" ", command) + " ended with status " + status);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Tool.needs("wine", "wineserver", "x86_64-w64-mingw32-gcc");
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).getOrComputeIfAbsent(Wine.class, key -> {
            try {
                return new Running();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A command with the variables of the prefix, and no screen. */
    static ProcessBuilder process(String... command) {
        final ProcessBuilder builder = new ProcessBuilder(command)
                .directory(ROOT.resolve("tests/target").toFile());
        builder.environment().keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY"));
        builder.environment().putAll(ENVIRONMENT);
        return builder;
    }

    /** Starts one of our Win32 programs. */
    static WineProgram start(String program, String... arguments) throws IOException, InterruptedException {
        return start(Win32Programs.program(program), arguments);
    }

    static WineProgram start(Path program, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of("wine", program.toString()));
        command.addAll(Arrays.asList(arguments));
        return new WineProgram(process(command.toArray(String[]::new)));
    }

    /** Starts the command line in the prefix. */
    static WineProgram slipstream(Path home, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        command.addAll(List.of("-Duser.home=" + home, "-cp", System.getProperty("java.class.path")));
        command.add("io.slipstream.replay.cli.Slipstream");
        command.addAll(Arrays.asList(arguments));
        return new WineProgram(process(command.toArray(String[]::new)));
    }

    /** Processes of this prefix whose command line has a word that ends so. */
    static long running(String program) {
        return processes().stream()
                .filter(process ->
                        isOurs(process) && words(process, "cmdline").stream().anyMatch(word -> word.endsWith(program)))
                .count();
    }

    /** Whether any process that can be looked into has a file mapped. */
    static boolean isMapped(Path file) {
        return processes().stream()
                .flatMap(process -> words(process, "maps").stream())
                .flatMap(String::lines)
                .anyMatch(line -> line.endsWith(" " + file));
    }

    private static List<File> processes() {
        return List.of(new File("/proc").listFiles((_, name) -> name.matches("[0-9]+")));
    }

    private static boolean isOurs(File process) {
        return words(process, "environ").contains("WINEPREFIX=" + PREFIX);
    }

    private static List<String> words(File process, String file) {
        try {
            final Path path = process.toPath().resolve(file);
            return List.of(Files.readString(path, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            // It has ended meanwhile, or is another user's.
            return List.of();
        }
    }
}
