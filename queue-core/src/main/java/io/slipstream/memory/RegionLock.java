package io.slipstream.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock on bytes of a file, which {@code lockf}, {@code fcntl(F_SETLK)}, {@code FileLock} and, under Wine, {@code LockFileEx} of
 * other processes respect, and this respects theirs. The system gives it back when the process dies.
 *
 * <p>It is an open file description lock of Linux: two handles exclude each other within a JVM too, and unlike {@code lockf}'s
 * and {@code FileLock}'s, it is not lost when the process closes another descriptor of the file. {@code flock} knows nothing of
 * such locks.
 *
 * <p>A waiter looks again after ever longer pauses, up to a millisecond: the system has no timed wait for these locks, and
 * waiters are served in no order.
 */
public final class RegionLock implements ProcessLock {
    private static final int O_RDWR_CLOEXEC = 02000002;
    private static final int O_RDONLY_CLOEXEC = 02000000;
    private static final int O_CREAT = 0100;
    private static final int OWNER_ONLY = 0600;

    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;

    /** {@code struct flock} of 64-bit Linux: type, whence, start, length, pid. */
    private static final int START_OFFSET = 8;

    private static final int LENGTH_OFFSET = 16;
    private static final int PID_OFFSET = 24;
    private static final int FLOCK_LENGTH = 32;

    private static final long FIRST_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path file;
    private final long offset;
    private final long length;
    private final short type;
    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment region;
    private final int descriptor;
    private boolean held;
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

    private RegionLock(Arena arena, Path file, long offset, long length, boolean shared) throws SharedMemoryException {
        this.arena = arena;
        this.state = arena.allocate(CLibrary.CALL_STATE);
        this.region = arena.allocate(FLOCK_LENGTH, Long.BYTES);
        this.file = file;
        this.offset = offset;
        this.length = length;
        this.type = shared ? F_RDLCK : F_WRLCK;
        final MemorySegment path = arena.allocateFrom(file.toString(), StandardCharsets.UTF_8);
        try {
            descriptor = (int)
                    C.OPEN.invokeExact(state, path, shared ? O_RDONLY_CLOEXEC : O_RDWR_CLOEXEC | O_CREAT, OWNER_ONLY);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
        if (descriptor < 0) {
            throw failure("open");
        }
    }

    /**
     * A lock that nobody else holds a part of at the same time.
     *
     * @param file that all agree on; made, empty, if it is not there.
     * @param offset of the first byte, which need not exist. {@code lockf} counts from its descriptor's current offset.
     * @param length in bytes; 0 for all to the end, however long the file grows.
     * @return a handle, the lock not held.
     * @throws SharedMemoryException if the file cannot be opened, or the system has no such locks.
     */
    public static RegionLock exclusive(Path file, long offset, long length) throws SharedMemoryException {
        return open(file, offset, length, false);
    }

    /**
     * A lock that others may share, but none may hold exclusively.
     *
     * @param file that all agree on and that is there.
     * @param offset of the first byte.
     * @param length in bytes; 0 for all to the end.
     * @return a handle, the lock not held.
     * @throws SharedMemoryException if the file cannot be opened, or the system has no such locks.
     */
    public static RegionLock shared(Path file, long offset, long length) throws SharedMemoryException {
        return open(file, offset, length, true);
    }

    @SuppressWarnings("MustBeClosedChecker") // The lock that is returned closes it.
    private static RegionLock open(Path file, long offset, long length, boolean shared) throws SharedMemoryException {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("a region of " + length + " bytes at " + offset + "; give none below 0");
        }
        if (!CLibrary.LINUX) {
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR,
                    file
                            + ": such locks are there on Linux only; use FileChannel.lock, which Windows' programs respect");
        }
        final Arena arena = Arena.ofShared();
        try {
            return new RegionLock(arena, file, offset, length, shared);
        } catch (SharedMemoryException | RuntimeException e) {
            arena.close();
            throw e;
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

    private int fcntl(int command, short what) {
        region.fill((byte) 0);
        region.set(ValueLayout.JAVA_SHORT, 0, what);
        region.set(ValueLayout.JAVA_LONG, START_OFFSET, offset);
        region.set(ValueLayout.JAVA_LONG, LENGTH_OFFSET, length);
        try {
            return (int) C.FCNTL.invokeExact(state, descriptor, command, region);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    private void requireFree() {
        if (closed || held) {
            throw new IllegalStateException(
                    "this handle of the lock on " + file + (closed ? " is closed" : " holds it already"));
        }
    }

    @Override
    public boolean tryLock() throws SharedMemoryException {
        requireFree();
        while (fcntl(F_OFD_SETLK, type) < 0) {
            switch (CLibrary.errno(state)) {
                case CLibrary.EINTR -> {}
                case CLibrary.EAGAIN, CLibrary.EACCES -> {
                    return false;
                }
                default -> throw failure("fcntl(F_OFD_SETLK)");
            }
        }
        held = true;
        return true;
    }

    @Override
    public void lock() throws InterruptedException, SharedMemoryException {
        tryLock(Long.MAX_VALUE);
    }

    @Override
    public boolean tryLock(Duration timeout) throws InterruptedException, SharedMemoryException {
        return timeout.isPositive() ? tryLock(TimeUnit.NANOSECONDS.convert(timeout)) : tryLock();
    }

    private boolean tryLock(long timeoutNs) throws InterruptedException, SharedMemoryException {
        final long started = System.nanoTime();
        long pause = FIRST_PAUSE_NS;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (tryLock()) {
                return true;
            }
            final long left = timeoutNs - (System.nanoTime() - started);
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(pause, left));
            pause = Math.min(2 * pause, LONGEST_PAUSE_NS);
        }
    }

    /** {@inheritDoc} Nobody but this handle can release it, so it is never lost. */
    @Override
    public void unlock() throws SharedMemoryException {
        if (!held) {
            throw new IllegalStateException("this handle does not hold the lock on " + file);
        }
        if (fcntl(F_OFD_SETLK, F_UNLCK) < 0) {
            throw failure("fcntl(F_UNLCK)");
        }
        held = false;
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    /** {@inheritDoc} The system gives it back and does not tell. */
    @Override
    public boolean recovered() {
        return false;
    }

    /** {@inheritDoc} The system tells it of {@code lockf}'s and {@code FileLock}'s owners, not of another handle like this. */
    @Override
    public OptionalLong owner() throws SharedMemoryException {
        if (held) {
            return OptionalLong.of(ProcessHandle.current().pid());
        }
        if (fcntl(F_OFD_GETLK, type) < 0) {
            throw failure("fcntl(F_OFD_GETLK)");
        }
        final int pid = region.get(ValueLayout.JAVA_INT, PID_OFFSET);
        return region.get(ValueLayout.JAVA_SHORT, 0) == F_UNLCK || pid <= 0
                ? OptionalLong.empty()
                : OptionalLong.of(pid);
    }

    /** {@inheritDoc} There is no way here: it always throws. */
    @Override
    public boolean breakLock() throws SharedMemoryException {
        throw new SharedMemoryException(
                SharedMemoryError.LOCK_ERROR,
                file + ": a lock on a region of a file goes with its owner alone; end that process"
                        + (owner().isPresent() ? ", " + owner().getAsLong() : ""));
    }

    @Override
    public void close() throws SharedMemoryException {
        if (closed) {
            return;
        }
        closed = true;
        held = false;
        try {
            final int ignored = (int) C.CLOSE.invokeExact(state, descriptor);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
        arena.close();
    }

    @Override
    public String toString() {
        return "RegionLock{" + file + ", " + length + " bytes at " + offset + '}';
    }
}
