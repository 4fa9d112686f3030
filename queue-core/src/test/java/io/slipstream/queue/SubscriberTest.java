package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A subscriber reads most messages past the engine's tailer, a durable one never does: whatever happens, both have to see the
 * same messages at the same positions.
 */
final class SubscriberTest {
    private static final int SMALL_BLOCK = 256 << 10;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();

    @Test
    void shouldCrossChunksAndIndexPagesAsTheTailerDoes() {
        final Random random = new Random(1);
        final List<String> published = new ArrayList<>();
        final List<String> seen = new ArrayList<>();
        final List<String> durable = new ArrayList<>();
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).blockSize(SMALL_BLOCK));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber();
                Subscriber named = queue.subscriber("named")) {
            for (int i = 0; i < 20_000; i++) {
                final String symbol = "x".repeat(random.nextInt(300));
                published.add(Quotes.publishQuote(publisher, i, symbol) + " " + (double) i + " " + symbol);
                if (random.nextInt(20) == 0) {
                    final int limit = 1 + random.nextInt(40);
                    read(subscriber, limit, seen);
                    read(named, limit, durable);
                    assertThat(subscriber.position())
                            .as("position after %d messages", seen.size())
                            .isEqualTo(named.position());
                }
            }
            while (read(subscriber, 100, seen) + read(named, 100, durable) > 0) {
                // To the end.
            }
        }
        assertThat(durable).isEqualTo(published);
        assertThat(seen).isEqualTo(published);
    }

    @Test
    void shouldCrossFilesAndGoOnWhenTheyAreDeleted() {
        final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000L * SECOND);
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory)
                        .rollCycle(RollCycle.TEST_SECONDLY)
                        .clock(clock));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            for (int i = 0; i < 100; i++) {
                clock.set(clock.nanoTime() + SECOND / 10);
                Quotes.publishTick(publisher, tick, i);
            }
            assertThat(subscriber.poll(message -> {}, 7)).isEqualTo(7);
            assertThat(queue.prune(Duration.ofDays(1), 0).deleted())
                    .as("files deleted")
                    .isPositive();
            final List<Long> rest = Quotes.readTicks(subscriber);
            assertThat(rest).as("messages after the deletion").isSorted().endsWith(99L);
            assertThat(rest.getFirst()).as("first of %s", rest).isGreaterThanOrEqualTo(7);
            Quotes.publishTick(publisher, tick, 100);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(100L);
        }
    }

    @Test
    void shouldStayWhereItIsWhenAHandlerThrowsOrAPositionIsMissing() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            long last = 0;
            for (int i = 0; i < 1000; i++) {
                last = Quotes.publishTick(publisher, tick, i);
            }
            assertThat(subscriber.poll(message -> {}, 500)).isEqualTo(500);
            assertThatThrownBy(() -> subscriber.poll(
                            message -> {
                                throw new IllegalStateException("handler");
                            },
                            1))
                    .hasMessage("handler");
            final long missing = last + 1000;
            assertThatThrownBy(() -> subscriber.toPosition(missing)).isInstanceOf(QueueException.class);
            assertThat(Quotes.readTicks(subscriber.toPosition(last))).containsExactly(999L);
            assertThat(Quotes.readTicks(subscriber.toStart())).hasSize(1000).isSorted();
        }
    }

    @Test
    void shouldGoWhereItsHandlerSends() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            for (int i = 0; i < 10; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
            assertThat(subscriber.poll(message -> {}, 5)).isEqualTo(5);
            assertThat(subscriber.poll(message -> subscriber.toStart(), 1)).isEqualTo(1);
            assertThat(Quotes.readTicks(subscriber)).hasSize(10);
        }
    }

    private static int read(Subscriber subscriber, int limit, List<String> into) {
        return subscriber.poll(
                message -> into.add(
                        message.position() + " " + Quotes.quote(message).price() + " "
                                + Quotes.quote(message).symbol()),
                limit);
    }
}
