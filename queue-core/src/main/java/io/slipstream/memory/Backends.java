package io.slipstream.memory;

import io.slipstream.memory.BlockName.Qt;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
        final Map<Integer, Path> qtFiles = qtFiles();
        for (SystemVSegments.Segment segment : SystemVSegments.all()) {
            final Path file = qtFiles.get(segment.key());
            final Qt qt = file == null ? null : qtKey(file);
            if (qt != null) {
                addIfThere(blocks, QtBackend.plain(qt, qt.key()));
            } else if (segment.key() != 0) {
                blocks.add(new BlockInfo(
                        new BlockName.SystemV(segment.key()),
                        "segment " + segment.id() + (file == null ? "" : ", Qt's " + file),
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
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                addIfThere(blocks, FileBackend.listed(fileName, file));
            }
        }
        return blocks;
    }

    /** It may go while it is looked at; all else is worth knowing. */
    private static void addIfThere(List<BlockInfo> blocks, BlockBackend backend) throws SharedMemoryException {
        try {
            blocks.add(backend.info());
        } catch (SharedMemoryException e) {
            if (e.error() != SharedMemoryError.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** The files of Qt's blocks, by the key that ftok makes of them. */
    private static Map<Integer, Path> qtFiles() throws SharedMemoryException {
        final Map<Integer, Path> keys = new HashMap<>();
        for (Path file : files(SystemVKeys.qtDirectory())) {
            if (QT_FILE.matcher(file.getFileName().toString()).matches()) {
                try {
                    keys.put(SystemVKeys.ftok(file, SystemVKeys.QT_ID), file);
                } catch (SharedMemoryException e) {
                    // Gone by now, or another user's link: its segment, if there is one, is listed by its key.
                }
            }
        }
        return keys;
    }

    /** The key that a file is of: known if it is of letters alone, since those stand in the file's name; else null. */
    private static Qt qtKey(Path file) {
        final Matcher matcher = QT_FILE.matcher(file.getFileName().toString());
        return matcher.matches() && QtBackend.keyFile(matcher.group(1)).equals(file) ? new Qt(matcher.group(1)) : null;
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
