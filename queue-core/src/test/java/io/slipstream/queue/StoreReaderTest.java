package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import io.slipstream.queue.store.StoreReader;
import io.slipstream.queue.store.StoreTrimmer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreReaderTest {
    private static final int SMALL_BLOCK = 256 << 10;
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();
    private final TickDecoder decoder = new TickDecoder();

    private void publish(int count) {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).blockSize(SMALL_BLOCK));
                Publisher publisher = queue.publisher()) {
            for (int i = 0; i < count; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
        }
    }

    private long number(Message message) {
        return decoder.wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                .sequence();
    }

    private List<Long> rest(StoreReader reader) throws IOException {
        final List<Long> numbers = new ArrayList<>();
        while (reader.next() == StoreReader.MESSAGE) {
            numbers.add(number(reader.message()));
        }
        return numbers;
    }

    private static List<Long> numbers(long from, long to) {
        return Stream.iterate(from, n -> n < to, n -> n + 1).toList();
    }

    private static Path dataFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".cq4"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void shouldReadWhatASubscriberReads() throws IOException {
        publish(20_000);
        final List<String> seen = new ArrayList<>();
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).readOnly(true));
                Subscriber subscriber = queue.subscriber();
                StoreReader reader = StoreReader.open(directory)) {
            while (subscriber.poll(m -> seen.add(m.timestamp() + " " + number(m) + " " + m.sourceId()), 100) > 0) {
                // To the end.
            }
            for (int i = 0; i < seen.size(); i++) {
                assertThat(reader.next()).as("message %d", i).isEqualTo(StoreReader.MESSAGE);
                final Message message = reader.message();
                assertThat(message.timestamp() + " " + number(message) + " " + message.sourceId())
                        .isEqualTo(seen.get(i));
            }
            assertThat(seen).hasSize(20_000);
            assertThat(reader.next()).isEqualTo(StoreReader.NOTHING);
            assertThat(reader.foreign()).isZero();
        }
    }

    @Test
    void shouldGoOnWhileTheFileGrowsAndANewOneBegins() throws IOException {
        final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000L * SECOND);
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory)
                        .blockSize(SMALL_BLOCK)
                        .rollCycle(RollCycle.TEST_SECONDLY)
                        .clock(clock));
                Publisher publisher = queue.publisher();
                StoreReader reader = StoreReader.open(directory)) {
            assertThat(reader.next()).as("before the first message").isEqualTo(StoreReader.NOTHING);
            long next = 0;
            for (int round = 0; round < 5; round++) {
                final long first = next;
                // More than a file has at first.
                for (int i = 0; i < 6_000; i++) {
                    Quotes.publishTick(publisher, tick, next++);
                }
                assertThat(rest(reader)).as("round %d", round).isEqualTo(numbers(first, next));
                clock.set(clock.nanoTime() + 2 * SECOND);
            }
            assertThat(reader.files()).hasSize(5);
        }
    }

    @Test
    void shouldComeBackToAnyPlace() throws IOException {
        publish(3_000);
        final List<Long> places = new ArrayList<>();
        try (StoreReader reader = StoreReader.open(directory)) {
            while (reader.next() == StoreReader.MESSAGE) {
                places.add(reader.message().position());
            }
        }
        try (StoreReader reader = StoreReader.open(directory)) {
            for (int i = 0; i < places.size(); i += 7) {
                assertThat(reader.toPlace(places.get(i))).isTrue();
                assertThat(reader.next()).isEqualTo(StoreReader.MESSAGE);
                assertThat(number(reader.message())).isEqualTo(i);
            }
            final long before = reader.place();
            assertThat(reader.toPlace(-1)).isFalse();
            assertThat(reader.toPlace(7L << 40)).isFalse();
            assertThat(reader.toPlace((1L << 40) - 4))
                    .as("behind the file's end")
                    .isFalse();
            assertThat(reader.toPlace(2)).as("no multiple of 4").isFalse();
            assertThat(reader.place()).isEqualTo(before);
            assertThat(rest(reader.toStart())).isEqualTo(numbers(0, 3_000));
        }
    }

    @Test
    void shouldGoOnBehindALengthThatLeadsAstray() throws IOException {
        publish(100);
        final long place;
        try (StoreReader reader = StoreReader.open(directory)) {
            for (int i = 0; i <= 50; i++) {
                reader.next();
            }
            place = reader.message().position();
        }
        for (int damage : new int[] {0x3FFF_FFFF, 0, 0x8000_0000, 0x7FFF_0000}) {
            try (RandomAccessFile file =
                    new RandomAccessFile(dataFile(directory).toFile(), "rw")) {
                file.seek(place);
                file.writeInt(Integer.reverseBytes(damage));
            }
            try (StoreReader reader = StoreReader.open(directory)) {
                assertThat(rest(reader)).as("before the damage %08x", damage).isEqualTo(numbers(0, 50));
                assertThat(reader.next()).isEqualTo(StoreReader.DAMAGED);
                assertThat(reader.damage()).isNotEmpty();
                assertThat(reader.offset()).isEqualTo(place);
                assertThat(reader.skipDamage()).as("bytes").isPositive();
                assertThat(rest(reader)).as("behind the damage %08x", damage).isEqualTo(numbers(51, 100));
            }
        }
    }

    @Test
    void shouldSayThatAFileWasCutShort() throws IOException {
        publish(100);
        final long place;
        try (StoreReader reader = StoreReader.open(directory)) {
            for (int i = 0; i <= 50; i++) {
                reader.next();
            }
            place = reader.message().position();
        }
        // In the middle of a message, and right behind one.
        for (long length : new long[] {place + 9, place}) {
            try (RandomAccessFile file =
                    new RandomAccessFile(dataFile(directory).toFile(), "rw")) {
                file.setLength(length);
            }
            try (StoreReader reader = StoreReader.open(directory)) {
                assertThat(rest(reader)).isEqualTo(numbers(0, 50));
                assertThat(reader.next()).as("cut to %d", length).isEqualTo(StoreReader.DAMAGED);
                reader.skipDamage();
                assertThat(reader.next()).isEqualTo(StoreReader.NOTHING);
            }
        }
    }

    @Test
    void shouldPassOverAFileThatIsBeingMade() throws IOException {
        publish(10);
        Files.write(directory.resolve("29991230F.cq4"), new byte[0]);
        Files.write(directory.resolve("29991231F.cq4"), new byte[4096]);
        try (StoreReader reader = StoreReader.open(directory)) {
            assertThat(rest(reader)).isEqualTo(numbers(0, 10));
            assertThat(reader.next()).isEqualTo(StoreReader.NOTHING);
        }
    }

    @Test
    void shouldCutWhatIsBehindTheLastMessage() throws IOException {
        final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000L * SECOND);
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory)
                        .blockSize(SMALL_BLOCK)
                        .rollCycle(RollCycle.TEST_SECONDLY)
                        .clock(clock));
                Publisher publisher = queue.publisher()) {
            for (int i = 0; i < 9_000; i++) {
                clock.set(clock.nanoTime() + SECOND / 3_000);
                Quotes.publishTick(publisher, tick, i);
            }
        }
        final long before = bytes();
        final long cut = StoreTrimmer.trim(directory);
        assertThat(cut).as("bytes cut").isPositive().isEqualTo(before - bytes());
        assertThat(StoreTrimmer.trim(directory)).as("bytes cut again").isZero();
        try (StoreReader reader = StoreReader.open(directory)) {
            assertThat(reader.files()).hasSizeGreaterThanOrEqualTo(3);
            assertThat(rest(reader)).isEqualTo(numbers(0, 9_000));
            assertThat(reader.next()).isEqualTo(StoreReader.NOTHING);
        }
        try (MessageQueue queue = Quotes.openReadOnly(directory);
                Subscriber subscriber = queue.subscriber()) {
            assertThat(Quotes.readTicks(subscriber)).isEqualTo(numbers(0, 9_000));
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        try (StoreReader reader = StoreReader.open(directory)) {
            for (Path file : reader.files()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Test
    void shouldNotCutADamagedFile() throws IOException {
        publish(100);
        final long place;
        try (StoreReader reader = StoreReader.open(directory)) {
            for (int i = 0; i <= 50; i++) {
                reader.next();
            }
            place = reader.message().position();
        }
        try (RandomAccessFile file = new RandomAccessFile(dataFile(directory).toFile(), "rw")) {
            file.seek(place);
            file.writeInt(0);
        }
        final long before = bytes();
        assertThatThrownBy(() -> StoreTrimmer.trim(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
        assertThat(bytes()).isEqualTo(before);
    }
}
