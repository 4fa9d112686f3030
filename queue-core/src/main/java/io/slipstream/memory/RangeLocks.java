package io.slipstream.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Locks on ranges of one file, as many as their owner wants, shared or exclusive; {@link RegionLock} is the handle of a single
 * one. This object is the owner, which two objects in one JVM are just as two processes are: what it locks again it converts,
 * and all that it holds goes when it is closed, or when the process dies. The bytes of a range need not exist.
 *
 * <p>They are the open file description locks of Linux. {@code lockf}, {@code FileLock} and their like respect them.
 *
 * <p><b>Threads:</b> one at a time. Nothing here waits.
 */
public final class RangeLocks implements AutoCloseable {
    static final short READ = 0;
    static final short WRITE = 1;
    private static final short NONE = 2;

    private static final int O_RDONLY_CLOEXEC = 02000000;
    private static final int O_RDWR_CLOEXEC = 02000002;
    private static final int O_CREAT = 0100;
    private static final int OWNER_ONLY = 0600;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;

    /** {@code struct flock} of 64-bit Linux: type, whence, start, length, pid. */
    private static final int START_OFFSET = 8;

    private static final int LENGTH_OFFSET = 16;
    private static final int PID_OFFSET = 24;
    private static final int FLOCK_LENGTH = 32;

    private final Path file;
    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment range;
    private final int descriptor;
    private boolean closed;

    private static final class C {
        static final MethodHandle OPEN = CLibrary.handle(
                "open",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        static final MethodHandle FCNTL = CLibrary.handle(
                "fcntl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        static final MethodHandle CLOSE =
                CLibrary.handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private RangeLocks(Arena arena, Path file, int flags) throws SharedMemoryException {
        this.arena = arena;
        this.state = arena.allocate(CLibrary.CALL_STATE);
        this.range = arena.allocate(FLOCK_LENGTH, Long.BYTES);
        this.file = file;
        final MemorySegment path = arena.allocateFrom(file.toString(), StandardCharsets.UTF_8);
        try {
            descriptor = (int) C.OPEN.invokeExact(state, path, flags, OWNER_ONLY);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
        if (descriptor < 0) {
            throw failure("open");
        }
    }

    /** Whether the system has such locks. */
    static boolean areThere() {
        return CLibrary.LINUX;
    }

    /**
     * Opens a file that is there, for shared locks alone; permission to read it is enough.
     *
     * @param file that all agree on.
     * @return the owner of locks to come, or null where the system has none of this kind.
     * @throws SharedMemoryException if the file cannot be opened.
     */
    public static RangeLocks openShared(Path file) throws SharedMemoryException {
        return CLibrary.LINUX ? open(file, O_RDONLY_CLOEXEC) : null;
    }

    /**
     * Opens a file that is there, for locks of both kinds.
     *
     * @param file that all agree on.
     * @return the owner of locks to come, or null where the system has none of this kind.
     * @throws SharedMemoryException if the file cannot be opened for writing.
     */
    public static RangeLocks open(Path file) throws SharedMemoryException {
        return CLibrary.LINUX ? open(file, O_RDWR_CLOEXEC) : null;
    }

    /** Opens a file for locks of both kinds; it is made, empty, if it is not there. */
    static RangeLocks create(Path file) throws SharedMemoryException {
        return open(file, O_RDWR_CLOEXEC | O_CREAT);
    }

    @SuppressWarnings("MustBeClosedChecker") // The object that is returned closes it.
    private static RangeLocks open(Path file, int flags) throws SharedMemoryException {
        final Arena arena = Arena.ofShared();
        try {
            return new RangeLocks(arena, file, flags);
        } catch (SharedMemoryException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Locks a range that others may lock shared, too.
     *
     * @param offset of the first byte.
     * @param length in bytes; 0 for all to the end.
     * @return false if another has locked a part of it exclusively.
     * @throws SharedMemoryException if the system refuses.
     */
    public boolean tryShared(long offset, long length) throws SharedMemoryException {
        return tryLock(READ, offset, length);
    }

    /**
     * Locks a range for this owner alone.
     *
     * @param offset of the first byte.
     * @param length in bytes; 0 for all to the end.
     * @return false if another has locked a part of it.
     * @throws SharedMemoryException if the system refuses.
     */
    public boolean tryExclusive(long offset, long length) throws SharedMemoryException {
        return tryLock(WRITE, offset, length);
    }

    boolean tryLock(short type, long offset, long length) throws SharedMemoryException {
        while (fcntl(F_OFD_SETLK, type, offset, length) < 0) {
            switch (CLibrary.errno(state)) {
                case CLibrary.EINTR -> {}
                case CLibrary.EAGAIN, CLibrary.EACCES -> {
                    return false;
                }
                default -> throw failure("fcntl(F_OFD_SETLK)");
            }
        }
        return true;
    }

    /**
     * Gives back whatever of a range is locked.
     *
     * @param offset of the first byte.
     * @param length in bytes; 0 for all to the end.
     * @throws SharedMemoryException if the system refuses.
     */
    public void unlock(long offset, long length) throws SharedMemoryException {
        if (fcntl(F_OFD_SETLK, NONE, offset, length) < 0) {
            throw failure("fcntl(F_UNLCK)");
        }
    }

    /**
     * The locks that others hold on parts of a range. They may be gone, and others there, when this returns.
     *
     * @param offset of the first byte.
     * @param length in bytes, above 0.
     * @return where in the range they begin.
     * @throws SharedMemoryException if the system refuses.
     */
    public SortedSet<Long> lockedByOthers(long offset, long length) throws SharedMemoryException {
        final SortedSet<Long> starts = new TreeSet<>();
        final Deque<long[]> unseen = new ArrayDeque<>();
        unseen.push(new long[] {offset, offset + length});
        while (!unseen.isEmpty()) {
            // The system names one lock at a time: the rest is to the left and to the right of it.
            final long[] part = unseen.pop();
            if (part[0] < part[1] && conflicts(WRITE, part[0], part[1] - part[0])) {
                final long start = Math.max(part[0], range.get(ValueLayout.JAVA_LONG, START_OFFSET));
                final long taken = range.get(ValueLayout.JAVA_LONG, LENGTH_OFFSET);
                starts.add(start);
                unseen.push(new long[] {part[0], start});
                if (taken > 0) {
                    unseen.push(new long[] {range.get(ValueLayout.JAVA_LONG, START_OFFSET) + taken, part[1]});
                }
            }
        }
        return starts;
    }

    /** Whether another's lock stands in the way; the range then tells which. */
    private boolean conflicts(short type, long offset, long length) throws SharedMemoryException {
        if (fcntl(F_OFD_GETLK, type, offset, length) < 0) {
            throw failure("fcntl(F_OFD_GETLK)");
        }
        return range.get(ValueLayout.JAVA_SHORT, 0) != NONE;
    }

    /** The process whose lock stands in the way of one, 0 if none does, -1 if the system does not tell. */
    int ownerOf(short type, long offset, long length) throws SharedMemoryException {
        return conflicts(type, offset, length) ? range.get(ValueLayout.JAVA_INT, PID_OFFSET) : 0;
    }

    private int fcntl(int command, short type, long offset, long length) {
        if (closed) {
            throw new IllegalStateException("the locks on " + file + " are closed");
        }
        range.fill((byte) 0);
        range.set(ValueLayout.JAVA_SHORT, 0, type);
        range.set(ValueLayout.JAVA_LONG, START_OFFSET, offset);
        range.set(ValueLayout.JAVA_LONG, LENGTH_OFFSET, length);
        try {
            return (int) C.FCNTL.invokeExact(state, descriptor, command, range);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    private SharedMemoryException failure(String call) {
        final int errno = CLibrary.errno(state);
        final SharedMemoryError error = Errno.error(errno);
        return new SharedMemoryException(
                error == SharedMemoryError.INVALID_SIZE ? SharedMemoryError.LOCK_ERROR : error,
                file + ": " + call + " failed: " + CLibrary.message(errno) + "; "
                        + switch (error) {
                            case NOT_FOUND -> "make the folder, or mend the path";
                            case PERMISSION_DENIED, OUT_OF_RESOURCES -> Errno.remedy(error);
                            default -> "use a file on a file system of this machine";
                        });
    }

    /** Gives back all locks. May be called again. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                final int ignored = (int) C.CLOSE.invokeExact(state, descriptor);
            } catch (Throwable e) {
                throw CLibrary.unexpected(e);
            }
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "RangeLocks{" + file + '}';
    }
}
