package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.schema.v1.QuoteDecoder;
import io.slipstream.queue.schema.v1.QuoteEncoder;
import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MessageQueueTest {
    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();

    @Test
    void shouldHandOverWhatWasPublished() {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).sourceId(65_535));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final long before = System.currentTimeMillis() * 1_000_000L - 50_000_000L;
            final long position = Quotes.publishQuote(publisher, 101.5, "ACME");
            final List<String> seen = new ArrayList<>();
            final int moved = subscriber.poll(
                    message -> {
                        final QuoteDecoder quote = Quotes.quote(message);
                        seen.add(quote.price() + " " + quote.quantity() + " " + quote.side() + " " + quote.symbol());
                        assertThat(message.position()).isEqualTo(position);
                        assertThat(message.sourceId()).isEqualTo(65_535);
                        assertThat(message.schemaId()).isEqualTo(901);
                        assertThat(message.templateId()).isEqualTo(QuoteEncoder.TEMPLATE_ID);
                        assertThat(message.version()).isEqualTo(1);
                        assertThat(message.length()).isEqualTo(QuoteEncoder.BLOCK_LENGTH + 4 + 4);
                        assertThat(message.timestamp()).isGreaterThan(before);
                    },
                    10);
            assertThat(moved).isEqualTo(1);
            assertThat(seen).containsExactly("101.5 200 SELL ACME");
            assertThat(queue.firstPosition()).isEqualTo(position);
            assertThat(queue.lastPosition()).isEqualTo(position);
            assertThat(publisher.lastPosition()).isEqualTo(position);
        }
    }

    @Test
    void shouldKeepMessagesAfterClosing() {
        publishTicks(0, 1000);
        publishTicks(1000, 2000);
        try (MessageQueue queue = Quotes.open(directory);
                Subscriber subscriber = queue.subscriber()) {
            assertThat(Quotes.readTicks(subscriber)).hasSize(2000).isSorted();
        }
    }

    @Test
    void shouldBeEmptyAtFirst() {
        try (MessageQueue queue = Quotes.open(directory);
                Subscriber subscriber = queue.subscriber()) {
            assertThat(queue.firstPosition()).isEqualTo(MessageQueue.NO_POSITION);
            assertThat(queue.lastPosition()).isEqualTo(MessageQueue.NO_POSITION);
            assertThat(subscriber.poll(message -> {}, 1)).isZero();
            assertThat(subscriber.toEnd().toStart().toTime(1).poll(message -> {}, 1))
                    .isZero();
        }
    }

    @Test
    void shouldKeepPayloadsAlignedForNativeReaders() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            // Every body length mod 8, across several index pages' worth of messages.
            for (int i = 0; i < 5000; i++) {
                Quotes.publishQuote(publisher, i, "x".repeat(i % 17));
            }
            final int[] count = {0};
            while (subscriber.poll(
                            message -> {
                                final long address = message.buffer().addressOffset();
                                assertThat(address & 7)
                                        .as("payload address of message %s", count[0])
                                        .isEqualTo(4);
                                assertThat(Quotes.quote(message).symbol()).hasSize(count[0] % 17);
                                count[0]++;
                            },
                            100)
                    > 0) {
                // Until the end.
            }
            assertThat(count[0]).isEqualTo(5000);
        }
    }

    @Test
    void shouldStartAtTheEndAndAtAPosition() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final long[] positions = new long[700];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = Quotes.publishTick(publisher, tick, i);
            }
            subscriber.toEnd();
            Quotes.publishTick(publisher, tick, 700);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(700L);
            for (int i : new int[] {0, 1, 255, 256, 257, 699}) {
                assertThat(Quotes.readTicks(subscriber.toPosition(positions[i])))
                        .as("from message %s", i)
                        .hasSize(701 - i)
                        .startsWith((long) i);
            }
            assertThatThrownBy(() -> subscriber.toPosition(positions[699] + 1000))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("no message at position");
        }
    }

    @Test
    void shouldFindATimeAcrossFiles() {
        final long second = 1_000_000_000L;
        final long epoch = 1_700_000_000L * second;
        final Quotes.ManualClock clock = new Quotes.ManualClock(epoch);
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory)
                        .rollCycle(RollCycle.TEST_SECONDLY)
                        .clock(clock));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            // Ten a second for 20 s, with nothing from 5 s to 9 s.
            final List<Long> times = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                final long now = epoch + i * second / 10;
                if (i >= 50 && i < 90) {
                    continue;
                }
                clock.set(now);
                Quotes.publishTick(publisher, tick, i);
                times.add(now);
            }
            for (int i = -5; i < 205; i++) {
                final long wanted = epoch + i * second / 10 + 1;
                final long expected = times.stream().filter(t -> t >= wanted).count();
                assertThat(Quotes.readTicks(subscriber.toTime(wanted)))
                        .as("messages from %s ms on", i * 100)
                        .hasSize((int) expected);
                assertThat(Quotes.readTicks(subscriber.toTime(wanted - 1)))
                        .as("messages from exactly %s ms on", i * 100)
                        .hasSize((int)
                                times.stream().filter(t -> t >= wanted - 1).count());
            }
        }
    }

    @Test
    void shouldResumeADurableSubscriberByName() {
        publishTicks(0, 10);
        try (MessageQueue queue = Quotes.open(directory);
                Subscriber subscriber = queue.subscriber("strategy-1")) {
            assertThat(subscriber.resumed()).isFalse();
            assertThat(subscriber.poll(message -> {}, 4)).isEqualTo(4);
        }
        try (MessageQueue queue = Quotes.open(directory);
                Subscriber subscriber = queue.subscriber("strategy-1");
                Subscriber other = queue.subscriber("strategy-2")) {
            assertThat(subscriber.resumed()).isTrue();
            assertThat(Quotes.readTicks(subscriber)).startsWith(4L).hasSize(6);
            assertThat(other.resumed()).isFalse();
            assertThat(Quotes.readTicks(other)).hasSize(10);
        }
    }

    @Test
    void shouldHandOverAgainWhatAHandlerFailedOn() {
        publishTicks(0, 3);
        try (MessageQueue queue = Quotes.open(directory)) {
            try (Subscriber subscriber = queue.subscriber("fragile")) {
                subscriber.poll(message -> {}, 1);
                assertThatThrownBy(() -> subscriber.poll(
                                message -> {
                                    throw new IllegalStateException("no");
                                },
                                10))
                        .hasMessage("no");
                assertThat(Quotes.readTicks(subscriber)).containsExactly(1L, 2L);
            }
            try (Subscriber subscriber = queue.subscriber("fragile-2")) {
                assertThatThrownBy(() -> subscriber.poll(
                                message -> {
                                    throw new IllegalStateException("no");
                                },
                                10))
                        .hasMessage("no");
            }
            try (Subscriber subscriber = queue.subscriber("fragile-2")) {
                assertThat(Quotes.readTicks(subscriber)).containsExactly(0L, 1L, 2L);
            }
        }
    }

    @Test
    void shouldFilterWithoutDecoding() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            for (int i = 0; i < 10; i++) {
                Quotes.publishTick(publisher, tick, i);
                Quotes.publishQuote(publisher, i, "ACME");
            }
            final List<Integer> templates = new ArrayList<>();
            subscriber.filter(MessageFilter.schema(901).and(MessageFilter.templates(TickDecoder.TEMPLATE_ID)));
            assertThat(subscriber.poll(message -> templates.add(message.templateId()), 100))
                    .isEqualTo(20);
            assertThat(templates).hasSize(10).containsOnly(TickDecoder.TEMPLATE_ID);
            templates.clear();
            subscriber.toStart().filter(MessageFilter.schema(1)).poll(message -> templates.add(1), 100);
            assertThat(templates).isEmpty();
            subscriber
                    .toStart()
                    .filter(queue.schemas().templateNamed("quote"))
                    .poll(message -> templates.add(message.templateId()), 100);
            assertThat(templates).hasSize(10).containsOnly(QuoteDecoder.TEMPLATE_ID);
        }
    }

    @Test
    void shouldPublishAClaim() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final MessageClaim claim = publisher.claim(TickEncoder.BLOCK_LENGTH + 1000);
            claim.wrap(tick).sequence(7).value(8);
            assertThat(subscriber.poll(message -> {}, 1))
                    .as("messages seen before the commit")
                    .isZero();
            final long position = claim.commit();
            assertThat(publisher.lastPosition()).isEqualTo(position);
            Quotes.publishTick(publisher, tick, 8);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(7L, 8L);
            assertThatThrownBy(claim::commit).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldLeaveNothingOfAnAbortedClaim() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishTick(publisher, tick, 1);
            try (MessageClaim claim = publisher.claim(5000)) {
                final MutableDirectBuffer room = claim.buffer();
                room.setMemory(0, room.capacity(), (byte) 0xFF);
            }
            assertThatThrownBy(() -> {
                        try (MessageClaim claim = publisher.claim(TickEncoder.BLOCK_LENGTH - 1)) {
                            claim.wrap(tick).sequence(2).value(3);
                            claim.commit();
                        }
                    })
                    .isInstanceOf(RuntimeException.class);
            Quotes.publishTick(publisher, tick, 2);
            try (MessageClaim claim = publisher.claim(5000)) {
                claim.wrap(tick).sequence(3).value(3);
                claim.abort();
            }
            Quotes.publishTick(publisher, tick, 4);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L, 2L, 4L);
            assertThat(subscriber.foreign()).isZero();
        }
        try (MessageQueue queue = Quotes.open(directory);
                Subscriber subscriber = queue.subscriber()) {
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L, 2L, 4L);
        }
    }

    @Test
    void shouldPublishWhatIsEncodedAlready() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        tick.wrapAndApplyHeader(buffer, 3, new io.slipstream.queue.schema.v1.MessageHeaderEncoder())
                .sequence(5)
                .value(6);
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            publisher.publish(buffer, 3, 8 + tick.encodedLength(), 1000);
            assertThatThrownBy(() -> publisher.publish(buffer, 3, 8 + tick.encodedLength(), 999))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("never decrease");
            assertThatThrownBy(() -> publisher.publish(buffer, 3, 7, 1000))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(5L);
        }
    }

    @Test
    void shouldRefuseAMessageThatIsTooLongAndStayWhole() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final int room = queue.maxLength() - QuoteEncoder.BLOCK_LENGTH - 4;
            final long largest = Quotes.publishQuote(publisher, 1, "x".repeat(room));
            assertThatThrownBy(() -> Quotes.publishQuote(publisher, 2, "x".repeat(room + 1)))
                    .isInstanceOf(MessageTooLongException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("blockSize");
            assertThatThrownBy(() -> publisher.claim(queue.maxLength() + 1))
                    .isInstanceOf(MessageTooLongException.class);
            for (int i = 0; i < 9; i++) {
                Quotes.publishQuote(publisher, i, "y".repeat(room));
            }
            assertThat(publisher.lastPosition()).isEqualTo(largest + 9);
            final int[] lengths = {0};
            assertThat(subscriber.poll(message -> lengths[0] += message.length(), 100))
                    .isEqualTo(10);
            assertThat(lengths[0]).isEqualTo(10 * queue.maxLength());
        }
    }

    @Test
    void shouldKeepToTheThreadThatMadeIt() throws InterruptedException {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishTick(publisher, tick, 1);
            assertThat(inOtherThread(() -> Quotes.publishTick(publisher, tick, 2)))
                    .isInstanceOf(WrongThreadException.class)
                    .hasMessageContaining("make one for each thread");
            assertThat(inOtherThread(() -> subscriber.poll(message -> {}, 1))).isInstanceOf(WrongThreadException.class);
            assertThat(inOtherThread(publisher::close)).isInstanceOf(WrongThreadException.class);
            Quotes.publishTick(publisher, tick, 3);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L, 3L);
        }
    }

    @Test
    void shouldSayThatItIsClosed() {
        final MessageQueue queue = Quotes.open(directory);
        final Publisher publisher = queue.publisher();
        final Subscriber subscriber = queue.subscriber();
        Quotes.publishTick(publisher, tick, 1);
        publisher.close();
        publisher.close();
        assertThatThrownBy(() -> Quotes.publishTick(publisher, tick, 2)).isInstanceOf(QueueClosedException.class);
        queue.close();
        queue.close();
        assertThatThrownBy(() -> subscriber.poll(message -> {}, 1)).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(queue::publisher)
                .isInstanceOf(QueueClosedException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void shouldGiveBackTheClaimOfADeadThread() throws InterruptedException {
        try (MessageQueue queue = Quotes.open(directory)) {
            inOtherThread(() -> {
                final Publisher publisher = queue.publisher();
                publisher.claim(100).wrap(tick).sequence(1).value(1);
            });
        }
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishTick(publisher, tick, 2);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(2L);
        }
    }

    @Test
    void shouldNotUnmapTheClaimOfALiveThread() throws InterruptedException {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final MessageClaim claim = publisher.claim(100);
            // Calls that are refused or do nothing meanwhile must not give up the claim's protection.
            assertThatThrownBy(() -> publisher.claim(1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Quotes.publishTick(publisher, new TickEncoder(), 9))
                    .isInstanceOf(IllegalStateException.class);
            publisher.pretouch(4096);
            assertThat(inOtherThread(queue::close))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("neither committed nor aborted");
            claim.wrap(tick).sequence(1).value(1);
            claim.commit();
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L);
        }
    }

    @Test
    void shouldNameALiveLockHolder() {
        try (MessageQueue queue =
                        MessageQueue.open(Quotes.context(directory).lockTimeout(java.time.Duration.ofMillis(50)));
                Publisher publisher = queue.publisher();
                Publisher other = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            try (MessageClaim claim = publisher.claim(100)) {
                claim.wrap(tick).sequence(1).value(1);
                assertThatThrownBy(() -> Quotes.publishTick(other, tick, 2))
                        .isInstanceOf(QueueLockedException.class)
                        .hasMessageContaining("lockTimeout");
                claim.wrap(tick).sequence(3).value(1);
                claim.commit();
            }
            Quotes.publishTick(other, tick, 4);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(3L, 4L);
        }
    }

    @Test
    void shouldChangeNothingByTouchingPagesAhead() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Publisher other = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            publisher.pretouch(1 << 20);
            // Over several chunks of the file, with another publisher in between.
            for (int i = 0; i < 20_000; i++) {
                Quotes.publishTick(i % 3 == 0 ? other : publisher, tick, i);
                Quotes.publishQuote(publisher, i, "x".repeat(200));
                if (i % 7 == 0) {
                    publisher.pretouch(64 << 10);
                    publisher.pretouch(Integer.MAX_VALUE);
                }
            }
            assertThat(Quotes.readTicks(subscriber)).hasSize(20_000).isSorted();
            assertThat(subscriber.foreign()).isZero();
        }
    }

    @Test
    void shouldPublishInAnInterruptedThread() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Thread.currentThread().interrupt();
            // Enough to map several new chunks of the file.
            for (int i = 0; i < 60; i++) {
                Quotes.publishQuote(publisher, i, "x".repeat(100_000));
            }
            assertThat(subscriber.poll(message -> {}, 100)).isEqualTo(60);
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        }
    }

    private void publishTicks(int from, int to) {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher()) {
            for (int i = from; i < to; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
        }
    }

    private static Throwable inOtherThread(Runnable action) throws InterruptedException {
        final AtomicReference<Throwable> thrown = new AtomicReference<>();
        final Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        thread.start();
        thread.join();
        return thrown.get();
    }
}
