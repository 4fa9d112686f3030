package io.slipstream.memory;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A named block of memory that other processes share, in whatever way they do: see {@link BlockName} for the kinds.
 *
 * <pre>{@code
 * try (SharedBlock block = SharedBlock.attach(BlockName.parse("qt:MyUniqueKey"), BlockAccess.READ_WRITE)) {
 *     ProcessLock lock = block.lock();
 *     lock.lock();
 *     try {
 *         String text = block.segment().getString(0);
 *         block.segment().setString(0, "Hello, Server!");
 *     } finally {
 *         lock.unlock();
 *     }
 * }
 * }</pre>
 *
 * <p>A block that another process cuts short or removes does not end this one: removed memory stays until it is detached, and
 * touching what was cut off throws {@link InternalError}. {@link #stillThere()} tells beforehand.
 *
 * <p><b>Threads:</b> any, until {@link #close()}, after which the segment refuses every use. Only {@link #lock()}'s handle is
 * for one thread at a time.
 */
public final class SharedBlock implements AutoCloseable {
    /** How a kind lets go of what it attached. */
    interface Attachment {
        /** Detaches. Called once. */
        void detach() throws SharedMemoryException;

        /** Whether others who ask for the name now get this very block, at this size. */
        boolean stillThere();

        /** The handle of the lock that belongs to the block, closed by {@link #detach}; null where the kind has none. */
        default ProcessLock lock() throws SharedMemoryException {
            return null;
        }
    }

    private static final long PAUSE_NS = 100_000;
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final BlockName name;
    private final String nativeName;
    private final MemorySegment segment;
    private final boolean created;
    private final Attachment attachment;
    private ProcessLock lock;
    private boolean closed;

    SharedBlock(BlockName name, String nativeName, MemorySegment segment, boolean created, Attachment attachment) {
        this.name = name;
        this.nativeName = nativeName;
        this.segment = segment;
        this.created = created;
        this.attachment = attachment;
    }

    /**
     * Makes a block, all zero, for this user alone.
     *
     * @param name of the block.
     * @param size bytes, from 1.
     * @return the block, attached to read and write.
     * @throws SharedMemoryException {@link SharedMemoryError#ALREADY_EXISTS} if there is one of that name, whatever its size.
     */
    public static SharedBlock create(BlockName name, long size) throws SharedMemoryException {
        BlockKeys.requireSize(name, size);
        return Backends.of(name).create(size);
    }

    /**
     * Attaches to a block that is there.
     *
     * @param name of the block.
     * @param access what for.
     * @return the block, as long as whoever made it chose, rounded up as the kind does.
     * @throws SharedMemoryException {@link SharedMemoryError#NOT_FOUND} if there is none.
     */
    public static SharedBlock attach(BlockName name, BlockAccess access) throws SharedMemoryException {
        return Backends.of(name).attach(access);
    }

    /**
     * Attaches to a block, or makes it if there is none; several processes may do so at once.
     *
     * @param name of the block.
     * @param size bytes, from 1; one that is there must be at least as long.
     * @return the block, attached to read and write.
     * @throws SharedMemoryException {@link SharedMemoryError#INVALID_SIZE} if the one that is there is shorter.
     */
    public static SharedBlock createOrAttach(BlockName name, long size) throws SharedMemoryException {
        BlockKeys.requireSize(name, size);
        final BlockBackend backend = Backends.of(name);
        // Another may remove the block between the two calls, or be about to give it its size.
        final long started = System.nanoTime();
        while (true) {
            try {
                return backend.create(size);
            } catch (SharedMemoryException e) {
                if (e.error() != SharedMemoryError.ALREADY_EXISTS) {
                    throw e;
                }
            }
            try {
                return longEnough(backend.attach(BlockAccess.READ_WRITE), size);
            } catch (SharedMemoryException e) {
                if (e.error() != SharedMemoryError.NOT_FOUND || System.nanoTime() - started > PATIENCE_NS) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private static SharedBlock longEnough(SharedBlock block, long size) throws SharedMemoryException {
        if (block.size() >= size) {
            return block;
        }
        block.close();
        throw new SharedMemoryException(
                SharedMemoryError.INVALID_SIZE,
                block.name + " is there with " + block.size() + " bytes, fewer than the " + size
                        + " wanted: end the programs that use it and remove it, or ask for less");
    }

    /**
     * What the system tells of a block without attaching to it.
     *
     * @param name of the block.
     * @return its size and use.
     * @throws SharedMemoryException {@link SharedMemoryError#NOT_FOUND} if there is none.
     */
    public static BlockInfo info(BlockName name) throws SharedMemoryException {
        return Backends.of(name).info();
    }

    /**
     * The blocks of this machine that this user can see, of every kind that can be listed.
     *
     * @return by kind and name.
     * @throws SharedMemoryException if the system does not tell.
     */
    public static List<BlockInfo> list() throws SharedMemoryException {
        return Backends.list();
    }

    /**
     * Removes a block, and the lock that belongs to it. Those who are attached keep the memory; nobody else finds it.
     *
     * @param name of the block.
     * @return false if there was none.
     * @throws SharedMemoryException if that is refused, or the kind's blocks go by themselves.
     */
    public static boolean remove(BlockName name) throws SharedMemoryException {
        return Backends.of(name).remove();
    }

    /**
     * What the block was asked for by.
     *
     * @return name.
     */
    public BlockName name() {
        return name;
    }

    /**
     * What the system calls it.
     *
     * @return a path, a System V key and number, or a mapping's name.
     */
    public String nativeName() {
        return nativeName;
    }

    /**
     * Bytes of the block.
     *
     * @return size.
     */
    public long size() {
        return segment.byteSize();
    }

    /**
     * The memory.
     *
     * @return all of the block; read-only if it was attached so. Usable by every thread until {@link #close()}.
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * The memory, for Agrona's and SBE's classes. They do not know of {@link #close()}, so no use may come after it; nor that a
     * block is read-only: to write to one that was attached so ends the process.
     *
     * @return all of the block, at most 2 GiB of it.
     * @throws SharedMemoryException {@link SharedMemoryError#INVALID_SIZE} if the block is longer than such a buffer can be.
     */
    public UnsafeBuffer buffer() throws SharedMemoryException {
        if (size() > Integer.MAX_VALUE) {
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE,
                    name + " has " + size() + " bytes, more than a buffer can hold; use slices of its segment");
        }
        return new UnsafeBuffer(segment.asByteBuffer());
    }

    /**
     * Tells whether this call made the block.
     *
     * @return false if it was there.
     */
    public boolean created() {
        return created;
    }

    /**
     * The lock that belongs to the block, as Qt's have one. Always the same handle for this attachment.
     *
     * @return the handle; closed with the block.
     * @throws SharedMemoryException {@link SharedMemoryError#LOCK_ERROR} if blocks of this kind have none; then agree on a
     *     {@link FastLock} in the block, a {@link RegionLock} or a {@link SystemSemaphore} with the other programs.
     */
    public synchronized ProcessLock lock() throws SharedMemoryException {
        if (closed) {
            throw new IllegalStateException(name + " is detached; attach to it again");
        }
        if (lock == null) {
            lock = attachment.lock();
        }
        if (lock == null) {
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR,
                    "a block of kind '" + name.kind() + "' has no lock of its own (" + name
                            + "): agree on a lock word in it, a region of a file or a semaphore with the other programs");
        }
        return lock;
    }

    /**
     * Tells whether this is still the block that others get by its name, at this size. Costs a system call or two.
     *
     * @return false if it was removed, replaced, or its length has changed.
     */
    public boolean stillThere() {
        return attachment.stillThere();
    }

    /**
     * Detaches. What happens to the block when nobody is attached is the kind's way: Qt's and Windows' go, others stay until they
     * are removed. May be called again.
     *
     * @throws SharedMemoryException if the lock was lost while it was held, or the system refuses; it is detached even so.
     * @throws IllegalStateException while another thread waits for a {@link FastLock} in the memory; it is attached still, so let
     *     that thread come back and call again.
     */
    @Override
    public synchronized void close() throws SharedMemoryException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (lock != null && lock.isHeld()) {
                lock.unlock();
            }
        } finally {
            detach();
        }
    }

    private void detach() throws SharedMemoryException {
        try {
            attachment.detach();
        } catch (IllegalStateException e) {
            closed = false; // Somebody is in the memory, in a call of the system's.
            throw e;
        }
    }

    @Override
    public String toString() {
        return name + " (" + nativeName + ", " + size() + " bytes)";
    }
}
