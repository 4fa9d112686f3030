package io.slipstream.memory;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A Wine or Proton prefix that runs: programs in it share their named memory through one wineserver. Immutable.
 *
 * @param path of the prefix, the value of {@code WINEPREFIX}.
 * @param server pid of its wineserver.
 * @param loader program that starts another one in it with the same Wine; null if it is not to be found from here, as in some
 *     sandboxes.
 * @param programs Windows programs that run in it, Wine's own left out.
 * @param environment variables that a further program of this prefix needs.
 */
public record WinePrefix(Path path, long server, Path loader, List<Program> programs, Map<String, String> environment) {
    /**
     * A Windows program that runs.
     *
     * @param pid of its process on Linux.
     * @param name of its file, without directories.
     */
    public record Program(long pid, String name) {}

    /** Keeps what it was given from changing. */
    public WinePrefix {
        programs = List.copyOf(programs);
        environment = Map.copyOf(environment);
    }

    /**
     * Tells whether this is Proton's Wine rather than the distribution's.
     *
     * @return by where its loader is, or by its prefix's place.
     */
    public boolean isProton() {
        return path.toString().contains("/compatdata/")
                || (loader != null && loader.toString().toLowerCase(Locale.ROOT).contains("proton"));
    }

    @Override
    public String toString() {
        return path + " (wineserver " + server + ")";
    }
}
