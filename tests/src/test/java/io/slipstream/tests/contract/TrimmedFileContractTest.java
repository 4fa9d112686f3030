package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A file that was cut behind its last message while nobody had it open, as recorded sessions are: everybody reads it to its end
 * and writes on, Chronicle's own tailers among them, as long as the next header is left. The cut is where a page ends, so that
 * one byte more would kill.
 */
final class TrimmedFileContractTest {
    private static final int PAGE = 4096;
    private static final int LEFT = 8;
    private static final int MESSAGES = 3000;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Settings settings() {
        return new Settings(directory).with("now", Times.START);
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private long end() throws IOException {
        final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file())) {
            long position = 0;
            while (channel.read(header.clear(), position) == Integer.BYTES && header.getInt(0) != 0) {
                position += (Integer.BYTES + (header.getInt(0) & 0x3FFFFFFF) + 3L) & ~3L;
            }
            return position;
        }
    }

    private PeerPublisher publishAndTrim(Implementation implementation) throws IOException {
        final PeerQueue queue = peers.take(implementation).open(settings());
        final PeerPublisher publisher = queue.publisher().lengths(8, 1000);
        publisher.publish(MESSAGES);
        final long before = end();
        publisher.lengths(8, 8).publish(1);
        final long start = end();
        final int missing = (int) Math.floorMod(-(start + start - before + LEFT), (long) PAGE);
        publisher.lengths(8 + missing, 8 + missing).publish(1);
        queue.close();
        final long end = end() + LEFT;
        assertThat(end % PAGE).as("end of the file %d in its page", end).isZero();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(end);
        }
        return publisher;
    }

    @ContractTest
    void shouldBeReadToItsEnd(Pair pair) throws IOException {
        final PeerPublisher publisher = publishAndTrim(pair.first());
        final PeerQueue queue = peers.take(pair.second()).open(settings().readOnly());
        final PeerSubscriber reader = queue.subscriber();
        final Read read = reader.read().clean().messages(MESSAGES + 2).all(1, publisher);
        assertThat(reader.await(0)).as("more").isFalse();
        assertThat(queue.lastPosition()).isEqualTo(read.last());
        reader.toEnd().read().clean().messages(0);
        reader.toTime(0).read().clean().messages(MESSAGES + 2);
        assertThat(readWithChronicle()).as("messages read by Chronicle").isEqualTo(MESSAGES + 2);
    }

    private int readWithChronicle() {
        int messages = 0;
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory)
                        .blockSize(Settings.BLOCK_SIZE)
                        .readOnly(true)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return messages;
                    }
                    messages++;
                }
            }
        }
    }

    @ContractTest
    void shouldBeWrittenOn(Pair pair) throws IOException {
        final PeerPublisher publisher = publishAndTrim(pair.first());
        final PeerQueue queue = peers.take(pair.second()).open(settings().with("source", 2));
        queue.publisher().lengths(8, 1000).publish(MESSAGES);
        final Read read = queue.subscriber().read().clean().messages(2 * MESSAGES + 2);
        assertThat(read.source(1).last()).isEqualTo(publisher.sequence() - 1);
    }
}
