package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A named POSIX semaphore, sem_open(3). The system does not give back what a dead process took; who took it from this library is
 * stamped beside it, so that this can at least be told.
 */
final class PosixSemaphore implements Semaphore {
    private static final int O_CREAT = 0100;
    private static final int OWNER_ONLY = 0600;

    private final BlockName name;
    private final String nativeName;
    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment deadline;
    private final MemorySegment count;
    private final boolean replaceable;
    private final int initialValue;
    private final OwnerStamp stamp;
    private MemorySegment semaphore;
    private Object fileKey;

    private static final class C {
        static final MethodHandle OPEN = CLibrary.handle(
                "sem_open",
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        static final MethodHandle CLOSE = call("sem_close", ValueLayout.ADDRESS);
        static final MethodHandle UNLINK = call("sem_unlink", ValueLayout.ADDRESS);
        static final MethodHandle TRY = call("sem_trywait", ValueLayout.ADDRESS);
        static final MethodHandle TIMED = call("sem_timedwait", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        static final MethodHandle POST = call("sem_post", ValueLayout.ADDRESS);
        static final MethodHandle VALUE = call("sem_getvalue", ValueLayout.ADDRESS, ValueLayout.ADDRESS);

        private static MethodHandle call(String function, MemoryLayout... arguments) {
            return CLibrary.handle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
        }
    }

    private PosixSemaphore(BlockName name, String nativeName, Arena arena, int initialValue, boolean replaceable)
            throws SharedMemoryException {
        this.name = name;
        this.nativeName = nativeName;
        this.arena = arena;
        this.initialValue = initialValue;
        this.replaceable = replaceable;
        this.state = arena.allocate(CLibrary.CALL_STATE);
        this.deadline = arena.allocate(Futex.TIMESPEC);
        this.count = arena.allocate(ValueLayout.JAVA_INT);
        open();
        this.stamp = OwnerStamp.open(stampFile());
    }

    private void open() throws SharedMemoryException {
        do {
            fileKey = fileKey();
            try (Arena scratch = Arena.ofConfined()) {
                final MemorySegment text = scratch.allocateFrom(nativeName, StandardCharsets.UTF_8);
                semaphore = (MemorySegment) C.OPEN.invokeExact(state, text, O_CREAT, OWNER_ONLY, initialValue);
            } catch (Throwable e) {
                throw CLibrary.unexpected(e);
            }
            if (semaphore.address() == 0) {
                throw Errno.failure(name, nativeName, "sem_open", CLibrary.errno(state));
            }
        } while (replaceable && isReplaced() && closeSemaphore());
    }

    /**
     * Opens it, or makes it.
     *
     * @param nativeName begins with a slash and has no other.
     * @param replaceable whether other programs may put a new semaphore in its place, as {@code create()} of Qt 6.6 and later does
     *     even where it fails: then every acquisition looks whether the name still leads here, which costs a system call.
     */
    @SuppressWarnings("MustBeClosedChecker") // The semaphore that is returned closes it.
    static PosixSemaphore open(BlockName name, String nativeName, int initialValue, boolean replaceable)
            throws SharedMemoryException {
        final Arena arena = Arena.ofShared();
        try {
            return new PosixSemaphore(name, nativeName, arena, initialValue, replaceable);
        } catch (SharedMemoryException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    static boolean exists(String nativeName) {
        return Files.exists(file(nativeName));
    }

    private static Path file(String nativeName) {
        return FileBackend.SHARED_MEMORY.resolve("sem." + nativeName.substring(1));
    }

    private Object fileKey() {
        try {
            return Files.readAttributes(file(nativeName), BasicFileAttributes.class)
                    .fileKey();
        } catch (IOException e) {
            return null; // There is none, which is a state like any other.
        }
    }

    /** Whether the name leads to another semaphore than the one that is open, which nobody else finds any more. */
    private boolean isReplaced() {
        final Object now = fileKey();
        if (fileKey == null) {
            fileKey = now; // It was made between the two looks.
        }
        return !Objects.equals(fileKey, now);
    }

    private Path stampFile() {
        return FileBackend.SHARED_MEMORY.resolve("slipstream-owner." + nativeName.substring(1));
    }

    private int call(MethodHandle function) {
        try {
            return (int) function.invokeExact(state, semaphore) == 0 ? 0 : CLibrary.errno(state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public boolean acquire(long timeoutNs) throws SharedMemoryException {
        int errno = timeoutNs == 0 ? call(C.TRY) : timed(timeoutNs);
        while (replaceable && isReplaced()) {
            if (errno == 0) {
                post(); // To whoever waits there still.
            }
            closeSemaphore();
            open();
            errno = call(C.TRY);
        }
        return switch (errno) {
            case 0 -> {
                stamp.take();
                yield true;
            }
            case CLibrary.EAGAIN, CLibrary.EINTR, CLibrary.ETIMEDOUT -> false;
            default -> throw Errno.failure(name, nativeName, "sem_timedwait", errno);
        };
    }

    private int timed(long timeoutNs) {
        final Instant end = Instant.now().plusNanos(timeoutNs);
        deadline.set(ValueLayout.JAVA_LONG, 0, end.getEpochSecond());
        deadline.set(ValueLayout.JAVA_LONG, Long.BYTES, end.getNano());
        try {
            return (int) C.TIMED.invokeExact(state, semaphore, deadline) == 0 ? 0 : CLibrary.errno(state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public void release(int amount) throws SharedMemoryException {
        stamp.clear();
        for (int i = 0; i < amount; i++) {
            post();
        }
    }

    private void post() throws SharedMemoryException {
        final int errno = call(C.POST);
        if (errno != 0) {
            throw Errno.failure(name, nativeName, "sem_post", errno);
        }
    }

    @Override
    public void giveBack() throws SharedMemoryException {
        release(1);
    }

    @Override
    public int value() throws SharedMemoryException {
        try {
            if ((int) C.VALUE.invokeExact(state, semaphore, count) != 0) {
                throw Errno.failure(name, nativeName, "sem_getvalue", CLibrary.errno(state));
            }
            return count.get(ValueLayout.JAVA_INT, 0);
        } catch (SharedMemoryException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public boolean trim() throws SharedMemoryException {
        boolean trimmed = false;
        while (value() > 0 && call(C.TRY) == 0) {
            trimmed = true;
        }
        return trimmed;
    }

    @Override
    public void reset() throws SharedMemoryException {
        stamp.clear();
        while (value() > 1 && call(C.TRY) == 0) {
            // Posted too often; one too many is taken away each time.
        }
        if (value() == 0) {
            release(1);
        }
    }

    @Override
    public boolean isMine() throws SharedMemoryException {
        return stamp.isMine() && value() == 0 && !(replaceable && isReplaced());
    }

    @Override
    public OptionalLong owner() throws SharedMemoryException {
        final long pid = stamp.owner();
        return value() == 0 && pid != 0 ? OptionalLong.of(pid) : OptionalLong.empty();
    }

    @Override
    public boolean isOrphaned() throws SharedMemoryException {
        return value() == 0 && stamp.ownerIsDead();
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment text = scratch.allocateFrom(nativeName, StandardCharsets.UTF_8);
            final int errno = (int) C.UNLINK.invokeExact(state, text) == 0 ? 0 : CLibrary.errno(state);
            if (errno != 0 && errno != CLibrary.ENOENT) {
                throw Errno.failure(name, nativeName, "sem_unlink", errno);
            }
            Files.deleteIfExists(stampFile());
            return errno == 0;
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, stampFile().toString(), e);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public String describe() {
        return "semaphore " + nativeName;
    }

    @Override
    public void close() {
        closeSemaphore();
        stamp.close();
        arena.close();
    }

    private boolean closeSemaphore() {
        return call(C.CLOSE) == 0;
    }
}
