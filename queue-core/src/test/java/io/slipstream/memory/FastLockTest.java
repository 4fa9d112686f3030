package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FastLockTest {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int COUNTER = 32;
    private static final int COUNTED = 20_000;
    /** No process has this pid: Linux gives none above 2^22. */
    private static final long NOBODY = 0x2FFF_FFF1;

    private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);
    private final FastLock lock = FastLock.at(memory, 0, "first");
    private final FastLock other = FastLock.at(memory, 0, "second");

    @Test
    void shouldBeFreeInMemoryThatIsZero() throws Exception {
        assertThat(lock.owner()).isEmpty();
        assertThat(lock.breakLock()).isFalse();

        lock.lock();
        assertThat(lock.isHeld()).isTrue();
        assertThat(lock.recovered()).isFalse();
        assertThat(other.owner()).hasValue(ProcessHandle.current().pid());
        lock.unlock();

        assertThat(lock.isHeld()).isFalse();
        assertThat(lock.owner()).isEmpty();
        assertThat(memory.get(ValueLayout.JAVA_INT, LockWordDescriptor.FUTEX_OFFSET))
                .isZero();
    }

    @Test
    void shouldExcludeAnotherHandleOfTheSameThread() throws Exception {
        lock.lock();

        assertThat(other.tryLock()).isFalse();
        assertThat(other.tryLock(Duration.ofMillis(5))).isFalse();
        lock.unlock();
        assertThat(other.tryLock(Duration.ZERO)).isTrue();
        assertThat(lock.tryLock(Duration.ofNanos(-1))).isFalse();
        other.close();
        other.close();
        assertThat(lock.tryLock()).isTrue();
    }

    @Test
    void shouldRefuseToBeAcquiredTwiceOrReleasedUnheld() throws Exception {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
        lock.lock();
        assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class).hasMessageContaining("not reentrant");
        assertThatThrownBy(lock::tryLock).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lock.tryLock(HOUR)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldCountExactlyByManyThreads() throws Exception {
        final int threads = 4;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            final List<Future<?>> counting = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counting.add(pool.submit(() -> {
                    final FastLock own = FastLock.at(memory, 0, "counting");
                    for (int turn = 0; turn < COUNTED; turn++) {
                        own.lock();
                        memory.set(ValueLayout.JAVA_LONG, COUNTER, memory.get(ValueLayout.JAVA_LONG, COUNTER) + 1);
                        own.unlock();
                    }
                    return null;
                }));
            }
            for (Future<?> one : counting) {
                one.get();
            }
        }
        assertThat(memory.get(ValueLayout.JAVA_LONG, COUNTER)).isEqualTo((long) threads * COUNTED);
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void shouldReportALockThatWasBrokenAndLeaveItFree() throws Exception {
        lock.lock();
        assertThat(other.breakLock()).isTrue();

        assertThatThrownBy(lock::unlock)
                .isInstanceOf(LockLostException.class)
                .hasMessageContaining("first")
                .hasMessageContaining("free now");
        assertThat(lock.isHeld()).isFalse();
        assertThat(other.tryLock()).isTrue();
        assertThat(other.recovered()).isTrue();
        other.unlock();
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.recovered()).isFalse();
    }

    @Test
    void shouldNotReleaseTheLockOfAnotherHandleOfThisProcess() throws Exception {
        lock.lock();
        other.breakLock();
        other.lock();

        assertThatThrownBy(lock::close)
                .isInstanceOf(LockLostException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid() + " has it now");
        assertThat(other.isHeld()).isTrue();
        assertThat(lock.tryLock()).isFalse();
        other.unlock();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, LockWordDescriptor.WAITERS, LockWordDescriptor.BROKEN, 7L << 32, -1L << 32})
    void shouldTakeOverFromAProcessThatIsNotThere(long more) throws Exception {
        memory.set(ValueLayout.JAVA_LONG, 0, NOBODY | more);

        lock.lock();
        assertThat(lock.recovered()).isTrue();
        lock.unlock();
        memory.set(ValueLayout.JAVA_LONG, 0, NOBODY | more);
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
        memory.set(ValueLayout.JAVA_LONG, 0, NOBODY | more);
        assertThat(lock.tryLock(Duration.ofNanos(1))).isTrue();
        lock.unlock();
        assertThat(memory.get(ValueLayout.JAVA_INT, 0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1L, 0xFFFF_FFFFL, Long.MIN_VALUE | 1L << 29, 0x5555_5555_5555_5555L})
    void shouldNotHangOnGarbage(long word) throws Exception {
        memory.set(ValueLayout.JAVA_LONG, 0, word);
        memory.set(ValueLayout.JAVA_LONG, 8, word);

        lock.lock();
        lock.unlock();
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void shouldTellAnOwnerFromAnotherProcessThatHasHisPid() throws Exception {
        final long pid = ProcessHandle.current().pid();
        assumeTrue(Processes.startTime(pid) != 0, "the system does not tell when a process started");
        final long word = 5L << 32 | pid;
        final int start = (int) Processes.startTime(pid);
        memory.set(ValueLayout.JAVA_LONG, 0, word);

        for (long alive : new long[] {
            LockWordDescriptor.withStart(word, start),
            LockWordDescriptor.withStart(word, 0),
            LockWordDescriptor.withStart(word + (1L << 32), start + 1)
        }) {
            memory.set(ValueLayout.JAVA_LONG, LockWordDescriptor.START_OFFSET, alive);
            assertThat(lock.tryLock()).as(Long.toHexString(alive)).isFalse();
        }
        memory.set(
                ValueLayout.JAVA_LONG, LockWordDescriptor.START_OFFSET, LockWordDescriptor.withStart(word, start + 1));
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.recovered()).isTrue();
        assertThat(LockWordDescriptor.startOf(
                        memory.get(ValueLayout.JAVA_LONG, 0),
                        memory.get(ValueLayout.JAVA_LONG, LockWordDescriptor.START_OFFSET)))
                .isEqualTo(start);
        lock.unlock();
    }

    @Test
    void shouldWakeAWaiterAndThenAnother() throws Exception {
        lock.lock();
        final List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(waitInAnotherThread());
        }
        awaitWaiters();
        lock.unlock();

        assertTimeoutPreemptively(DEADLINE, () -> {
            for (CompletableFuture<Boolean> one : waiting) {
                assertThat(one.get()).isFalse();
            }
        });
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void shouldGiveABrokenLockToAWaiter() throws Exception {
        lock.lock();
        final CompletableFuture<Boolean> waiting = waitInAnotherThread();
        awaitWaiters();
        assertThat(other.breakLock()).isTrue();

        assertTimeoutPreemptively(DEADLINE, () -> assertThat(waiting.get()).isTrue());
        assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
    }

    @Test
    void shouldEndAWaitThatIsInterrupted() throws Exception {
        lock.lock();
        final CompletableFuture<Throwable> ended = new CompletableFuture<>();
        final Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                other.lock();
                ended.complete(null);
            } catch (InterruptedException e) {
                ended.complete(e);
            }
        });
        awaitWaiters();
        thread.interrupt();

        assertTimeoutPreemptively(DEADLINE, () -> assertThat(ended.get()).isInstanceOf(InterruptedException.class));
        assertThat(other.isHeld()).isFalse();
        lock.unlock();
        assertThat(other.tryLock()).isTrue();
    }

    @Test
    void shouldReleaseWhatAnotherThreadAcquired() throws Exception {
        final CountDownLatch acquired = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            lock.tryLock();
            acquired.countDown();
        });
        acquired.await();
        lock.unlock();
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void shouldRefuseAPlaceThatCannotHoldALock() {
        final MemorySegment tooShort = memory.asSlice(0, 15);
        for (long offset : new long[] {-8, 4, 49, 56, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> FastLock.at(memory, offset, "misplaced"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("misplaced");
        }
        for (MemorySegment bad :
                List.of(tooShort, memory.asReadOnly(), memory.asSlice(4), MemorySegment.ofArray(new long[8]))) {
            assertThatThrownBy(() -> FastLock.at(bad, 0, "bad")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldLockAndUnlockWithoutAllocating() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        lockAndUnlock(COUNTED * 2);
        final long before = threads.getCurrentThreadAllocatedBytes();
        lockAndUnlock(COUNTED);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).as("bytes for %s turns", COUNTED).isLessThan(COUNTED / 2);
    }

    private void lockAndUnlock(int turns) throws Exception {
        for (int i = 0; i < turns; i++) {
            lock.lock();
            lock.unlock();
            if (!other.tryLock()) {
                throw new AssertionError("it is free");
            }
            other.unlock();
        }
    }

    /** Tells whether it recovered the lock. */
    private CompletableFuture<Boolean> waitInAnotherThread() {
        final CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                final FastLock own = FastLock.at(memory, 0, "waiting");
                if (!own.tryLock(HOUR)) {
                    throw new ExecutionException("timed out", null);
                }
                final boolean recovered = own.recovered();
                own.unlock();
                result.complete(recovered);
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void awaitWaiters() {
        while ((memory.get(ValueLayout.JAVA_LONG, 0) & LockWordDescriptor.WAITERS) == 0) {
            Thread.onSpinWait();
        }
    }
}
