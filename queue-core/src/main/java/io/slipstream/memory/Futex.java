package io.slipstream.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux' futex(2): sleeps until a 32-bit word in shared memory is said to have changed, by whatever process. Never the
 * private kind, which is for the threads of one process. Callers bring the memory that a call needs: no call allocates.
 */
final class Futex {
    /** Layout of {@code struct timespec}. */
    static final MemoryLayout TIMESPEC = MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    private static final long SYS_FUTEX = switch (System.getProperty("os.arch")) {
        case "amd64", "x86_64" -> 202;
        case "aarch64" -> 98;
        default -> -1;
    };

    /** Whether there is such a call here. */
    static final boolean SUPPORTED = CLibrary.LINUX && SYS_FUTEX > 0;

    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final long NANOS = 1_000_000_000;

    private Futex() {}

    /** Looked up where they are first needed. syscall(2) takes all but its number as variable arguments. */
    private static final class C {
        static final MethodHandle WAIT = CLibrary.handle(
                "syscall",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(1));
        static final MethodHandle WAKE = CLibrary.plainHandle(
                "syscall",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(1));
    }

    /**
     * Sleeps as long as the word has a value.
     *
     * @param state of {@link CLibrary#CALL_STATE}, the calling thread's own.
     * @param timespec of {@link #TIMESPEC}, the calling thread's own.
     * @param word 4 bytes, aligned.
     * @param expected value.
     * @param timeoutNs at most.
     * @return false if the system refuses to wait at all, so that the caller has to sleep in some other way.
     */
    static boolean await(
            MemorySegment state, MemorySegment timespec, MemorySegment word, int expected, long timeoutNs) {
        timespec.set(ValueLayout.JAVA_LONG, 0, timeoutNs / NANOS);
        timespec.set(ValueLayout.JAVA_LONG, Long.BYTES, timeoutNs % NANOS);
        try {
            final long result = (long) C.WAIT.invokeExact(state, SYS_FUTEX, word, FUTEX_WAIT, expected, timespec);
            if (result == 0) {
                return true;
            }
            final int errno = CLibrary.errno(state);
            return errno == CLibrary.EAGAIN || errno == CLibrary.ETIMEDOUT || errno == CLibrary.EINTR;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /** Wakes everybody who sleeps on the word. */
    static void wakeAll(MemorySegment word) {
        wake(word, Integer.MAX_VALUE);
    }

    /** Wakes one of those who sleep on the word. */
    static void wakeOne(MemorySegment word) {
        wake(word, 1);
    }

    private static void wake(MemorySegment word, int count) {
        try {
            final long ignored = (long) C.WAKE.invokeExact(SYS_FUTEX, word, FUTEX_WAKE, count);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }
}
