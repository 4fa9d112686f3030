package io.slipstream.memory;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock in 16 bytes of shared memory, see {@link LockWordDescriptor}; C programs take the same with {@code ss_lock}. Free, it
 * costs one compare-and-set to acquire and one to release, no system call. Who finds it taken spins for a moment, then sleeps.
 *
 * <p>An owner that died, by {@code kill -9} say, loses the lock to the next who wants it, after a millisecond or so:
 * {@link #recovered()} then tells that what the lock protects may be half written. It tells the same after {@link #breakLock()}.
 *
 * <p>All who use a lock must share a pid namespace, by which they know that one of them is dead: between containers that do not,
 * the owner would look dead while it lives, and the lock would protect nothing. The memory must not be unmapped while a
 * thread waits; it may not be the heap.
 *
 * <p><b>Threads:</b> see {@link ProcessLock}. Waiting sleeps in the kernel for 50 ms at most, then looks for an interrupt: a
 * virtual thread holds its carrier for as long. Only waiting for an owner that may be dead allocates. A thread that is
 * interrupted already acquires a lock that is free, and keeps its interrupt status.
 */
public final class FastLock implements ProcessLock {
    private static final VarHandle I64 =
            ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN).varHandle();

    /** What a lock protects takes well below a microsecond as a rule. */
    private static final int SPINS = 200;

    private static final long FIRST_SLICE_NS = 1_000_000;
    private static final long LONGEST_SLICE_NS = 50_000_000;

    private final MemorySegment memory;
    private final MemorySegment futex;
    private final String name;
    private final long pid;
    private final int start;
    private final MemorySegment callState;
    private final MemorySegment timespec;
    /** The word that this handle wrote; 0 if it does not hold the lock. */
    private long held;

    private boolean recovered;

    private FastLock(MemorySegment memory, String name) {
        this.memory = memory;
        this.futex = memory.asSlice(LockWordDescriptor.FUTEX_OFFSET, Integer.BYTES);
        this.name = name;
        this.pid = Self.PID;
        this.start = Self.START;
        // Small, and freed with the lock: no call can come too late.
        final Arena arena = Arena.ofAuto();
        this.callState = arena.allocate(CLibrary.CALL_STATE);
        this.timespec = arena.allocate(Futex.TIMESPEC);
    }

    /** This process. */
    private static final class Self {
        static final long PID = ProcessHandle.current().pid();
        static final int START = (int) Processes.startTime(PID);
    }

    /**
     * A handle of the lock at a place in shared memory; any number of them may be made, and each is an owner of its own.
     *
     * @param segment of shared memory, writable.
     * @param offset of the lock's {@value LockWordDescriptor#LENGTH} bytes, at an address that is a multiple of 8.
     * @param name what to call it in messages, such as the block's name.
     * @return the handle, which holds nothing.
     * @throws IllegalArgumentException if no lock can be there.
     */
    public static FastLock at(MemorySegment segment, long offset, String name) {
        if (segment.isReadOnly() || !segment.isNative()) {
            throw new IllegalArgumentException(name + ": a lock needs shared memory that may be written");
        }
        final MemorySegment memory;
        try {
            memory = segment.asSlice(offset, LockWordDescriptor.LENGTH, LockWordDescriptor.ALIGNMENT);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": no lock can be at offset " + offset + " of " + segment.byteSize()
                            + " bytes: it takes 16, at an address that is a multiple of 8",
                    e);
        }
        return new FastLock(memory, name);
    }

    @Override
    public void lock() throws InterruptedException {
        requireNotHeld();
        if (!acquireFree()) {
            await(Long.MAX_VALUE);
        }
    }

    /**
     * {@inheritDoc} If somebody has it, this looks whether he lives, which costs some microseconds and allocates.
     */
    @Override
    public boolean tryLock() {
        requireNotHeld();
        return acquireFree() || acquireFromDead((long) I64.getVolatile(memory, 0L));
    }

    @Override
    public boolean tryLock(Duration timeout) throws InterruptedException {
        requireNotHeld();
        if (acquireFree()) {
            return true;
        }
        final long timeoutNs = TimeUnit.NANOSECONDS.convert(timeout);
        return timeoutNs > 0 ? await(timeoutNs) : acquireFromDead((long) I64.getVolatile(memory, 0L));
    }

    private void requireNotHeld() {
        if (held != 0) {
            throw new IllegalStateException(name + ": this handle holds the lock already, and is not reentrant");
        }
    }

    private boolean acquireFree() {
        final long seen = (long) I64.getOpaque(memory, 0L);
        return LockWordDescriptor.owner(seen) == 0 && replace(seen, 0);
    }

    private boolean acquireFromDead(long seen) {
        return LockWordDescriptor.owner(seen) != 0 && isDead(seen) && replace(seen, seen & LockWordDescriptor.WAITERS);
    }

    private boolean replace(long seen, long waiters) {
        final long wanted = LockWordDescriptor.acquired(seen, pid) | waiters;
        if (!I64.compareAndSet(memory, 0L, seen, wanted)) {
            return false;
        }
        I64.setRelease(memory, (long) LockWordDescriptor.START_OFFSET, LockWordDescriptor.withStart(wanted, start));
        held = wanted;
        recovered = (seen & (LockWordDescriptor.OWNER_MASK | LockWordDescriptor.BROKEN)) != 0;
        return true;
    }

    private boolean isDead(long word) {
        final int owner = LockWordDescriptor.owner(word);
        if (!Processes.isAlive(owner)) {
            return true;
        }
        final int ownersStart = LockWordDescriptor.startOf(
                word, (long) I64.getVolatile(memory, (long) LockWordDescriptor.START_OFFSET));
        final int present = ownersStart == 0 ? 0 : (int) Processes.startTime(owner);
        return present != 0 && present != ownersStart;
    }

    private boolean await(long timeoutNs) throws InterruptedException {
        for (int spin = 0; spin < SPINS; spin++) {
            Thread.onSpinWait();
            if (acquireFree()) {
                return true;
            }
        }
        final long begun = System.nanoTime();
        long slice = FIRST_SLICE_NS;
        long suspect = 0;
        long waiters = 0;
        while (true) {
            final long seen = (long) I64.getVolatile(memory, 0L);
            if (LockWordDescriptor.owner(seen) == 0) {
                if (replace(seen, waiters)) {
                    return true;
                }
                continue;
            }
            final long left = timeoutNs - (System.nanoTime() - begun);
            // Whoever has it for longer than a sleep may be dead; whoever got it meanwhile was not, then.
            if ((left <= 0 || (seen & ~LockWordDescriptor.WAITERS) == suspect) && acquireFromDead(seen)) {
                return true;
            }
            suspect = seen & ~LockWordDescriptor.WAITERS;
            if (left <= 0) {
                passOn(waiters);
                return false;
            }
            if (Thread.interrupted()) {
                passOn(waiters);
                throw new InterruptedException(name + ": interrupted while waiting for the lock");
            }
            final long awaited = seen | LockWordDescriptor.WAITERS;
            if (seen == awaited || I64.compareAndSet(memory, 0L, seen, awaited)) {
                waiters = LockWordDescriptor.WAITERS;
                sleep((int) awaited, Math.min(left, slice));
                slice = Math.min(2 * slice, LONGEST_SLICE_NS);
            }
        }
    }

    private void sleep(int awaited, long nanos) {
        if (!Futex.SUPPORTED || !Futex.await(callState, timespec, futex, awaited, nanos)) {
            // No such call, or a sandbox that forbids it: better late than busy.
            LockSupport.parkNanos(this, Math.min(nanos, FIRST_SLICE_NS));
        }
    }

    /** The wake that this waiter had may have been the only one: no other who sleeps is to miss it. */
    private void passOn(long waiters) {
        if (waiters == 0) {
            return;
        }
        while (true) {
            final long seen = (long) I64.getVolatile(memory, 0L);
            if (LockWordDescriptor.owner(seen) == 0) {
                wakeOne();
                return;
            }
            if (I64.compareAndSet(memory, 0L, seen, seen | LockWordDescriptor.WAITERS)) {
                return;
            }
        }
    }

    private void wakeOne() {
        if (Futex.SUPPORTED) {
            Futex.wakeOne(futex);
        }
    }

    @Override
    public void unlock() throws LockLostException {
        final long mine = held;
        if (mine == 0) {
            throw new IllegalStateException(name + ": this handle does not hold the lock");
        }
        held = 0;
        long seen = mine;
        do {
            final long present = (long) I64.compareAndExchange(memory, 0L, seen, LockWordDescriptor.released(seen));
            if (present == seen) {
                if ((seen & LockWordDescriptor.WAITERS) != 0) {
                    wakeOne();
                }
                return;
            }
            seen = present;
        } while (((seen ^ mine) & ~LockWordDescriptor.WAITERS) == 0);
        final int owner = LockWordDescriptor.owner(seen);
        throw new LockLostException(name + ": the lock was taken away from process " + pid + " while it held it; "
                + (owner == 0 ? "it is free now" : "process " + owner + " has it now")
                + ". What it protects may have been changed meanwhile: check or repair that");
    }

    @Override
    public boolean isHeld() {
        return held != 0;
    }

    @Override
    public boolean recovered() {
        return recovered;
    }

    @Override
    public OptionalLong owner() {
        final int owner = LockWordDescriptor.owner((long) I64.getVolatile(memory, 0L));
        return owner == 0 ? OptionalLong.empty() : OptionalLong.of(owner);
    }

    @Override
    public boolean breakLock() {
        while (true) {
            final long seen = (long) I64.getVolatile(memory, 0L);
            if (LockWordDescriptor.owner(seen) == 0) {
                return false;
            }
            if (I64.compareAndSet(memory, 0L, seen, LockWordDescriptor.released(seen) | LockWordDescriptor.BROKEN)) {
                if ((seen & LockWordDescriptor.WAITERS) != 0) {
                    wakeOne();
                }
                return true;
            }
        }
    }

    @Override
    public void close() throws LockLostException {
        if (held != 0) {
            unlock();
        }
    }

    @Override
    public String toString() {
        return "FastLock{" + name + ", owner=" + owner() + '}';
    }
}
