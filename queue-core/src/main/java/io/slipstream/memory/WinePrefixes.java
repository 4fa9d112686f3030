package io.slipstream.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Wine and Proton prefixes of this user that run now, as {@code /proc} tells. Safe for any thread.
 *
 * <p>To look for a name in a prefix, the {@code wine} beside its wineserver's binary is run, as this user, with the wineserver's
 * {@code WINE…} variables: only it fits that wineserver. The wineserver's process is this user's, but what it runs is whatever
 * that user chose to start; who does not trust all programs of the own user does not attach to blocks in Wine.
 */
public final class WinePrefixes {
    /** A wineserver's directory is named for the prefix's device and inode. */
    private static final Pattern SERVER_DIRECTORY = Pattern.compile("server-([0-9a-f]{1,16})-([0-9a-f]{1,16})");

    /** Variables by which a process of Wine's speaks to those that it starts; wrong for any other. */
    private static final Set<String> PRIVATE =
            Set.of("WINELOADERNOEXEC", "WINEPRELOADRESERVE", "WINESERVERSOCKET", "WINEDEBUG");

    private static final Set<String> WINES_OWN = Set.of(
            "winedevice.exe",
            "services.exe",
            "explorer.exe",
            "plugplay.exe",
            "svchost.exe",
            "rpcss.exe",
            "wineboot.exe",
            "winemenubuilder.exe",
            "start.exe",
            "conhost.exe",
            "tabtip.exe",
            "steam.exe",
            "slipstream-bridge.exe");

    private WinePrefixes() {}

    /**
     * Looks for running prefixes.
     *
     * @return one for each wineserver of this user's; empty where there is none, or no {@code /proc}.
     */
    public static List<WinePrefix> running() {
        final List<Long> own = ProcTable.own();
        final List<WinePrefix> prefixes = new ArrayList<>();
        for (long pid : own) {
            final Path exe = ProcTable.link(pid, "exe");
            if (exe != null && fileName(exe).startsWith("wineserver")) {
                final Map<String, String> environment = ProcTable.environment(pid);
                final Path prefix = verified(pid, prefixOf(environment));
                if (prefix != null) {
                    prefixes.add(new WinePrefix(
                            prefix,
                            pid,
                            loader(exe, environment),
                            programs(own, prefix, pid),
                            forwarded(exe, environment)));
                }
            }
        }
        return prefixes;
    }

    /** The prefix that an environment speaks of: Wine's own rule. Null if that is no path. */
    static Path prefixOf(Map<String, String> environment) {
        final String named = environment.getOrDefault("WINEPREFIX", "");
        final String home = environment.getOrDefault("HOME", "");
        return named.isEmpty() && home.startsWith("/") ? ProcTable.foreign(home + "/.wine") : ProcTable.foreign(named);
    }

    /** Where the prefix is, seen from here: a server in a sandbox may know it by another name. Null if nowhere. */
    private static Path verified(long server, Path prefix) {
        final Path directory = ProcTable.link(server, "cwd");
        final Matcher name = SERVER_DIRECTORY.matcher(directory == null ? "" : fileName(directory));
        if (prefix == null || !name.matches()) {
            return null;
        }
        for (Path candidate : List.of(prefix, inside(server, prefix))) {
            try {
                final Map<String, Object> seen = Files.readAttributes(candidate, "unix:dev,ino");
                if (((Number) seen.get("dev")).longValue() == Long.parseUnsignedLong(name.group(1), 16)
                        && ((Number) seen.get("ino")).longValue() == Long.parseUnsignedLong(name.group(2), 16)) {
                    // Through the server's root the path stays as it is: its real path would be read as one of ours.
                    return candidate.equals(prefix) ? candidate.toRealPath() : candidate;
                }
            } catch (IOException | UnsupportedOperationException e) {
                // Not there under this name; the other may be.
            }
        }
        return null;
    }

    /** A path as a process means it, which may have another root. */
    private static Path inside(long pid, Path path) {
        return ProcTable.path(pid, "root").resolve(path.toString().substring(1));
    }

    /** Whether a process belongs to a prefix, by what it was started with. */
    static boolean belongs(long pid, Path prefix) {
        final Path named = prefixOf(ProcTable.environment(pid));
        return named != null && (isSame(inside(pid, named), prefix) || isSame(named, prefix));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static List<WinePrefix.Program> programs(List<Long> own, Path prefix, long server) {
        final List<WinePrefix.Program> programs = new ArrayList<>();
        for (long pid : own) {
            final String name = pid == server ? "" : programName(ProcTable.arguments(pid));
            final String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".exe") && !WINES_OWN.contains(lower) && isWine(pid) && belongs(pid, prefix)) {
                programs.add(new WinePrefix.Program(pid, name));
            }
        }
        return programs;
    }

    /** A process of Wine's runs Wine's loader, whatever it calls itself. */
    private static boolean isWine(long pid) {
        final Path exe = ProcTable.link(pid, "exe");
        return exe != null && fileName(exe).startsWith("wine");
    }

    private static String programName(List<String> arguments) {
        if (arguments.isEmpty()) {
            return "";
        }
        final String program = arguments.getFirst();
        final int cut = Math.max(program.lastIndexOf('\\'), program.lastIndexOf('/'));
        return program.substring(cut + 1);
    }

    /** A prefix that does not run, and the Wine of this machine for it. */
    static WinePrefix atRest(Path prefix) {
        final List<String> candidates = new ArrayList<>();
        candidates.add(System.getenv().getOrDefault("WINELOADER", ""));
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            candidates.add(directory + "/wine64");
            candidates.add(directory + "/wine");
        }
        return new WinePrefix(prefix, 0, firstExecutable(candidates), List.of(), ofWine(System.getenv()));
    }

    /** The loader beside the server fits it; another may be of another version, which Wine refuses. */
    private static Path loader(Path server, Map<String, String> environment) {
        final List<String> candidates = new ArrayList<>();
        for (String name : List.of("wine64", "wine")) {
            candidates.add(server.resolveSibling(name).toString());
        }
        candidates.add(environment.getOrDefault("WINELOADER", ""));
        return firstExecutable(candidates);
    }

    private static Path firstExecutable(List<String> candidates) {
        for (String candidate : candidates) {
            final Path program = ProcTable.foreign(candidate);
            if (program != null && Files.isExecutable(program) && !Files.isDirectory(program)) {
                return program;
            }
        }
        return null;
    }

    private static Map<String, String> ofWine(Map<String, String> environment) {
        final Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("WINE") && !PRIVATE.contains(name)) {
                variables.put(name, value);
            }
        });
        return variables;
    }

    private static Map<String, String> forwarded(Path server, Map<String, String> environment) {
        final Map<String, String> forwarded = ofWine(environment);
        // Proton's Wine finds its libraries so; the sandbox's own would not fit this side.
        final Path installation =
                server.getParent() == null ? null : server.getParent().getParent();
        final StringBuilder libraries = new StringBuilder();
        for (String entry : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
            if (installation != null && installation.getNameCount() > 2 && entry.startsWith(installation + "/")) {
                libraries.append(libraries.isEmpty() ? "" : ":").append(entry);
            }
        }
        if (!libraries.isEmpty()) {
            forwarded.put("LD_LIBRARY_PATH", libraries.toString());
        }
        return forwarded;
    }

    private static String fileName(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }
}
