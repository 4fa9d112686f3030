package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Readers that never write. */
final class ReadOnlyContractTest {
    private static final RollCycle CYCLE = RollCycle.FAST_HOURLY;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Settings settings() {
        return new Settings(directory).with("roll", CYCLE).with("now", Times.START);
    }

    @ContractTest
    void shouldSeeTheMessagesOfALiveWriter(Pair pair) {
        final PeerQueue writer = peers.take(pair.first()).open(settings());
        final PeerPublisher publisher = writer.publisher().lengths(1, 5000);
        publisher.publish(10);
        final PeerQueue reader = peers.take(pair.second()).open(settings().readOnly());
        final PeerSubscriber live = reader.subscriber();
        live.read().clean().messages(10);
        // Past the chunk that is mapped, and into new files.
        for (int round = 1; round <= 12; round++) {
            publisher.publish(pair.times(150));
            live.read().clean().messages(pair.times(150));
            if (round % 3 == 0) {
                writer.clock(Times.START + round * Times.length(CYCLE));
                reader.clock(Times.START + round * Times.length(CYCLE));
            }
        }
        final Read read = writer.subscriber().read().clean().all(1, publisher);
        reader.subscriber().read().clean().sameAs(read);
        assertThat(reader.lastPosition()).isEqualTo(read.last());
    }

    @ContractTest
    void shouldSeeTheMessagesOfALiveWriterWhileItRuns(Pair pair) {
        final PeerQueue writer = peers.take(pair.first()).open(settings());
        final PeerPublisher publisher = writer.publisher().lengths(1, 500);
        final int count = pair.times(20_000);
        publisher.publish(1);
        final PeerQueue reader = peers.take(pair.second()).open(settings().readOnly());
        final Peer.Pending live = reader.subscriber().startUntil(count + 1L, "by=wait");
        publisher.publish(count);
        new Read(live.answer()).clean().messages(count + 1L).all(1, publisher);
    }

    @ContractTest
    void shouldNeverChangeTheDirectory(Pair pair) {
        final PeerQueue writer = peers.take(pair.first()).open(settings());
        final PeerPublisher publisher = writer.publisher().lengths(1, 500);
        for (int cycle = 0; cycle < 3; cycle++) {
            writer.clock(Times.START + 2L * cycle * Times.length(CYCLE));
            publisher.publish(100);
        }
        final PeerSubscriber durable = writer.subscriber("durable");
        durable.read(10).clean();
        final long last = writer.lastPosition();
        writer.close();
        final Map<String, String> before = digest();
        final PeerQueue reader = peers.take(pair.second())
                .open(settings().readOnly().with("now", Times.START + 100 * Times.length(CYCLE)));
        final PeerSubscriber subscriber = reader.subscriber();
        subscriber.read().clean().messages(300).all(1, publisher);
        assertThat(reader.lastPosition()).isEqualTo(last);
        subscriber.toStart().read(5).clean().messages(5);
        subscriber.toTime(Times.START + Times.length(CYCLE)).read(5).clean().messages(5);
        subscriber.toPosition(last).ok();
        subscriber.read().clean().messages(1);
        subscriber.toEnd();
        assertThat(subscriber.toPosition(last + 1).code()).isEqualTo("NO_MESSAGE");
        assertThat(subscriber.await(Times.SECOND / 50)).isFalse();
        reader.wake();
        assertThat(reader.tryPublisher().code()).isEqualTo("READ_ONLY");
        assertThat(reader.trySubscriber("durable").code()).isEqualTo("READ_ONLY");
        assertThat(digest()).isEqualTo(before);
        reader.close();
        assertThat(digest()).isEqualTo(before);
    }

    @ContractTest
    void shouldFindNoQueueWhereThereIsNone(Pair pair) throws Exception {
        final Peer peer = peers.take(pair.first());
        final Path absent = directory.resolve("absent");
        assertThat(peer.tryOpen(new Settings(absent).readOnly()).code()).isEqualTo("NOT_FOUND");
        assertThat(absent).doesNotExist();
        final Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(peer.tryOpen(new Settings(empty).readOnly()).code()).isEqualTo("NOT_FOUND");
        assertThat(empty).isEmptyDirectory();
    }

    @ContractTest
    void shouldOpenAQueueThatHasNoFileYet(Pair pair) {
        final PeerQueue writer = peers.take(pair.first()).open(settings());
        final PeerQueue reader = peers.take(pair.second()).open(settings().readOnly());
        final PeerSubscriber subscriber = reader.subscriber();
        subscriber.read().clean().messages(0);
        assertThat(reader.firstPosition()).isEqualTo(-1);
        writer.publisher().publish(3);
        subscriber.read().clean().messages(3);
    }

    /** Name, length, time of change and content of everything in the queue's directory. */
    private Map<String, String> digest() {
        try (Stream<Path> files = Files.walk(directory)) {
            final Map<String, String> digests = new TreeMap<>();
            for (Path file : files.toList()) {
                final StringBuilder text = new StringBuilder();
                text.append(Files.getLastModifiedTime(file));
                if (Files.isRegularFile(file)) {
                    text.append(' ').append(Files.size(file)).append(' ');
                    text.append(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
                }
                digests.put(directory.relativize(file).toString(), text.toString());
            }
            return digests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
