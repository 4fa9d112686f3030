package io.slipstream.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** System V's calls, with errors as negative numbers: {@code -errno}. Any thread. */
final class SystemVCalls {
    static final int IPC_CREAT = 01000;
    static final int IPC_EXCL = 02000;
    static final int SHM_RDONLY = 010000;

    private static final int IPC_RMID = 0;
    private static final int IPC_STAT = 2;

    /** {@code struct shmid_ds} of 64-bit Linux: what is read of it, and room for all of it. */
    private static final int SEGMENT_SIZE_OFFSET = 48;

    private static final int ATTACHED_OFFSET = 88;
    private static final int SHMID_DS_LENGTH = 256;

    private static final int GETPID = 11;
    private static final int GETVAL = 12;
    private static final int SETVAL = 16;
    private static final short IPC_NOWAIT = 04000;
    private static final short SEM_UNDO = 0x1000;
    private static final long NANOS = 1_000_000_000;

    private SystemVCalls() {}

    private static MethodHandle intCall(String name, MemoryLayout... arguments) {
        return CLibrary.handle(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static final class C {
        static final MethodHandle SHMGET =
                intCall("shmget", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
        static final MethodHandle SHMAT = CLibrary.handle(
                "shmat",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        static final MethodHandle SHMDT = intCall("shmdt", ValueLayout.JAVA_LONG);
        static final MethodHandle SHMCTL =
                intCall("shmctl", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        static final MethodHandle SEMGET =
                intCall("semget", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        static final MethodHandle SEMCTL = CLibrary.handle(
                "semctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(3));
        static final MethodHandle SEMTIMEDOP = intCall(
                "semtimedop", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
    }

    /** Memory that the calls of one thread at a time need, so that none allocates. */
    static final class Scratch {
        private final MemorySegment state;
        private final MemorySegment operation;
        private final MemorySegment timeout;

        Scratch(Arena arena) {
            state = arena.allocate(CLibrary.CALL_STATE);
            operation = arena.allocate(3 * Short.BYTES, Short.BYTES);
            timeout = arena.allocate(Futex.TIMESPEC);
        }
    }

    private static int result(int result, MemorySegment state) {
        return result == -1 ? -CLibrary.errno(state) : result;
    }

    /** Number of a segment. */
    static int shmget(int key, long size, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            return result((int) C.SHMGET.invokeExact(state, key, size, flags), state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /** Address of an attached segment. */
    static long shmat(int id, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            final long address = (long) C.SHMAT.invokeExact(state, id, 0L, flags);
            return address == -1 ? -CLibrary.errno(state) : address;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    static int shmdt(long address) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            return result((int) C.SHMDT.invokeExact(state, address), state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /** What {@link #segment} tells. */
    record Status(long size, long attached) {}

    /** Size of a segment, and how often it is attached; null where it is gone or may not be read. */
    static Status segment(int id) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            final MemorySegment status = arena.allocate(SHMID_DS_LENGTH, Long.BYTES);
            return (int) C.SHMCTL.invokeExact(state, id, IPC_STAT, status) < 0
                    ? null
                    : new Status(
                            status.get(ValueLayout.JAVA_LONG, SEGMENT_SIZE_OFFSET),
                            status.get(ValueLayout.JAVA_LONG, ATTACHED_OFFSET));
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    static int removeSegment(int id) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            return result((int) C.SHMCTL.invokeExact(state, id, IPC_RMID, MemorySegment.NULL), state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /** Number of a set of one semaphore. */
    static int semget(int key, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            return result((int) C.SEMGET.invokeExact(state, key, 1, flags), state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    static int value(Scratch scratch, int id) {
        return semctl(scratch, id, GETVAL, 0);
    }

    /** Process that last changed the semaphore. */
    static int lastPid(Scratch scratch, int id) {
        return semctl(scratch, id, GETPID, 0);
    }

    /** Sets the value, and forgets what dying processes would undo. */
    static int setValue(Scratch scratch, int id, int value) {
        return semctl(scratch, id, SETVAL, value);
    }

    static int removeSemaphore(Scratch scratch, int id) {
        return semctl(scratch, id, IPC_RMID, 0);
    }

    private static int semctl(Scratch scratch, int id, int command, int value) {
        try {
            return result((int) C.SEMCTL.invokeExact(scratch.state, id, 0, command, (long) value), scratch.state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /**
     * Adds to the semaphore; the system takes it back when the process dies, if asked to.
     *
     * @param timeoutNs how long to wait for the value to suffice; 0 for not at all.
     */
    static int add(Scratch scratch, int id, int amount, boolean undo, long timeoutNs) {
        scratch.operation.set(ValueLayout.JAVA_SHORT, 0, (short) 0);
        scratch.operation.set(ValueLayout.JAVA_SHORT, Short.BYTES, (short) amount);
        scratch.operation.set(ValueLayout.JAVA_SHORT, 2 * Short.BYTES, (short)
                ((undo ? SEM_UNDO : 0) | (timeoutNs == 0 ? IPC_NOWAIT : 0)));
        scratch.timeout.set(ValueLayout.JAVA_LONG, 0, timeoutNs / NANOS);
        scratch.timeout.set(ValueLayout.JAVA_LONG, Long.BYTES, timeoutNs % NANOS);
        try {
            return result(
                    (int) C.SEMTIMEDOP.invokeExact(scratch.state, id, scratch.operation, 1L, scratch.timeout),
                    scratch.state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }
}
