package io.slipstream.memory;

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
    private static final long FIRST_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long LONGEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path file;
    private final long offset;
    private final long length;
    private final short type;
    private final RangeLocks locks;
    private boolean held;
    private boolean closed;

    private RegionLock(Path file, long offset, long length, boolean shared) throws SharedMemoryException {
        this.file = file;
        this.offset = offset;
        this.length = length;
        this.type = shared ? RangeLocks.READ : RangeLocks.WRITE;
        this.locks = shared ? RangeLocks.openShared(file) : RangeLocks.create(file);
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

    private static RegionLock open(Path file, long offset, long length, boolean shared) throws SharedMemoryException {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("a region of " + length + " bytes at " + offset + "; give none below 0");
        }
        if (!RangeLocks.areThere()) {
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR,
                    file
                            + ": such locks are there on Linux only; use FileChannel.lock, which Windows' programs respect");
        }
        return new RegionLock(file, offset, length, shared);
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
        held = locks.tryLock(type, offset, length);
        return held;
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
        locks.unlock(offset, length);
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
        final int pid = locks.ownerOf(type, offset, length);
        return pid <= 0 ? OptionalLong.empty() : OptionalLong.of(pid);
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
        closed = true;
        held = false;
        locks.close();
    }

    @Override
    public String toString() {
        return "RegionLock{" + file + ", " + length + " bytes at " + offset + '}';
    }
}
