package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.schema.v1.TickEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A queue's file may be cut behind its last message, to save the length of a sparse file, where nobody has it open: it has to
 * keep the header that stands there, 8 bytes with a margin, which are 0 or the mark of the end. Not a byte more: the cases are
 * cut where a page ends, so that the next byte would kill.
 */
final class TrimmedFileTest {
    private static final int PAGE = 4096;
    /** Small, so that a few thousand messages take several chunks. */
    private static final int BLOCK_SIZE = 256 << 10;

    private static final int END = 0xC0000000;
    /** What has to be left behind the last message. */
    private static final int LEFT = 8;

    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();

    private MessageQueue open() {
        return MessageQueue.open(Quotes.context(directory).blockSize(BLOCK_SIZE));
    }

    private MessageQueue openReadOnly() {
        return MessageQueue.open(new MessageQueue.Context()
                .directory(directory)
                .blockSize(BLOCK_SIZE)
                .readOnly(true));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where the header behind the last document stands. */
    private static long end(Path file) throws IOException {
        final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            long position = 0;
            while (channel.read(header.clear(), position) == Integer.BYTES
                    && header.getInt(0) != 0
                    && header.getInt(0) != END) {
                position += (Integer.BYTES + (header.getInt(0) & 0x3FFFFFFF) + 3L) & ~3L;
            }
            return position;
        }
    }

    /** Publishes until the end is so far from the end of a page, and cuts the file there. */
    private void publishAndTrim(int messages) throws IOException {
        final long end;
        try (MessageQueue queue = open();
                Publisher publisher = queue.publisher()) {
            for (int i = 0; i < messages; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
            final long before = end(file());
            Quotes.publishQuote(publisher, 1, "");
            final long start = end(file());
            final long least = start - before;
            final long missing = Math.floorMod(-(start + least + LEFT), (long) PAGE);
            Quotes.publishQuote(publisher, 2, "x".repeat((int) missing));
            end = end(file());
        }
        assertThat((end + LEFT) % PAGE)
                .as("end of the file %d in its page", end)
                .isZero();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(end + LEFT);
        }
    }

    private static List<Long> read(Subscriber subscriber) {
        final List<Long> positions = new ArrayList<>();
        while (subscriber.poll(message -> positions.add(message.position()), 10) > 0) {
            // To the end.
        }
        return positions;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 8000})
    void shouldBeReadToItsEnd(int messages) throws IOException {
        publishAndTrim(messages);
        final long length = Files.size(file());
        try (MessageQueue queue = openReadOnly();
                Subscriber subscriber = queue.subscriber()) {
            final List<Long> positions = read(subscriber);
            assertThat(positions).hasSize(messages + 2);
            assertThat(subscriber.await(Duration.ZERO)).isFalse();
            assertThat(read(subscriber)).isEmpty();
            assertThat(queue.lastPosition()).isEqualTo(positions.getLast());
            assertThat(read(subscriber.toPosition(positions.getLast()))).hasSize(1);
            assertThat(read(subscriber.toTime(Long.MAX_VALUE))).isEmpty();
            assertThat(read(subscriber.toEnd())).isEmpty();
            assertThat(read(subscriber.toTime(0))).isEqualTo(positions);
        }
        assertThat(Files.size(file())).as("length once it was read").isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 8000})
    void shouldBeWrittenOn(int messages) throws IOException {
        publishAndTrim(messages);
        try (MessageQueue queue = open();
                Subscriber durable = queue.subscriber("plot");
                Publisher publisher = queue.publisher()) {
            assertThat(read(durable)).hasSize(messages + 2);
            final long position = Quotes.publishTick(publisher, tick, 0);
            assertThat(read(durable)).containsExactly(position);
        }
        try (MessageQueue queue = openReadOnly();
                Subscriber subscriber = queue.subscriber()) {
            assertThat(read(subscriber)).hasSize(messages + 3);
        }
    }
}
