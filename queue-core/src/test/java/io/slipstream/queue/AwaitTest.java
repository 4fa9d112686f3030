package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.WakeDescriptor;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who waits sleeps for an hour unless he is woken: a wake that is lost hangs until the deadline. A durable subscriber looks
 * through the engine's tailers alone, any other straight at the mapped memory, so both are tried.
 */
final class AwaitTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();
    private final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000L * SECOND);
    private Thread sleeper;

    /** A process that waits for ticks, and says which it saw. */
    static final class WaiterProcess {
        public static void main(String[] arguments) {
            try (MessageQueue queue = open(Path.of(arguments[0]));
                    Subscriber subscriber = queue.subscriber()) {
                System.out.println("waiting");
                while (subscriber.await(HOUR)) {
                    Quotes.readTicks(subscriber).forEach(sequence -> System.out.println("saw " + sequence));
                }
            }
        }
    }

    /** A process that publishes a tick as soon as somebody sleeps. */
    static final class WakerProcess {
        public static void main(String[] arguments) throws Exception {
            final Path path = Path.of(arguments[0]);
            try (MessageQueue queue = open(path);
                    Publisher publisher = queue.publisher()) {
                System.out.println("open");
                QueueInsides.awaitSleeper(path);
                Quotes.publishTick(publisher, new TickEncoder(), 42);
            }
        }
    }

    @AfterEach
    void endSleeper() throws InterruptedException {
        if (sleeper != null) {
            sleeper.interrupt();
            sleeper.join();
        }
    }

    private static MessageQueue open(Path path) {
        return MessageQueue.open(Quotes.context(path).foreignInterval(HOUR));
    }

    private MessageQueue openRolling() {
        return MessageQueue.open(Quotes.context(directory)
                .rollCycle(RollCycle.TEST_SECONDLY)
                .clock(clock)
                .foreignInterval(HOUR));
    }

    private static Subscriber subscriber(MessageQueue queue, boolean durable) {
        return durable ? queue.subscriber("sleeper") : queue.subscriber();
    }

    /** Runs something in a thread that goes to sleep, and comes back once it does. */
    private <T> CompletableFuture<T> asleep(Callable<T> task) throws Exception {
        final CompletableFuture<T> result = inThread(task);
        QueueInsides.awaitSleeper(directory);
        return result;
    }

    private <T> CompletableFuture<T> inThread(Callable<T> task) {
        final CompletableFuture<T> result = new CompletableFuture<>();
        sleeper = new Thread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "sleeper");
        sleeper.start();
        return result;
    }

    private static <T> T get(CompletableFuture<T> result) throws Exception {
        return result.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<Long> awaitTicks(Subscriber subscriber) {
        assertThat(subscriber.await(HOUR)).as("something to read").isTrue();
        return Quotes.readTicks(subscriber);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeASleeperOfAnotherThread(boolean durable) throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            Quotes.publishTick(publisher, tick, 1);
            final CompletableFuture<List<Long>> seen = asleep(() -> {
                try (Subscriber subscriber = subscriber(queue, durable)) {
                    assertThat(awaitTicks(subscriber)).containsExactly(1L);
                    return awaitTicks(subscriber);
                }
            });
            Quotes.publishTick(publisher, tick, 2);
            assertThat(get(seen)).containsExactly(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeASleeperInAnEmptyQueue(boolean durable) throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<List<Long>> seen = asleep(() -> {
                try (Subscriber subscriber = subscriber(queue, durable)) {
                    return awaitTicks(subscriber);
                }
            });
            assertThat(QueueInsides.dataFiles(directory)).isEmpty();
            Quotes.publishTick(publisher, tick, 1);
            assertThat(get(seen)).containsExactly(1L);
        }
    }

    @Test
    void shouldWakeASleeperOfAnotherProcess() throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher();
                ChildJvm child = ChildJvm.start(WaiterProcess.class, directory.toString())) {
            for (int i = 0; i < 20; i++) {
                QueueInsides.awaitSleeper(directory);
                Quotes.publishTick(publisher, tick, i);
                assertThat(child.await("saw ")).isEqualTo("saw " + i);
            }
        }
    }

    @Test
    void shouldBeWokenByAnotherProcess() throws Exception {
        try (MessageQueue queue = open(directory);
                ChildJvm child = ChildJvm.start(WakerProcess.class, directory.toString())) {
            child.await("open");
            assertThat(get(asleep(() -> {
                        try (Subscriber subscriber = queue.subscriber()) {
                            return awaitTicks(subscriber);
                        }
                    })))
                    .containsExactly(42L);
        }
    }

    @Test
    void shouldWakeOnACommitAndNotOnAnAbort() throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<List<Long>> seen = asleep(() -> {
                try (Subscriber subscriber = queue.subscriber()) {
                    return awaitTicks(subscriber);
                }
            });
            final int asleep = QueueInsides.wakeWord(directory);
            publisher.claim(TickEncoder.BLOCK_LENGTH).abort();
            assertThat(QueueInsides.wakeWord(directory)).isEqualTo(asleep);
            final MessageClaim claim = publisher.claim(TickEncoder.BLOCK_LENGTH);
            claim.wrap(tick).sequence(1).value(1);
            claim.commit();
            assertThat(get(seen)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeASleeperAcrossARoll(boolean durable) throws Exception {
        final BlockingQueue<List<Long>> seen = new LinkedBlockingQueue<>();
        try (MessageQueue queue = openRolling();
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<Void> end = asleep(() -> {
                try (Subscriber subscriber = subscriber(queue, durable)) {
                    for (int i = 0; i < 5; i++) {
                        seen.add(awaitTicks(subscriber));
                    }
                }
                return null;
            });
            for (long i = 0; i < 5; i++) {
                QueueInsides.awaitSleeper(directory);
                Quotes.publishTick(publisher, tick, i);
                assertThat(seen.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS)).containsExactly(i);
                clock.set(clock.nanoTime() + SECOND);
            }
            get(end);
            assertThat(QueueInsides.dataFiles(directory)).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitBehindTheEndOfAFileForTheNext(boolean durable) throws Exception {
        try (MessageQueue queue = openRolling();
                Publisher publisher = queue.publisher()) {
            Quotes.publishTick(publisher, tick, 1);
            QueueInsides.writeEndOfFile(QueueInsides.dataFiles(directory).getFirst());
            final CompletableFuture<List<Long>> seen = asleep(() -> {
                try (Subscriber subscriber = subscriber(queue, durable)) {
                    assertThat(awaitTicks(subscriber)).containsExactly(1L);
                    assertThat(subscriber.await(Duration.ZERO)).isFalse();
                    return awaitTicks(subscriber);
                }
            });
            clock.set(clock.nanoTime() + SECOND);
            // The next file is there, with nothing in it.
            publisher.claim(TickEncoder.BLOCK_LENGTH).abort();
            assertThat(QueueInsides.dataFiles(directory)).hasSize(2);
            assertThat(seen).isNotDone();
            Quotes.publishTick(publisher, tick, 2);
            assertThat(get(seen)).containsExactly(2L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadAtOnceWhatTheWaitWasFor(boolean emptyFileBetween) {
        try (MessageQueue queue = openRolling();
                Publisher publisher = queue.publisher()) {
            for (int i = 0; i < 20; i++) {
                try (Subscriber resumed = queue.subscriber("resumed");
                        Subscriber atEnd = queue.subscriber().toEnd()) {
                    assertThat(resumed.await(Duration.ZERO)).isFalse();
                    assertThat(atEnd.await(Duration.ZERO)).isFalse();
                    if (emptyFileBetween) {
                        publisher.claim(TickEncoder.BLOCK_LENGTH).abort();
                        clock.set(clock.nanoTime() + SECOND);
                    }
                    Quotes.publishTick(publisher, tick, i);
                    assertThat(resumed.await(HOUR)).isTrue();
                    assertThat(resumed.poll(message -> {}, 1)).isEqualTo(1);
                    assertThat(atEnd.await(HOUR)).isTrue();
                    assertThat(atEnd.poll(message -> {}, 1)).isEqualTo(1);
                }
                if (i % 3 == 0) {
                    clock.set(clock.nanoTime() + SECOND);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldMovePastNothing(boolean durable) {
        try (MessageQueue queue = openRolling();
                Publisher publisher = queue.publisher();
                Subscriber subscriber = subscriber(queue, durable)) {
            for (int i = 0; i < 300; i++) {
                assertThat(subscriber.await(Duration.ZERO)).isFalse();
                Quotes.publishTick(publisher, tick, i);
                Quotes.publishQuote(publisher, i, "x".repeat(10_000));
                for (int look = 0; look < 3; look++) {
                    assertThat(subscriber.await(HOUR)).isTrue();
                }
                assertThat(subscriber.poll(message -> {}, 1)).isEqualTo(1);
                assertThat(subscriber.await(HOUR)).isTrue();
                assertThat(subscriber.poll(message -> {}, 5)).isEqualTo(1);
                if (i % 20 == 0) {
                    clock.set(clock.nanoTime() + SECOND);
                }
            }
            assertThat(Quotes.readTicks(subscriber.toStart())).hasSize(300).isSorted();
        }
    }

    @Test
    void shouldLeaveTheStoredPositionOfADurableSubscriberAlone() {
        try (MessageQueue queue = openRolling();
                Publisher publisher = queue.publisher();
                SingleChronicleQueue bare = QueueInsides.bare(directory, RollCycle.TEST_SECONDLY)) {
            Quotes.publishTick(publisher, tick, 1);
            try (Subscriber subscriber = queue.subscriber("sleeper")) {
                assertThat(subscriber.await(HOUR)).isTrue();
                assertThat(bare.indexForId("sleeper").getVolatileValue()).isZero();
            }
            try (Subscriber subscriber = queue.subscriber("sleeper")) {
                assertThat(subscriber.resumed()).isFalse();
                assertThat(Quotes.readTicks(subscriber)).containsExactly(1L);
                clock.set(clock.nanoTime() + SECOND);
                Quotes.publishTick(publisher, tick, 2);
                final long stored = bare.indexForId("sleeper").getVolatileValue();
                assertThat(subscriber.await(HOUR)).isTrue();
                assertThat(subscriber.position()).isEqualTo(stored);
                assertThat(bare.indexForId("sleeper").getVolatileValue()).isEqualTo(stored);
                assertThat(Quotes.readTicks(subscriber)).containsExactly(2L);
            }
        }
    }

    @Test
    void shouldSeeMessagesInAQueueThatIsOpenReadOnly() throws Exception {
        try (ChronicleQueue bare = QueueInsides.bare(directory, RollCycle.FAST_DAILY);
                ExcerptAppender appender = bare.createAppender()) {
            append(appender);
            try (MessageQueue reading = MessageQueue.open(new MessageQueue.Context()
                            .directory(directory)
                            .blockSize(Quotes.BLOCK_SIZE)
                            .readOnly(true)
                            .foreignInterval(Duration.ofMillis(1)));
                    Subscriber subscriber = reading.subscriber()) {
                assertThat(subscriber.await(HOUR)).isTrue();
                assertThat(subscriber.poll(message -> {}, 10)).isEqualTo(1);
                assertThat(subscriber.await(Duration.ofMillis(3))).isFalse();
                append(appender);
                assertThat(subscriber.await(HOUR)).isTrue();
                assertThat(subscriber.poll(message -> {}, 10)).isEqualTo(1);
                reading.wake();
                assertThat(subscriber.await(HOUR)).as("woken").isFalse();
            }
        }
        assertThat(directory.resolve(WakeDescriptor.FILE_NAME)).doesNotExist();
    }

    @Test
    void shouldSeeAWriterThatWakesNobody() throws Exception {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).foreignInterval(Duration.ofMillis(1)));
                ChronicleQueue bare = QueueInsides.bare(directory, RollCycle.FAST_DAILY);
                ExcerptAppender appender = bare.createAppender()) {
            final CompletableFuture<Boolean> seen = asleep(() -> {
                try (Subscriber subscriber = queue.subscriber()) {
                    return subscriber.await(HOUR);
                }
            });
            append(appender);
            assertThat(get(seen)).isTrue();
        }
    }

    private static void append(ExcerptAppender appender) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().writeLong(1);
        }
    }

    @Test
    void shouldComeBackFromAWaitWhenTheQueueIsToldToWake() throws Exception {
        try (MessageQueue queue = open(directory)) {
            final CompletableFuture<Boolean> found = asleep(() -> {
                try (Subscriber subscriber = queue.subscriber()) {
                    return subscriber.await(HOUR);
                }
            });
            queue.wake();
            assertThat(get(found)).isFalse();
            try (Subscriber subscriber = queue.subscriber()) {
                queue.wake();
                // Nobody waited: the next wait knows of it, the one after does not.
                assertThat(subscriber.await(HOUR)).isFalse();
                assertThat(subscriber.await(Duration.ofMillis(1))).isFalse();
            }
        }
    }

    @Test
    void shouldPollUntilItIsToldToStop() throws Exception {
        final AtomicBoolean stop = new AtomicBoolean();
        final List<Long> seen = new CopyOnWriteArrayList<>();
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<Void> end = asleep(() -> {
                try (Subscriber subscriber = queue.subscriber()) {
                    subscriber.pollUntil(message -> seen.add(message.position()), stop::get);
                }
                return null;
            });
            for (int i = 0; i < 100; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
            while (seen.size() < 100) {
                assertThat(end).isNotDone();
                Thread.onSpinWait();
            }
            stop.set(true);
            queue.wake();
            get(end);
        }
    }

    @Test
    void shouldEndAWaitThatIsInterruptedAndKeepTheStatus() throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<List<Long>> result = asleep(() -> {
                try (Subscriber subscriber = queue.subscriber()) {
                    assertThat(subscriber.await(HOUR)).isFalse();
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    assertThat(subscriber.await(HOUR)).as("a second wait").isFalse();
                    subscriber.pollUntil(message -> {}, () -> false);
                    assertThat(Thread.interrupted()).isTrue();
                    return awaitTicks(subscriber);
                }
            });
            sleeper.interrupt();
            QueueInsides.awaitSleeper(directory);
            Quotes.publishTick(publisher, tick, 1);
            assertThat(get(result)).containsExactly(1L);
        }
    }

    @Test
    void shouldEndAWaitWhenTheQueueIsClosed() throws Exception {
        final MessageQueue queue = open(directory);
        final CompletableFuture<Boolean> waits = asleep(() -> queue.subscriber().await(HOUR));
        queue.close();
        assertThatThrownBy(() -> get(waits)).hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    void shouldEndAWaitWhenAQueueThatIsOpenReadOnlyIsClosed() throws Exception {
        open(directory).close();
        final MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                .directory(directory)
                .blockSize(Quotes.BLOCK_SIZE)
                .readOnly(true)
                .foreignInterval(HOUR));
        final CountDownLatch made = new CountDownLatch(1);
        final CompletableFuture<Boolean> waits = inThread(() -> {
            final Subscriber subscriber = queue.subscriber();
            made.countDown();
            return subscriber.await(HOUR);
        });
        made.await();
        queue.close();
        assertThatThrownBy(() -> get(waits)).hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    void shouldRefuseToWaitInsideAHandler() {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishTick(publisher, tick, 1);
            assertThatThrownBy(() -> subscriber.poll(message -> subscriber.await(HOUR), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("a handler cannot wait");
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L);
        }
    }

    @Test
    void shouldPayOnceForASleeperThatWasKilled() throws Exception {
        try (MessageQueue queue = open(directory);
                Publisher publisher = queue.publisher()) {
            try (ChildJvm child = ChildJvm.start(WaiterProcess.class, directory.toString())) {
                QueueInsides.awaitSleeper(directory);
                child.kill();
            }
            final int asleep = QueueInsides.wakeWord(directory);
            Quotes.publishTick(publisher, tick, 1);
            assertThat(QueueInsides.wakeWord(directory)).isEqualTo(asleep + 1);
            Quotes.publishTick(publisher, tick, 2);
            assertThat(QueueInsides.wakeWord(directory)).isEqualTo(asleep + 1);
        }
    }
}
