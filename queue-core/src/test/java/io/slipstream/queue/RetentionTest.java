package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.FileSpace;
import io.slipstream.memory.RangeLocks;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is deleted and what stays, within one process; the contract suite does the same between processes and languages. */
final class RetentionTest {
    private static final long START = 1_700_000_000L * 1_000_000_000L;
    private static final Duration FOR_EVER = Duration.ofDays(10_000);
    /** All but the newest file is to go. */
    private static final Retention SOFT = new Retention(FOR_EVER, 0, Long.MAX_VALUE);

    private static final Retention HARD = new Retention(FOR_EVER, 0, 0);

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();

    private MessageQueue open(RollCycle cycle, Quotes.ManualClock clock) {
        return MessageQueue.open(Quotes.context(directory).rollCycle(cycle).clock(clock));
    }

    /** Ten messages a file; cycle after cycle. */
    private MessageQueue publish(RollCycle cycle, Duration length, int files) {
        final Quotes.ManualClock clock = new Quotes.ManualClock(START);
        final MessageQueue queue = open(cycle, clock);
        try (Publisher publisher = queue.publisher()) {
            for (int i = 0; i < 10 * files; i++) {
                clock.set(START + i / 10 * length.toNanos());
                Quotes.publishTick(publisher, tick, i);
            }
        }
        return queue;
    }

    private MessageQueue publish(int files) {
        return publish(RollCycle.TEST_SECONDLY, Duration.ofSeconds(1), files);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    private static void move(Subscriber subscriber, int messages) {
        assertThat(subscriber.poll(message -> {}, messages)).isEqualTo(messages);
    }

    private static List<Long> ticks(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = RollCycle.class,
            names = {"TEST_SECONDLY", "FIVE_MINUTELY", "FAST_DAILY"})
    void shouldKeepTheFileThatASubscriberStandsIn(RollCycle cycle) throws IOException {
        final Duration length = switch (cycle) {
            case TEST_SECONDLY -> Duration.ofSeconds(1);
            case FIVE_MINUTELY -> Duration.ofMinutes(5);
            default -> Duration.ofDays(1);
        };
        try (MessageQueue queue = publish(cycle, length, 5);
                Subscriber subscriber = queue.subscriber()) {
            move(subscriber, 25);
            final List<Path> before = files();
            final Pruned pruned = queue.prune(SOFT);
            assertThat(files()).isEqualTo(before.subList(2, 5));
            assertThat(pruned.deleted()).as("deleted").isEqualTo(2);
            assertThat(pruned.bytes()).as("bytes").isPositive();
            assertThat(pruned.kept()).as("kept").isEqualTo(2);
            assertThat(pruned.beneath()).as("beneath readers").isZero();
            assertThat(pruned.processes())
                    .containsExactly(ProcessHandle.current().pid());
            assertThat(pruned.durable()).isEmpty();
            assertThat(Quotes.readTicks(subscriber)).isEqualTo(ticks(25, 50));
            assertThat(subscriber.lost()).as("lost").isZero();
            assertThat(queue.prune(SOFT).deleted()).as("deleted behind it").isEqualTo(2);
        }
    }

    @Test
    void shouldKnowWeeksByTheirNames() throws IOException {
        try (MessageQueue queue = publish(RollCycle.WEEKLY, Duration.ofDays(7), 5)) {
            final List<Path> before = files();
            assertThat(before).hasSize(5);
            assertThat(queue.prune(SOFT).deleted()).isEqualTo(4);
            assertThat(files()).isEqualTo(before.subList(4, 5));
        }
    }

    @Test
    void shouldKeepWhatTheSlowestOfSeveralNeedsUntilItIsClosed() {
        try (MessageQueue queue = publish(5);
                Subscriber fast = queue.subscriber()) {
            final Subscriber slow = queue.subscriber();
            move(fast, 35);
            move(slow, 5);
            assertThat(queue.prune(SOFT).deleted()).as("beside the slow one").isZero();
            slow.close();
            assertThat(queue.prune(SOFT).deleted()).as("without it").isEqualTo(3);
        }
    }

    @Test
    void shouldKeepTheFileOfASubscriberThatMayOnlyRead() {
        try (MessageQueue queue = publish(5);
                MessageQueue readOnly = Quotes.openReadOnly(directory);
                Subscriber subscriber = readOnly.subscriber()) {
            move(subscriber, 5);
            assertThat(queue.prune(SOFT).deleted()).isZero();
            assertThatThrownBy(() -> readOnly.prune(SOFT))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void shouldKeepWhatADurableSubscriberHasNotReadToTheEnd() {
        try (MessageQueue queue = publish(5)) {
            try (Subscriber subscriber = queue.subscriber("plot")) {
                move(subscriber, 15);
            }
            queue.subscriber("new").close();
            final Pruned pruned = queue.prune(SOFT);
            assertThat(pruned.deleted()).as("deleted").isEqualTo(1);
            assertThat(pruned.durable()).containsExactly("plot");
            assertThat(pruned.processes()).isEmpty();
            try (Subscriber subscriber = queue.subscriber("plot")) {
                move(subscriber, 5);
            }
            assertThat(queue.prune(SOFT).deleted())
                    .as("once it has read the file")
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldDeleteBeneathReadersAtTheHardLimitAndTell() {
        try (MessageQueue queue = publish(5);
                Subscriber subscriber = queue.subscriber()) {
            move(subscriber, 15);
            try (Subscriber durable = queue.subscriber("plot")) {
                move(durable, 3);
            }
            final Pruned pruned = queue.prune(HARD);
            assertThat(pruned.deleted()).as("deleted").isEqualTo(4);
            assertThat(pruned.beneath()).as("beneath readers").isEqualTo(4);
            assertThat(pruned.kept()).as("kept").isZero();
            assertThat(pruned.processes())
                    .containsExactly(ProcessHandle.current().pid());
            assertThat(pruned.durable()).containsExactly("plot");
            final List<Long> rest = Quotes.readTicks(subscriber);
            assertThat(rest).endsWith(49L);
            assertThat(rest.size() + subscriber.lost()).as("read and lost").isEqualTo(35);
            assertThat(subscriber.lost()).as("lost").isGreaterThanOrEqualTo(20);
            try (Subscriber durable = queue.subscriber("plot")) {
                assertThat(Quotes.readTicks(durable)).isEqualTo(ticks(40, 50));
                assertThat(durable.lost()).as("lost by the durable one").isEqualTo(37);
            }
            assertThat(Quotes.readTicks(subscriber.toStart())).isEqualTo(ticks(40, 50));
        }
    }

    @Test
    void shouldKeepForReadersUpToTheHardLimit() throws IOException {
        try (MessageQueue queue = publish(6);
                Subscriber subscriber = queue.subscriber()) {
            move(subscriber, 5);
            // The files are alike.
            final long file = FileSpace.allocated(files().getFirst());
            final Pruned pruned = queue.prune(new Retention(FOR_EVER, 2 * file, 4 * file));
            assertThat(pruned.deleted())
                    .as("deleted, 6 of 2 wanted and 4 allowed")
                    .isEqualTo(2);
            assertThat(pruned.kept()).as("kept").isEqualTo(2);
            assertThat(files()).hasSize(4);
        }
    }

    @Test
    void shouldDeleteWhatIsTooOldAndKeepTheFileBeingWritten() throws IOException {
        try (MessageQueue queue = publish(5)) {
            for (Path file : files()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            }
            Files.setLastModifiedTime(files().get(2), FileTime.from(Instant.now()));
            assertThat(queue.prune(Duration.ofHours(2), Long.MAX_VALUE).deleted())
                    .as("older than two hours, from the oldest on")
                    .isEqualTo(2);
            Files.setLastModifiedTime(
                    files().get(0), FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            assertThat(queue.prune(Duration.ofHours(2), Long.MAX_VALUE).deleted())
                    .as("all but the newest")
                    .isEqualTo(2);
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    void shouldLeaveItToAnotherThatDeletes() throws IOException {
        try (MessageQueue queue = publish(3);
                RangeLocks other = RangeLocks.open(directory.resolve("slipstream.readers"))) {
            assertThat(other.tryExclusive((1L << 60) - 1, 1)).isTrue();
            assertThat(queue.prune(HARD).deleted()).isZero();
            other.unlock((1L << 60) - 1, 1);
            assertThat(queue.prune(HARD).deleted()).isEqualTo(2);
        }
    }

    @Test
    void shouldRefuseAForeignReadersFile() throws IOException {
        publish(1).close();
        final Path file = Files.writeString(directory.resolve("slipstream.readers"), "a letter to my aunt");
        assertThatThrownBy(() -> Quotes.open(directory))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("move it out");
        assertThat(file).hasContent("a letter to my aunt");
        Files.writeString(file, "x");
        assertThatThrownBy(() -> Quotes.open(directory)).isInstanceOf(QueueFormatException.class);
    }

    @Test
    void shouldRefuseLimitsThatContradictThemselves() {
        assertThatThrownBy(() -> new Retention(FOR_EVER, 2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Retention(FOR_EVER, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Retention.of(FOR_EVER, 5).hardBytes()).isEqualTo(10);
        assertThat(Retention.of(FOR_EVER, Long.MAX_VALUE - 1).hardBytes()).isEqualTo(Long.MAX_VALUE);
    }
}
