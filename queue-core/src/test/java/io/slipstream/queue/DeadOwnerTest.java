package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.slipstream.memory.Processes;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.concurrent.EpochNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a process leaves that dies at its work: its lock, and the file that it was creating. Every time-out is an hour, so that
 * whoever waits for the dead hangs until the deadline.
 */
final class DeadOwnerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long SECOND = 1_000_000_000L;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final long NATIVE = 0x4000_0000L;
    private static final long STAMP_MASK = 0x3FFF_FFFFL;
    private static final long UNLOCKED = 1L << 63;

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();
    private final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000L * SECOND);

    private MessageQueue.Context context() {
        return Quotes.context(directory)
                .rollCycle(RollCycle.TEST_SECONDLY)
                .clock(clock)
                .lockTimeout(HOUR)
                .openTimeout(HOUR);
    }

    /** Fills a file with ticks 0 to 9 and goes on to the next second; tells that file's name. */
    private Path publishTenAndRoll(MessageQueue queue, Publisher publisher) throws Exception {
        assertThat(queue.lastPosition()).isEqualTo(MessageQueue.NO_POSITION);
        for (int i = 0; i < 10; i++) {
            Quotes.publishTick(publisher, tick, i);
        }
        clock.set(clock.nanoTime() + SECOND);
        final String name =
                QueueInsides.dataFiles(directory).getFirst().getFileName().toString();
        // 20231114-221320T.cq4, the next second.
        return directory.resolve(name.replace("221320", "221321"));
    }

    private static List<Long> upTo(long last) {
        final List<Long> expected = new ArrayList<>();
        for (long i = 0; i <= last; i++) {
            expected.add(i);
        }
        return expected;
    }

    private void assertWhole(MessageQueue queue, long last) throws Exception {
        try (Subscriber subscriber = queue.subscriber();
                Subscriber durable = queue.subscriber("durable")) {
            assertThat(Quotes.readTicks(subscriber)).isEqualTo(upTo(last));
            assertThat(Quotes.readTicks(durable)).isEqualTo(upTo(last));
        }
        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".discard")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {NOT_COMPLETE, 0})
    void shouldOpenAQueueWhoseNewestFileIsUnfinished(int header) {
        assertTimeoutPreemptively(DEADLINE, () -> {
            final Path next;
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher()) {
                next = publishTenAndRoll(queue, publisher);
            }
            QueueInsides.leaveUnfinished(next, header);
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher()) {
                Quotes.publishTick(publisher, tick, 10);
                assertThat(QueueInsides.dataFiles(directory)).hasSize(2).contains(next);
                assertWhole(queue, 10);
            }
        });
    }

    @Test
    void shouldOpenAQueueOfOneUnfinishedFile() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            MessageQueue.open(context()).close();
            QueueInsides.leaveUnfinished(directory.resolve("20231114-221320T.cq4"), NOT_COMPLETE);
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher()) {
                Quotes.publishTick(publisher, tick, 0);
                assertThat(QueueInsides.dataFiles(directory)).hasSize(1);
                assertWhole(queue, 0);
            }
        });
    }

    @Test
    void shouldOpenAQueueWithAnOlderUnfinishedFile() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            final Path next;
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher()) {
                next = publishTenAndRoll(queue, publisher);
                clock.set(clock.nanoTime() + SECOND);
                Quotes.publishTick(publisher, tick, 10);
            }
            QueueInsides.leaveUnfinished(next, NOT_COMPLETE);
            clock.set(clock.nanoTime() + SECOND);
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher()) {
                Quotes.publishTick(publisher, tick, 11);
                assertWhole(queue, 11);
            }
        });
    }

    @Test
    void shouldRollIntoAFileWhoseCreatorDied() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher();
                    Subscriber subscriber = queue.subscriber()) {
                final Path next = publishTenAndRoll(queue, publisher);
                assertThat(Quotes.readTicks(subscriber)).hasSize(10);
                QueueInsides.leaveUnfinished(next, NOT_COMPLETE);
                Quotes.publishTick(publisher, tick, 10);
                assertThat(Quotes.readTicks(subscriber)).containsExactly(10L);
                assertWhole(queue, 10);
            }
        });
    }

    @Test
    void shouldFinishTheFileOfADeadProcessWhoseLockItTakesOver() {
        final SteppingClock stepping = new SteppingClock(1_700_000_000L * SECOND);
        assertTimeoutPreemptively(DEADLINE, () -> {
            try (MessageQueue queue = MessageQueue.open(context().clock(stepping));
                    Publisher publisher = queue.publisher();
                    SingleChronicleQueue bare = QueueInsides.bare(directory, RollCycle.TEST_SECONDLY)) {
                final Path next = publishTenAndRoll(queue, publisher);
                final Process creator = new ProcessBuilder("cat").start();
                creator.destroyForcibly().waitFor();
                QueueInsides.lock(bare, creator.pid());
                QueueInsides.leaveUnfinished(next, NOT_COMPLETE);
                stepping.stepAfterNextLook = true;
                Quotes.publishTick(publisher, tick, 10);
                assertThat(QueueInsides.dataFiles(directory)).hasSize(2).contains(next);
                assertWhole(queue, 10);
            }
        });
    }

    /**
     * It is still this second when the publisher looks for unfinished files, and the next one when it has the lock: as if the
     * other process had created its file in between.
     */
    private static final class SteppingClock implements EpochNanoClock {
        private long now;
        private boolean stepAfterNextLook;

        SteppingClock(long now) {
            this.now = now;
        }

        @Override
        public long nanoTime() {
            final long seen = now;
            if (stepAfterNextLook) {
                stepAfterNextLook = false;
                now += SECOND;
            }
            return seen;
        }
    }

    @Test
    void shouldTakeOverALockWhoseOwnersNumberWasGivenAwayAgain() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            try (MessageQueue queue = MessageQueue.open(context());
                    Publisher publisher = queue.publisher();
                    SingleChronicleQueue bare = QueueInsides.bare(directory, RollCycle.TEST_SECONDLY)) {
                final long pid = ProcessHandle.current().pid();
                QueueInsides.lock(bare, owner(NATIVE | (Processes.startTime(pid) + 1 & STAMP_MASK), pid));
                Quotes.publishTick(publisher, tick, 0);
                assertWhole(queue, 0);
            }
        });
    }

    @Test
    void shouldRespectALiveOwner() {
        final long pid = ProcessHandle.current().pid();
        final long stamp = NATIVE | (Processes.startTime(pid) & STAMP_MASK);
        try (MessageQueue queue = MessageQueue.open(context().lockTimeout(Duration.ofMillis(100)));
                Publisher publisher = queue.publisher();
                SingleChronicleQueue bare = QueueInsides.bare(directory, RollCycle.TEST_SECONDLY)) {
            // Native, the engine's, the engine's with the id of a thread.
            for (long upper : new long[] {stamp, 0, 77}) {
                QueueInsides.lock(bare, owner(upper, pid));
                assertThatThrownBy(() -> Quotes.publishTick(publisher, tick, 0))
                        .isInstanceOf(QueueLockedException.class);
            }
            QueueInsides.lock(bare, UNLOCKED);
            Quotes.publishTick(publisher, tick, 0);
        }
    }

    private static long owner(long upper, long pid) {
        return upper << Integer.SIZE | pid;
    }
}
