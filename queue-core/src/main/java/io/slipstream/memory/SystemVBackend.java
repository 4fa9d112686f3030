package io.slipstream.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** System V segments by their key's number. */
final class SystemVBackend implements BlockBackend {
    private static final int OWNER_ONLY = 0600;
    private static final int OWNER_READ = 0400;
    private static final int OWNER_WRITE = 0200;

    /** A segment, and the way to it. */
    record Held(SystemVBackend segment, SharedBlock block) {}

    private final BlockName name;
    private final int key;

    SystemVBackend(BlockName name, int key) {
        this.name = name;
        this.key = key;
    }

    private String nativeName(int id) {
        return String.format("System V key 0x%08x", key) + (id < 0 ? "" : ", segment " + id);
    }

    private SharedMemoryException failure(String call, int id, int errno) {
        return Errno.failure(name, nativeName(id), call, errno);
    }

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        final int id = SystemVCalls.shmget(key, size, SystemVCalls.IPC_CREAT | SystemVCalls.IPC_EXCL | OWNER_ONLY);
        if (id < 0) {
            throw failure("shmget for " + size + " bytes", -1, -id);
        }
        try {
            return attach(id, size, BlockAccess.READ_WRITE, true);
        } catch (SharedMemoryException e) {
            SystemVCalls.removeSegment(id);
            throw e;
        }
    }

    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        final boolean readOnly = access == BlockAccess.READ_ONLY;
        final int id = SystemVCalls.shmget(key, 0, readOnly ? OWNER_READ : OWNER_READ | OWNER_WRITE);
        if (id < 0) {
            throw failure("shmget", -1, -id);
        }
        return attach(id, 0, access, false);
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    private SharedBlock attach(int id, long knownSize, BlockAccess access, boolean created)
            throws SharedMemoryException {
        final boolean readOnly = access == BlockAccess.READ_ONLY;
        final long address = SystemVCalls.shmat(id, readOnly ? SystemVCalls.SHM_RDONLY : 0);
        if (address < 0) {
            // A segment that was removed between the two calls is EINVAL or EIDRM here, and no matter of size.
            final int errno = (int) -address;
            throw failure("shmat", id, errno == CLibrary.EINVAL ? CLibrary.EIDRM : errno);
        }
        final long size = created ? knownSize : sizeOf(id, address);
        final Arena arena = Arena.ofShared();
        final MemorySegment memory = segment(address, size, arena);
        return new SharedBlock(
                name,
                nativeName(id),
                readOnly ? memory.asReadOnly() : memory,
                created,
                new Attached(id, address, arena));
    }

    private long sizeOf(int id, long address) throws SharedMemoryException {
        final SystemVCalls.Status status = SystemVCalls.segment(id);
        if (status == null) {
            SystemVCalls.shmdt(address);
            throw failure("the look at its size", id, CLibrary.EIDRM);
        }
        return status.size();
    }

    @SuppressWarnings("restricted") // The system has just given this address and this size.
    private static MemorySegment segment(long address, long size, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(size, arena, null);
    }

    private final class Attached implements SharedBlock.Attachment {
        private final int id;
        private final long address;
        private final Arena arena;

        Attached(int id, long address, Arena arena) {
            this.id = id;
            this.address = address;
            this.arena = arena;
        }

        @Override
        public void detach() throws SharedMemoryException {
            arena.close();
            final int result = SystemVCalls.shmdt(address);
            if (result < 0) {
                throw failure("shmdt", id, -result);
            }
        }

        @Override
        public boolean stillThere() {
            return SystemVCalls.shmget(key, 0, 0) == id;
        }
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        final SystemVSegments.Segment segment = SystemVSegments.find(key);
        if (segment == null) {
            throw failure("the look at it", -1, CLibrary.ENOENT);
        }
        return new BlockInfo(
                name,
                nativeName(segment.id()),
                segment.size(),
                OptionalInt.of(segment.attached()),
                OptionalLong.of(segment.creator()),
                OptionalInt.of(segment.mode()),
                "");
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        final int id = SystemVCalls.shmget(key, 0, 0);
        if (id == -CLibrary.ENOENT) {
            return false;
        }
        final int result = id < 0 ? id : SystemVCalls.removeSegment(id);
        if (result == -CLibrary.EIDRM || result == -CLibrary.EINVAL) {
            return false;
        }
        if (result < 0) {
            throw failure("removal", id, -result);
        }
        return true;
    }

    int key() {
        return key;
    }

    /** Removes the segment if nobody is attached to it, as Qt does after it has detached. */
    boolean removeIfUnused() throws SharedMemoryException {
        final int id = SystemVCalls.shmget(key, 0, 0);
        final SystemVCalls.Status status = id < 0 ? null : SystemVCalls.segment(id);
        return status != null && status.attached() == 0 && remove();
    }
}
