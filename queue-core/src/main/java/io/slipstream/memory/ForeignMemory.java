package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory that another process maps from a file, reached from here though the file has no name any more: the same file is open
 * somewhere, as a descriptor of the wineserver or another process of this user, or through {@code map_files} where root may.
 */
final class ForeignMemory {
    // Another descriptor of the same file takes its place when it is closed.
    private volatile Path path;
    private final long keeper;
    private final long keeperStart;
    private final long device;
    private final long inode;
    private final long fileDevice;
    private final long fileSize;
    private final long offset;
    private final long size;

    private ForeignMemory(Path path, long keeper, Identity found, ProcMapping mapping, long offset, long size) {
        this.path = path;
        this.keeper = keeper;
        this.keeperStart = Processes.startTime(keeper);
        this.device = mapping.device();
        this.inode = mapping.inode();
        this.fileDevice = found.device;
        this.fileSize = found.size;
        this.offset = offset;
        this.size = size;
    }

    private record Identity(long device, long inode, long size) {}

    /**
     * Finds the file behind an address of a process.
     *
     * @param what is looked for, for messages.
     * @param pid of the process.
     * @param address in it.
     * @param length bytes wanted from there on; what the file has not is left off.
     * @param keepers processes that are likely to hold the file open.
     * @return where it can be opened; null if the process maps nothing there that it shares.
     * @throws SharedMemoryException if this user cannot open it.
     */
    static ForeignMemory at(String what, long pid, long address, long length, List<Long> keepers)
            throws SharedMemoryException {
        for (ProcMapping mapping : ProcTable.mappings(pid)) {
            if (mapping.holds(address) && mapping.shared() && mapping.isFile()) {
                return of(what, pid, mapping, mapping.offset() + (address - mapping.start()), length, keepers);
            }
        }
        return null;
    }

    private static ForeignMemory of(
            String what, long pid, ProcMapping mapping, long offset, long length, List<Long> keepers)
            throws SharedMemoryException {
        // Descriptors first: they last as long as the block has its name. A process may unmap what it has mapped.
        for (long keeper : keepers) {
            for (Path descriptor : ProcTable.descriptors(keeper)) {
                final Identity found = identity(descriptor, mapping);
                if (found != null) {
                    return checked(what, descriptor, keeper, found, mapping, offset, length);
                }
            }
        }
        final List<Path> others =
                new ArrayList<>(List.of(ProcTable.path(pid, "map_files").resolve(mapping.range())));
        final Path named = ProcTable.foreign(mapping.path());
        if (named != null) {
            others.add(named);
        }
        for (Path other : others) {
            final Identity found = identity(other, mapping);
            if (found != null) {
                return checked(what, other, pid, found, mapping, offset, length);
            }
        }
        throw new SharedMemoryException(
                SharedMemoryError.PERMISSION_DENIED,
                what + ": process " + pid + " maps it, but its file (inode " + mapping.inode() + ", " + mapping.path()
                        + ") is not open in a wineserver of yours: run this as the user whose game it is, outside of a"
                        + " sandbox, or as root");
    }

    private static ForeignMemory checked(
            String what, Path path, long keeper, Identity found, ProcMapping mapping, long offset, long length)
            throws SharedMemoryException {
        final long size = Math.min(length, found.size - offset);
        if (size <= 0) {
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE,
                    what + ": its file has " + found.size + " bytes, none at " + offset
                            + ", where it is mapped: somebody has cut it short; start the game again");
        }
        return new ForeignMemory(path, keeper, found, mapping, offset, size);
    }

    /** Null unless the path is that very file. */
    private static Identity identity(Path path, ProcMapping mapping) {
        try {
            // Not all file systems tell the same device in both places; then the system's own name for the file has to
            // agree.
            final Map<String, Object> seen = Files.readAttributes(path, "unix:ino,dev,size,isRegularFile");
            final boolean same = ((Number) seen.get("ino")).longValue() == mapping.inode()
                    && Boolean.TRUE.equals(seen.get("isRegularFile"))
                    && (((Number) seen.get("dev")).longValue() == mapping.device() || names(path, mapping));
            return same
                    ? new Identity(
                            ((Number) seen.get("dev")).longValue(),
                            mapping.inode(),
                            ((Number) seen.get("size")).longValue())
                    : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    private static boolean names(Path path, ProcMapping mapping) {
        final Path target = ProcTable.target(path);
        return target != null && target.toString().equals(mapping.path());
    }

    long size() {
        return size;
    }

    long inode() {
        return inode;
    }

    long keeper() {
        return keeper;
    }

    /** Whether both are the same memory. */
    boolean isSame(ForeignMemory other) {
        return inode == other.inode && device == other.device && offset == other.offset;
    }

    /** Maps it here, until the arena closes. */
    MemorySegment map(String what, BlockAccess access, Arena arena) throws SharedMemoryException {
        final boolean writes = access == BlockAccess.READ_WRITE;
        final Set<StandardOpenOption> options =
                writes ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
        try (FileChannel channel = FileChannel.open(path, options)) {
            if (channel.size() < offset + size) {
                throw gone(what);
            }
            final MemorySegment segment = channel.map(
                    writes ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, offset, size, arena);
            requireSame(what, segment);
            return segment;
        } catch (NoSuchFileException e) {
            throw gone(what);
        } catch (IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.PERMISSION_DENIED,
                    what + ": cannot map " + path + ": " + e.getMessage()
                            + "; run this as the user whose game it is, or attach to read only",
                    e);
        }
    }

    /** A descriptor's number may have been given to another file between the look and the opening. */
    private void requireSame(String what, MemorySegment segment) throws SharedMemoryException {
        for (ProcMapping mapping : ProcTable.mappings(ProcessHandle.current().pid())) {
            if (mapping.holds(segment.address())) {
                if (mapping.inode() == inode
                        && mapping.device() == device
                        && mapping.offset() + (segment.address() - mapping.start()) == offset) {
                    return;
                }
                break;
            }
        }
        throw gone(what);
    }

    private static SharedMemoryException gone(String what) {
        return new SharedMemoryException(
                SharedMemoryError.NOT_FOUND, what + ": it went while it was looked at; try again when the game runs");
    }

    /** Whether whoever kept the file open then still does, at this size. Reads a file's attributes, as long as it does. */
    boolean isKept() {
        if (!Processes.isAlive(keeper, keeperStart)) {
            return false;
        }
        if (isFile(path)) {
            return true;
        }
        // A wineserver may have it open twice, for the file and for its mapping, and close the one that was found.
        for (Path descriptor : ProcTable.descriptors(keeper)) {
            if (isFile(descriptor)) {
                path = descriptor;
                return true;
            }
        }
        return false;
    }

    private boolean isFile(Path candidate) {
        try {
            final Map<String, Object> seen = Files.readAttributes(candidate, "unix:ino,dev,size");
            return ((Number) seen.get("ino")).longValue() == inode
                    && ((Number) seen.get("dev")).longValue() == fileDevice
                    && ((Number) seen.get("size")).longValue() == fileSize;
        } catch (IOException e) {
            return false;
        }
    }
}
