package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The section of a DLL that all processes share which have loaded it ({@code data_seg}). On Linux it is reached in the Wine
 * processes that have the DLL's file mapped; on Windows this process loads the DLL, which has not been run yet.
 */
final class DllBackend implements BlockBackend {
    private final BlockName.DllSection name;
    private final Kernel32 given;

    DllBackend(BlockName.DllSection name) {
        this(name, null);
    }

    DllBackend(BlockName.DllSection name, Kernel32 kernel) {
        this.name = name;
        this.given = kernel;
    }

    /** The memory, and a process that has it. */
    private record Loaded(long pid, ForeignMemory memory) {}

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        throw new SharedMemoryException(
                SharedMemoryError.KEY_ERROR,
                name + ": a DLL's shared section is there as soon as a program loads the DLL, and cannot be made"
                        + " otherwise; start such a program and attach");
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        final DllMember member = DllMember.of(name);
        if (given != null || Kernel32Calls.isWindows()) {
            return load(given != null ? given : Kernel32Calls.system(), member, access);
        }
        final Loaded loaded = loaded(member);
        final Arena arena = Arena.ofShared();
        try {
            final MemorySegment segment = loaded.memory().map(name.toString(), access, arena);
            return new SharedBlock(name, nativeName(member), segment, false, new SharedBlock.Attachment() {
                @Override
                public void detach() {
                    arena.close();
                }

                @Override
                public boolean stillThere() {
                    return loaded.memory().isKept();
                }
            });
        } catch (SharedMemoryException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private String nativeName(DllMember member) {
        return "section " + member.section() + " of " + name.file();
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    private SharedBlock load(Kernel32 kernel, DllMember member, BlockAccess access) throws SharedMemoryException {
        final String file = name.file().toString();
        final Kernel32.Answer module = kernel.loadLibrary(file);
        if (module.isNull()) {
            throw WindowsError.failure(name, "LoadLibrary", file, module.error());
        }
        final MemorySegment start = MemorySegment.ofAddress(module.value().address() + member.address());
        final Arena arena = Arena.ofShared();
        final MemorySegment segment = WindowsBackend.reach(start, member.size(), arena);
        return new SharedBlock(
                name,
                nativeName(member),
                access == BlockAccess.READ_ONLY ? segment.asReadOnly() : segment,
                false,
                new SharedBlock.Attachment() {
                    @Override
                    public void detach() {
                        arena.close();
                        kernel.freeLibrary(module.value());
                    }

                    @Override
                    public boolean stillThere() {
                        // This process keeps the DLL loaded.
                        return true;
                    }
                });
    }

    /** The one memory that all Wine processes share which have loaded the DLL. */
    private Loaded loaded(DllMember member) throws SharedMemoryException {
        final Map<String, Object> dll = identity();
        final List<Long> own = ProcTable.own();
        Loaded first = null;
        for (long pid : own) {
            final long base = base(pid, dll);
            final ForeignMemory memory = base < 0
                    ? null
                    : ForeignMemory.at(name.toString(), pid, base + member.address(), member.size(), keepers(own, pid));
            if (memory != null && first == null) {
                first = new Loaded(pid, memory);
            } else if (memory != null && !memory.isSame(first.memory())) {
                throw new SharedMemoryException(
                        SharedMemoryError.KEY_ERROR,
                        name + ": it is loaded in several prefixes, by processes " + first.pid() + " and " + pid
                                + "; end the one that you do not mean");
            }
        }
        if (first == null) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    name + ": no Wine process of yours has this very file loaded; start the program that loads it, and"
                            + " give the path of the copy that it loads");
        }
        return first;
    }

    private Map<String, Object> identity() throws SharedMemoryException {
        try {
            return Files.readAttributes(name.file(), "unix:ino,dev");
        } catch (IOException | UnsupportedOperationException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND, name + ": cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** Where a process has the DLL loaded; -1 if it has not. Its header is its lowest mapping. */
    private long base(long pid, Map<String, Object> dll) {
        for (ProcMapping mapping : ProcTable.mappings(pid)) {
            if (mapping.inode() == ((Number) dll.get("ino")).longValue()
                    && mapping.offset() == 0
                    && !mapping.shared()
                    && (mapping.device() == ((Number) dll.get("dev")).longValue() || isFile(mapping.path()))) {
                return mapping.start();
            }
        }
        return -1;
    }

    private boolean isFile(String path) {
        final Path mapped = ProcTable.foreign(path);
        try {
            return mapped != null && Files.isSameFile(mapped, name.file());
        } catch (IOException e) {
            return false;
        }
    }

    /** The wineservers, which keep the memory as long as anybody has the DLL loaded; then the process itself. */
    private static List<Long> keepers(List<Long> own, long pid) {
        final List<Long> keepers = new ArrayList<>();
        for (long other : own) {
            final Path exe = ProcTable.link(other, "exe");
            if (exe != null
                    && exe.getFileName() != null
                    && exe.getFileName().toString().startsWith("wineserver")) {
                keepers.add(other);
            }
        }
        keepers.add(pid);
        return keepers;
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        try (SharedBlock block = attach(BlockAccess.READ_ONLY)) {
            return new BlockInfo(name, block.nativeName(), block.size());
        }
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        throw Errno.goesByItself(name, "the last program ends that has the DLL loaded");
    }
}
