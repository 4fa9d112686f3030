package io.slipstream.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a named block in the prefixes that run: at a bridge that shares it, or else by asking a bridge of our own for its
 * address. Until the search is closed, what was found stays mapped by that bridge.
 */
final class WineSearch implements AutoCloseable {
    private static final Pattern FOUND =
            Pattern.compile("found address=0x([0-9a-f]{1,16}) bytes=([0-9]{1,18}) pid=[0-9]{1,10}");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String what;
    private final String name;
    private final List<WineHelper> helpers = new ArrayList<>();
    private final List<Found> found = new ArrayList<>();
    private SharedMemoryException problem;

    /** A block, and the prefix whose programs know it by the name. */
    record Found(WinePrefix prefix, ForeignMemory memory) {}

    private WineSearch(String what, String name) {
        this.what = what;
        this.name = name;
    }

    /** Searches prefixes; {@link #only()} tells what came of it. */
    static WineSearch in(List<WinePrefix> prefixes, String what, String name) {
        final WineSearch search = new WineSearch(what, name);
        try {
            prefixes.forEach(search::look);
            return search;
        } catch (RuntimeException e) {
            search.close();
            throw e;
        }
    }

    private void look(WinePrefix prefix) {
        try {
            ForeignMemory memory = shared(prefix);
            if (memory == null) {
                memory = ask(prefix);
            }
            if (memory != null) {
                found.add(new Found(prefix, memory));
            }
        } catch (SharedMemoryException e) {
            problem = e;
        }
    }

    /** The block. */
    Found only() throws SharedMemoryException {
        if (found.size() > 1) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    what + " is there in several prefixes: "
                            + found.get(0).prefix().path() + " and "
                            + found.get(1).prefix().path() + "; set WINEPREFIX to the one you mean");
        }
        if (found.isEmpty()) {
            throw problem != null ? problem : absent();
        }
        return found.getFirst();
    }

    private SharedMemoryException absent() {
        return new SharedMemoryException(
                SharedMemoryError.NOT_FOUND,
                what
                        + ": no program that runs in Wine has a block of that name; start the program that makes it first, or"
                        + " mend the name: case counts");
    }

    /** A bridge that was started before the game maps the file itself, so nothing needs to be run. */
    private ForeignMemory shared(WinePrefix prefix) throws SharedMemoryException {
        for (long pid : ProcTable.own()) {
            final String file = sharedFile(ProcTable.arguments(pid));
            if (file != null && WinePrefixes.belongs(pid, prefix.path())) {
                for (ProcMapping mapping : ProcTable.mappings(pid)) {
                    if (mapping.shared() && mapping.path().equals(file)) {
                        return ForeignMemory.at(
                                what, pid, mapping.start(), mapping.end() - mapping.start(), List.of(prefix.server()));
                    }
                }
            }
        }
        return null;
    }

    /**
     * The file that a command line {@code …slipstream-bridge.exe share … NAME BYTES [--file FILE]…} puts the name in; null if none.
     * Compared as text: in this JVM's locale it need not be a path.
     */
    private String sharedFile(List<String> arguments) {
        int at = 0;
        while (at < arguments.size()
                && !arguments.get(at).toLowerCase(Locale.ROOT).endsWith(WineBridge.FILE_NAME)) {
            at++;
        }
        if (at + 3 >= arguments.size() || !arguments.get(at + 1).equals("share")) {
            return null;
        }
        final boolean percent = arguments.get(at + 2).equals("--percent");
        for (int i = at + (percent ? 3 : 2); i + 1 < arguments.size(); i += 2) {
            final String argument = arguments.get(i);
            if (argument.equals("--")) {
                return null;
            }
            if (!argument.equals("--file") && isName(argument, percent)) {
                final boolean named =
                        i + 3 < arguments.size() && arguments.get(i + 2).equals("--file");
                return named
                        ? unixPath(arguments.get(i + 3))
                        : FileBackend.SHARED_MEMORY + "/" + WineNames.fileName(name);
            }
        }
        return null;
    }

    private boolean isName(String argument, boolean percent) {
        final String plain = WineNames.withoutSession(name);
        return percent
                ? argument.equals(WineNames.percent(plain)) || argument.equals(WineNames.percent("Local\\" + plain))
                : WineNames.withoutSession(argument).equals(plain);
    }

    /** Where {@code Z:} leads, which is all that Linux need know of drives. */
    private static String unixPath(String path) {
        final String plain = path.startsWith("\\\\?\\") ? path.substring(4) : path;
        final String unix = plain.replace('\\', '/');
        return unix.regionMatches(true, 0, "Z:/", 0, 3) ? unix.substring(2) : unix;
    }

    private ForeignMemory ask(WinePrefix prefix) throws SharedMemoryException {
        if (prefix.loader() == null) {
            throw new SharedMemoryException(
                    SharedMemoryError.PERMISSION_DENIED,
                    what + ": the Wine that runs " + prefix + " cannot be started from here, as it is in a sandbox:"
                            + " start the game with the bridge before it ('slipstream proton --help')");
        }
        final WineHelper helper = WineHelper.start(
                prefix.loader(),
                prefix.environment(),
                prefix.path(),
                true,
                List.of("find", "--percent", WineNames.percent(name)));
        helpers.add(helper);
        final Matcher answer = helper.await(FOUND, LIMIT);
        if (answer == null) {
            if (helper.exitCode() == WineHelper.NO_SUCH_NAME) {
                return null;
            }
            if (helper.exitCode() == WineHelper.NAME_OF_OTHER_KIND) {
                throw new SharedMemoryException(
                        SharedMemoryError.KEY_ERROR,
                        what + ": in " + prefix + " that is the name of a mutex, event or semaphore; give that of the"
                                + " shared memory");
            }
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR,
                    what + ": " + WineBridge.FILE_NAME + " in " + prefix + " ended with code " + helper.exitCode()
                            + helper.said());
        }
        final long address = Long.parseUnsignedLong(answer.group(1), 16);
        final long bytes = Long.parseLong(answer.group(2));
        for (long pid : ProcTable.own()) {
            if (ProcTable.arguments(pid).contains(helper.mark())) {
                final ForeignMemory memory = ForeignMemory.at(what, pid, address, bytes, List.of(prefix.server(), pid));
                if (memory != null) {
                    return memory;
                }
            }
        }
        throw new SharedMemoryException(
                SharedMemoryError.UNKNOWN_ERROR,
                what + ": " + WineBridge.FILE_NAME + " sees it in " + prefix
                        + ", but its process shows no shared memory there; start the game with the bridge before it"
                        + " ('slipstream proton --help')");
    }

    @Override
    public void close() {
        helpers.forEach(WineHelper::close);
    }
}
