package io.slipstream.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The small Windows program that names and finds shared memory inside a Wine or Proton prefix: {@code slipstream-bridge.exe}, part
 * of this jar where the build had a cross compiler. Safe for any thread.
 *
 * <p>{@code share} before a game makes a block's name, backed by a file; {@code find} after it tells where the block is. Both
 * explain themselves when they are run without arguments.
 */
public final class WineBridge {
    /** Name of the file. */
    public static final String FILE_NAME = "slipstream-bridge.exe";

    private static final int LARGEST = 1 << 20;

    private WineBridge() {}

    /**
     * The program, as a file that Wine can run: {@code slipstream/slipstream-bridge.exe} in {@code $XDG_CACHE_HOME}, or in
     * {@code ~/.cache}. Written there if it is not there yet, or differs.
     *
     * @return its path, the same every time.
     * @throws SharedMemoryException {@link SharedMemoryError#NOT_FOUND} if this build has none, or if it cannot be written.
     */
    public static Path executable() throws SharedMemoryException {
        final byte[] program = program();
        final Path directory = cache();
        final Path file = directory.resolve(FILE_NAME);
        try {
            if (isThere(file, program)) {
                return file;
            }
            Files.createDirectories(directory);
            final Path written = Files.createTempFile(
                    directory,
                    FILE_NAME,
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                Files.write(written, program);
                // In one step: another process may be about to run it.
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(written);
            }
            return file;
        } catch (IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.PERMISSION_DENIED,
                    file + " cannot be written: " + e.getMessage()
                            + "; set XDG_CACHE_HOME to a directory that you may write",
                    e);
        }
    }

    private static boolean isThere(Path file, byte[] program) throws IOException {
        return Files.isRegularFile(file)
                && Files.size(file) == program.length
                && Arrays.equals(Files.readAllBytes(file), program);
    }

    private static byte[] program() throws SharedMemoryException {
        try (InputStream resource = WineBridge.class.getResourceAsStream(FILE_NAME)) {
            if (resource != null) {
                return resource.readNBytes(LARGEST);
            }
        } catch (IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND, FILE_NAME + " cannot be read from the jar: " + e.getMessage(), e);
        }
        throw new SharedMemoryException(
                SharedMemoryError.NOT_FOUND,
                "this build has no " + FILE_NAME + ", which reaches blocks in Wine: install mingw-w64"
                        + " (Debian: apt install gcc-mingw-w64-x86-64-posix) and build again");
    }

    private static Path cache() {
        final String named = System.getenv("XDG_CACHE_HOME");
        final Path base = named != null && named.startsWith("/")
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("slipstream");
    }

    /**
     * The words that, put before a Windows program's path and arguments, have it find its blocks' names taken by files.
     *
     * @param blocks names and their bytes, from 1.
     * @return a command without Wine's own word before it.
     * @throws SharedMemoryException as {@link #executable()} does.
     */
    public static List<String> share(Map<String, Long> blocks) throws SharedMemoryException {
        final List<String> words = new ArrayList<>(List.of(executable().toString(), "share", "--percent"));
        blocks.forEach((name, bytes) -> {
            words.add(WineNames.percent(name));
            words.add(bytes.toString());
        });
        words.add("--");
        return words;
    }

    /**
     * The file that {@code share} puts a block in.
     *
     * @param name of the block.
     * @return in {@code /dev/shm}.
     * @throws java.nio.file.InvalidPathException if the name has characters that this JVM's locale cannot say, such as any but
     *     ASCII under {@code LC_ALL=C}.
     */
    public static Path sharedFile(String name) {
        return FileBackend.SHARED_MEMORY.resolve(WineNames.fileName(name));
    }
}
