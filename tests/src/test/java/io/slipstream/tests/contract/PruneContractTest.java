package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.RollCycle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Old files are deleted while somebody reads: he goes on with the next. */
final class PruneContractTest {
    private static final RollCycle CYCLE = RollCycle.FAST_HOURLY;
    private static final int FILES = 6;
    private static final int IN_FILE = 100;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private PeerQueue a;
    private PeerQueue b;
    private PeerPublisher publisher;

    private Settings settings(int source) {
        return new Settings(directory)
                .with("roll", CYCLE)
                .with("source", source)
                .with("now", Times.START);
    }

    private void publish(Pair pair) {
        a = peers.take(pair.first()).open(settings(1));
        b = peers.take(pair.second()).open(settings(2));
        publisher = a.publisher().with("tick", 1000);
        for (int file = 0; file < FILES; file++) {
            a.clock(Times.START + file * Times.length(CYCLE));
            b.clock(Times.START + file * Times.length(CYCLE));
            publisher.publish(IN_FILE);
        }
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    /** All but the newest, by the API. */
    private void prune() throws Exception {
        try (MessageQueue queue = MessageQueue.open(
                new MessageQueue.Context().directory(directory).blockSize(Settings.BLOCK_SIZE))) {
            assertThat(queue.prune(Duration.ofDays(1000), 0).deleted()).isEqualTo(FILES - 1);
        }
        assertThat(files()).hasSize(1);
    }

    @ContractTest
    void shouldGoOnWithTheNextFileWhenItsFileIsPruned(Pair pair) throws Exception {
        publish(pair);
        final PeerSubscriber[] readers = {a.subscriber(), b.subscriber()};
        for (PeerSubscriber reader : readers) {
            reader.read(IN_FILE + IN_FILE / 2).clean().messages(IN_FILE + IN_FILE / 2);
        }
        prune();
        for (PeerSubscriber reader : readers) {
            // Of the file that it reads it may have the rest.
            final Read read = reader.read("gaps=1").clean();
            assertThat(read.source(1).last()).isEqualTo(publisher.sequence() - 1);
            assertThat(read.messages()).isIn((long) IN_FILE, (long) IN_FILE + IN_FILE / 2);
        }
        publisher.publish(5);
        for (PeerSubscriber reader : readers) {
            reader.read().clean().messages(5);
        }
    }

    @ContractTest
    void shouldBeginWithTheOldestFileThatIsLeft(Pair pair) throws Exception {
        publish(pair);
        final long old = a.firstPosition();
        // By hand, under the eyes of open queues.
        for (Path file : files().subList(0, 3)) {
            Files.delete(file);
        }
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            final PeerSubscriber reader = queue.subscriber();
            final Read read = reader.toStart().read("gaps=1").clean().messages((FILES - 3L) * IN_FILE);
            assertThat(read.source(1).first()).isEqualTo(3L * IN_FILE);
            assertThat(queue.firstPosition()).isEqualTo(read.first());
            assertThat(reader.toPosition(old).code()).isEqualTo("NO_MESSAGE");
            assertThat(reader.toTime(Times.START).next().sequence()).isEqualTo(3L * IN_FILE);
        }
    }

    @ContractTest
    void shouldResumeADurableSubscriberBehindWhatWasPruned(Pair pair) throws Exception {
        publish(pair);
        PeerSubscriber reader = b.subscriber("reader");
        reader.read(IN_FILE + 10).clean().messages(IN_FILE + 10);
        reader.close();
        prune();
        reader = a.subscriber("reader");
        final Read read = reader.read("gaps=1", "list=1").clean();
        assertThat(read.source(1).last()).isEqualTo(publisher.sequence() - 1);
        assertThat(read.items().get(0).sequence()).isEqualTo((FILES - 1L) * IN_FILE);
    }

    @ContractTest
    void shouldPublishOnWhenOldFilesAreGone(Pair pair) throws Exception {
        publish(pair);
        prune();
        final PeerPublisher other = b.publisher();
        publisher.publish(10);
        other.publish(10);
        a.clock(Times.START + (FILES + 3) * Times.length(CYCLE));
        b.clock(Times.START + (FILES + 3) * Times.length(CYCLE));
        other.publish(10);
        publisher.publish(10);
        final Read read = a.subscriber().toStart().read("gaps=1").clean().messages(IN_FILE + 40L);
        b.subscriber().toStart().read("gaps=1").clean().sameAs(read);
    }
}
