package io.slipstream.memory;

import io.slipstream.memory.BlockName.Qt;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which code serves which kind, and which blocks there are. */
final class Backends {
    private static final Pattern QT_FILE = Pattern.compile("qipc_sharedmemory_([A-Za-z]*)[0-9a-f]{40}");

    private Backends() {}

    static BlockBackend of(BlockName name) throws SharedMemoryException {
        return switch (name) {
            case BlockName.Posix posix -> FileBackend.posix(name, posix.name(), () -> null);
            case BlockName.MappedFile file -> FileBackend.file(name, file.path());
            case BlockName.SystemV systemV -> new SystemVBackend(name, systemV.value());
            case Qt qt ->
                Kernel32Calls.isWindows()
                        ? new WindowsBackend(name, SystemVKeys.qtName(QtBackend.PREFIX, qt.key()))
                        : QtBackend.plain(name, qt.key());
            case BlockName.QtNative(BlockName.QtKeyType type, String key) ->
                switch (type) {
                    case POSIX ->
                        FileBackend.posix(
                                name, key.substring(1), () -> new SemaphoreLock(name, Semaphores.open(name, 1)));
                    case SYSTEM_V -> QtBackend.nativeKey(name, key);
                    case WINDOWS -> new WindowsBackend(name, key);
                };
            case BlockName.Windows windows -> new WindowsBackend(name, windows.name());
            case BlockName.Wine wine -> new WineBackend(name, wine.name());
            case BlockName.DllSection dll -> new DllBackend(dll);
        };
    }

    static List<BlockInfo> list() throws SharedMemoryException {
        if (!CLibrary.LINUX) {
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR, "only Linux can list blocks; name the one you want");
        }
        final List<BlockInfo> blocks = new ArrayList<>(posix());
        final Map<Integer, Qt> qt = qtKeys();
        for (SystemVSegments.Segment segment : SystemVSegments.all()) {
            final Qt known = qt.get(segment.key());
            if (known != null) {
                blocks.add(QtBackend.plain(known, known.key()).info());
            } else if (segment.key() != 0) {
                final BlockName name = new BlockName.SystemV(segment.key());
                blocks.add(new BlockInfo(
                        name,
                        "segment " + segment.id(),
                        segment.size(),
                        OptionalInt.of(segment.attached()),
                        OptionalLong.of(segment.creator()),
                        OptionalInt.of(segment.mode()),
                        ""));
            }
        }
        blocks.sort(Comparator.comparing((BlockInfo block) -> block.name().kind())
                .thenComparing(block -> block.name().key()));
        return blocks;
    }

    private static List<BlockInfo> posix() throws SharedMemoryException {
        final List<BlockInfo> blocks = new ArrayList<>();
        for (Path file : files(FileBackend.SHARED_MEMORY)) {
            final String fileName = file.getFileName().toString();
            if (!fileName.startsWith("sem.")
                    && !fileName.startsWith("slipstream-owner.")
                    && Files.isRegularFile(file)) {
                try {
                    blocks.add(of(new BlockName.Posix(fileName)).info());
                } catch (SharedMemoryException e) {
                    if (e.error() != SharedMemoryError.NOT_FOUND) {
                        throw e; // It may go while it is looked at; all else is worth knowing.
                    }
                }
            }
        }
        return blocks;
    }

    /** The keys of Qt's blocks that can be told from their files: those of letters alone. */
    private static Map<Integer, Qt> qtKeys() throws SharedMemoryException {
        final Map<Integer, Qt> keys = new HashMap<>();
        for (Path file : files(SystemVKeys.qtDirectory())) {
            final Matcher matcher = QT_FILE.matcher(file.getFileName().toString());
            if (matcher.matches() && QtBackend.keyFile(matcher.group(1)).equals(file)) {
                keys.put(SystemVKeys.ftok(file, SystemVKeys.QT_ID), new Qt(matcher.group(1)));
            }
        }
        return keys;
    }

    private static List<Path> files(Path directory) throws SharedMemoryException {
        final List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException | IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR, directory + " cannot be listed: " + e.getMessage(), e);
        }
        return files;
    }
}
