package io.slipstream.memory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processes of this user, as {@code /proc} tells. Every one may end while it is looked at, and may call itself what it likes:
 * what cannot be read is empty, and nothing is believed here.
 */
final class ProcTable {
    private static final Path PROC = Path.of("/proc");
    private static final int MAX_TEXT = 64 << 20;

    private ProcTable() {}

    /** Pids of this user's processes, ascending; empty where there is no {@code /proc}. */
    static List<Long> own() {
        final List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            final Object user = Files.getAttribute(PROC.resolve("self"), "unix:uid");
            for (Path process : processes) {
                if (user.equals(owner(process))) {
                    pids.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException | DirectoryIteratorException | UnsupportedOperationException | NumberFormatException e) {
            return pids;
        }
        pids.sort(null);
        return pids;
    }

    private static Object owner(Path process) {
        try {
            return Files.getAttribute(process, "unix:uid");
        } catch (IOException e) {
            return null;
        }
    }

    /** The words of its command line; a process may have written over them. */
    static List<String> arguments(long pid) {
        return split(read(pid, "cmdline"));
    }

    /** Its environment as it was when it started. */
    static Map<String, String> environment(long pid) {
        final Map<String, String> environment = new HashMap<>();
        for (String entry : split(read(pid, "environ"))) {
            final int equals = entry.indexOf('=');
            if (equals > 0) {
                environment.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return environment;
    }

    static List<ProcMapping> mappings(long pid) {
        return ProcMapping.parse(read(pid, "maps"));
    }

    /** What a link such as {@code exe} or {@code cwd} points at; null if that cannot be read. */
    static Path link(long pid, String name) {
        return target(path(pid, name));
    }

    static Path path(long pid, String name) {
        return PROC.resolve(Long.toString(pid)).resolve(name);
    }

    /** A path that another process wrote; null if it is none in this locale. */
    static Path foreign(String path) {
        try {
            return path.startsWith("/") ? Path.of(path) : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /** The descriptors that a process has open, as paths that open the same file again. */
    static List<Path> descriptors(long pid) {
        final List<Path> descriptors = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(path(pid, "fd"))) {
            open.forEach(descriptors::add);
        } catch (IOException | DirectoryIteratorException e) {
            return descriptors;
        }
        return descriptors;
    }

    private static List<String> split(String text) {
        final List<String> words = new ArrayList<>();
        int at = 0;
        for (int end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0', at)) {
            words.add(text.substring(at, end));
            at = end + 1;
        }
        if (at < text.length()) {
            words.add(text.substring(at));
        }
        return words;
    }

    private static String read(long pid, String name) {
        try (InputStream file = Files.newInputStream(path(pid, name))) {
            return new String(file.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
