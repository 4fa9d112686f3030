package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who has taken a semaphore that does not tell: 24 bytes in a file beside it, the native byte order.
 *
 * <pre>
 *   0  i64  pid of the taker; 0 for nobody, or one who leaves no stamp
 *   8  i64  when it started, see {@link Processes#startTime}
 *  16  i64  a number that no two takings share
 * </pre>
 *
 * Written while the semaphore is held, so by one at a time.
 */
final class OwnerStamp implements AutoCloseable {
    private static final int PID = 0;
    private static final int START_TIME = 8;
    private static final int TAKING = 16;
    private static final int LENGTH = 24;
    private static final VarHandle I64 = ValueLayout.JAVA_LONG.varHandle();

    private final Arena arena;
    private final MemorySegment stamp;
    private final long pid = ProcessHandle.current().pid();
    private final long startTime = Processes.startTime(pid);
    private long taking;

    private OwnerStamp(Arena arena, MemorySegment stamp) {
        this.arena = arena;
        this.stamp = stamp;
    }

    /** The stamp in a file; one that this process alone sees if the file cannot be had: the lock is none the worse for it. */
    @SuppressWarnings("MustBeClosedChecker") // The stamp that is returned closes it.
    static OwnerStamp open(Path file) {
        final Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFiles.OWNER_ONLY)) {
            if (channel.size() < LENGTH) {
                channel.write(ByteBuffer.allocate(1), LENGTH);
            }
            return new OwnerStamp(arena, channel.map(MapMode.READ_WRITE, 0, LENGTH, arena));
        } catch (IOException e) {
            return new OwnerStamp(arena, arena.allocate(LENGTH, Long.BYTES));
        }
    }

    void take() {
        taking = ThreadLocalRandom.current().nextLong() | 1;
        I64.setRelease(stamp, (long) TAKING, taking);
        I64.setRelease(stamp, (long) START_TIME, startTime);
        I64.setRelease(stamp, (long) PID, pid);
    }

    boolean isMine() {
        return (long) I64.getAcquire(stamp, (long) PID) == pid && (long) I64.getAcquire(stamp, (long) TAKING) == taking;
    }

    void clear() {
        I64.setRelease(stamp, (long) PID, 0L);
    }

    /** Pid of the taker, 0 for none. */
    long owner() {
        return (long) I64.getAcquire(stamp, (long) PID);
    }

    boolean ownerIsDead() {
        final long owner = owner();
        return owner != 0 && !Processes.isAlive(owner, (long) I64.getAcquire(stamp, (long) START_TIME));
    }

    @Override
    public void close() {
        arena.close();
    }
}
