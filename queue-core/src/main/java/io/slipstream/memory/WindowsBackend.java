package io.slipstream.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Named file mappings of Windows, backed by its page file. A block is there as long as a process has it open.
 *
 * <p>Not yet run on Windows: the tests drive it through a library of kernel32's functions on Linux, and {@link WineBackend} meets
 * real Windows programs.
 */
final class WindowsBackend implements BlockBackend {
    static final int FILE_MAP_WRITE = 2;
    static final int FILE_MAP_READ = 4;

    private final BlockName name;
    private final String mappingName;
    private final Kernel32 given;

    WindowsBackend(BlockName name, String mappingName) {
        this(name, mappingName, null);
    }

    WindowsBackend(BlockName name, String mappingName, Kernel32 kernel) {
        this.name = name;
        this.mappingName = mappingName;
        this.given = kernel;
    }

    private Kernel32 kernel() throws SharedMemoryException {
        if (given != null) {
            return given;
        }
        if (!Kernel32Calls.isWindows()) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name
                            + ": named mappings of Windows are there on Windows only; on Linux, for programs that run under"
                            + " Wine or Proton, write wine:" + mappingName);
        }
        return Kernel32Calls.system();
    }

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        final Kernel32 kernel = kernel();
        final Kernel32.Answer mapping = kernel.createFileMapping(size, mappingName);
        if (mapping.isNull()) {
            throw WindowsError.failure(name, "CreateFileMapping", mappingName, mapping.error());
        }
        if (mapping.error() == WindowsError.ALREADY_EXISTS) {
            // The handle is good, for the block that is there, at its own size.
            kernel.closeHandle(mapping.value());
            throw WindowsError.failure(name, "CreateFileMapping", mappingName, WindowsError.ALREADY_EXISTS);
        }
        return view(kernel, mapping.value(), BlockAccess.READ_WRITE, size);
    }

    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        final Kernel32 kernel = kernel();
        final Kernel32.Answer mapping = kernel.openFileMapping(wanted(access), mappingName);
        if (mapping.isNull()) {
            throw WindowsError.failure(name, "OpenFileMapping", mappingName, mapping.error());
        }
        return view(kernel, mapping.value(), access, 0);
    }

    private static int wanted(BlockAccess access) {
        return access == BlockAccess.READ_ONLY ? FILE_MAP_READ : FILE_MAP_READ | FILE_MAP_WRITE;
    }

    /** Maps it; size 0 is as long as it is, in whole pages. The handle is closed with the block, or at once if this fails. */
    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    private SharedBlock view(Kernel32 kernel, MemorySegment mapping, BlockAccess access, long size)
            throws SharedMemoryException {
        final Kernel32.Answer view = kernel.mapViewOfFile(mapping, wanted(access), size);
        if (view.isNull()) {
            kernel.closeHandle(mapping);
            throw WindowsError.failure(name, "MapViewOfFile", mappingName, view.error());
        }
        final long length = size == 0 ? kernel.regionSize(view.value()) : size;
        if (length <= 0) {
            kernel.unmapViewOfFile(view.value());
            kernel.closeHandle(mapping);
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR,
                    name + ": VirtualQuery(" + mappingName + ") does not tell how long it is; try again");
        }
        final Arena arena = Arena.ofShared();
        final MemorySegment segment = reach(view.value(), length, arena);
        return new SharedBlock(
                name,
                mappingName,
                access == BlockAccess.READ_ONLY ? segment.asReadOnly() : segment,
                size != 0,
                new SharedBlock.Attachment() {
                    @Override
                    public void detach() {
                        arena.close();
                        kernel.unmapViewOfFile(view.value());
                        kernel.closeHandle(mapping);
                    }

                    @Override
                    public boolean stillThere() {
                        // The handle keeps it.
                        return true;
                    }
                });
    }

    @SuppressWarnings("restricted") // Windows has just said that this much is mapped there.
    static MemorySegment reach(MemorySegment address, long length, Arena arena) {
        return address.reinterpret(length, arena, null);
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        try (SharedBlock block = attach(BlockAccess.READ_ONLY)) {
            return new BlockInfo(name, mappingName, block.size());
        }
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        throw Errno.goesByItself(name, "the last program that has it open ends");
    }
}
