package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Named file mappings of programs that run under Wine or Proton. With {@code WINEPREFIX} set, those of that prefix; else those of
 * every prefix of this user that runs.
 */
final class WineBackend implements BlockBackend {
    private static final Pattern SHARED = Pattern.compile("shared name=.*");
    /** A prefix that does not run yet starts first, and may have to be made. */
    private static final Duration START = Duration.ofMinutes(2);

    private final BlockName name;
    private final String mappingName;

    WineBackend(BlockName name, String mappingName) {
        this.name = name;
        this.mappingName = mappingName;
    }

    private String what() {
        return name.toString();
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        try (WineSearch search = WineSearch.in(prefixes(), what(), mappingName)) {
            final WineSearch.Found found = search.only();
            final Arena arena = Arena.ofShared();
            try {
                final MemorySegment segment = found.memory().map(what(), access, arena);
                return new SharedBlock(name, nativeName(found.prefix().path()), segment, false, attached(found, arena));
            } catch (SharedMemoryException | RuntimeException e) {
                arena.close();
                throw e;
            }
        }
    }

    private String nativeName(Path prefix) {
        return mappingName + " in " + prefix;
    }

    private static SharedBlock.Attachment attached(WineSearch.Found found, Arena arena) {
        return new SharedBlock.Attachment() {
            @Override
            public void detach() {
                arena.close();
            }

            @Override
            public boolean stillThere() {
                return found.memory().isKept();
            }
        };
    }

    private List<WinePrefix> prefixes() throws SharedMemoryException {
        if (!CLibrary.LINUX) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name + ": wine: reaches into Wine from Linux; on Windows write windows:" + mappingName);
        }
        final List<WinePrefix> running = WinePrefixes.running();
        final Path wanted = wanted();
        final List<WinePrefix> prefixes = wanted == null
                ? running
                : running.stream()
                        .filter(prefix -> isSame(prefix.path(), wanted))
                        .toList();
        if (prefixes.isEmpty()) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    name + ": "
                            + (wanted == null
                                    ? "no Wine or Proton prefix of yours runs"
                                    : "no program runs in the prefix that WINEPREFIX names, " + wanted)
                            + "; start the program that makes the block first, as the same user");
        }
        return prefixes;
    }

    /** The prefix that the user named; null if none. */
    private static Path wanted() {
        final String named = System.getenv("WINEPREFIX");
        return named == null ? null : ProcTable.foreign(named);
    }

    private static boolean isSame(Path prefix, Path wanted) {
        try {
            return Files.isSameFile(prefix, wanted);
        } catch (IOException e) {
            return false;
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        final WinePrefix prefix = startable();
        final Path file = FileBackend.SHARED_MEMORY.resolve("slipstream-" + UUID.randomUUID());
        final Arena arena = Arena.ofShared();
        WineHelper helper = null;
        try {
            final MemorySegment segment = reserve(file, size, arena);
            helper = WineHelper.start(
                    prefix.loader(),
                    prefix.environment(),
                    prefix.path(),
                    false,
                    List.of(
                            "share",
                            "--percent",
                            WineNames.percent(mappingName),
                            Long.toString(size),
                            "--file",
                            "Z:" + file.toString().replace('/', '\\')));
            final Matcher shared = helper.await(SHARED, START);
            if (shared == null) {
                throw refused(helper, prefix);
            }
            // Both sides have it open: it needs no name, and so nobody has to tidy up.
            delete(file);
            return new SharedBlock(name, nativeName(prefix.path()), segment, true, created(helper, arena));
        } catch (SharedMemoryException | RuntimeException e) {
            if (helper != null) {
                helper.close();
            }
            arena.close();
            try {
                delete(file);
            } catch (SharedMemoryException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private SharedMemoryException refused(WineHelper helper, WinePrefix prefix) {
        return switch (helper.exitCode()) {
            case WineHelper.NAME_TAKEN ->
                new SharedMemoryException(
                        SharedMemoryError.ALREADY_EXISTS,
                        name + ": a program in " + prefix.path() + " has a block of that name; attach to it");
            case WineHelper.NAME_OF_OTHER_KIND ->
                new SharedMemoryException(
                        SharedMemoryError.KEY_ERROR,
                        name + ": a program in " + prefix.path()
                                + " has a mutex, event or semaphore of that name; give another");
            default ->
                new SharedMemoryException(
                        SharedMemoryError.UNKNOWN_ERROR,
                        name + ": " + WineBridge.FILE_NAME + " in " + prefix.path() + " ended with code "
                                + helper.exitCode() + helper.said());
        };
    }

    private MemorySegment reserve(Path file, long size, Arena arena) throws SharedMemoryException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            try (FileSpace space = FileSpace.open(file)) {
                // A full system is an error here, and not a fault at the first write.
                if (space != null && !space.reserve(0, size)) {
                    throw new SharedMemoryException(
                            SharedMemoryError.OUT_OF_RESOURCES,
                            name + ": no room for " + size + " bytes in " + FileBackend.SHARED_MEMORY + "; "
                                    + Errno.remedy(SharedMemoryError.OUT_OF_RESOURCES));
                }
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, file.toString(), e);
        }
    }

    private void delete(Path file) throws SharedMemoryException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Errno.failure(name, file.toString(), e);
        }
    }

    private static SharedBlock.Attachment created(WineHelper helper, Arena arena) {
        return new SharedBlock.Attachment() {
            @Override
            public void detach() {
                helper.close();
                arena.close();
            }

            @Override
            public boolean stillThere() {
                return helper.isAlive();
            }
        };
    }

    /** The prefix to make a block in, whether it runs or not. */
    private WinePrefix startable() throws SharedMemoryException {
        final Path wanted = wanted();
        if (wanted == null || !CLibrary.LINUX) {
            final List<WinePrefix> running = prefixes();
            if (running.size() > 1) {
                throw new SharedMemoryException(
                        SharedMemoryError.KEY_ERROR,
                        name + ": several prefixes run, " + running.get(0).path() + " and "
                                + running.get(1).path() + "; set WINEPREFIX to the one that the block is for");
            }
            return requireLoader(running.getFirst());
        }
        for (WinePrefix prefix : WinePrefixes.running()) {
            if (isSame(prefix.path(), wanted)) {
                return requireLoader(prefix);
            }
        }
        return requireLoader(WinePrefixes.atRest(wanted));
    }

    private WinePrefix requireLoader(WinePrefix prefix) throws SharedMemoryException {
        if (prefix.loader() == null) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    name + ": there is no Wine here that starts programs in " + prefix.path()
                            + "; install wine, or set WINELOADER to its program");
        }
        return prefix;
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        try (WineSearch search = WineSearch.in(prefixes(), what(), mappingName)) {
            final WineSearch.Found found = search.only();
            return new BlockInfo(
                    name,
                    nativeName(found.prefix().path()) + ", inode "
                            + found.memory().inode(),
                    found.memory().size());
        }
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        throw Errno.goesByItself(name, "the last program that has it open ends");
    }
}
