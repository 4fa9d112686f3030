package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files grow past many mapped chunks while both sides read. */
final class GrowthContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private void shouldGrow(Pair pair, int blockSize, int count, int min, int max) {
        final PeerQueue a = peers.take(pair.first())
                .open(new Settings(directory).with("block", blockSize).with("source", 1));
        final PeerQueue b = peers.take(pair.second())
                .open(new Settings(directory).with("block", blockSize).with("source", 2));
        final Peer.Pending liveA = a.subscriber(1).startUntil(2L * count);
        final Peer.Pending liveB = b.subscriber(1).startUntil(2L * count);
        final PeerPublisher publisherA = a.publisher().lengths(min, max);
        final PeerPublisher publisherB = b.publisher().lengths(min, max);
        final Peer.Pending byA = publisherA.start(count);
        final Peer.Pending byB = publisherB.start(count);
        publisherA.finish(byA);
        publisherB.finish(byB);
        final Read read = new Read(liveA.answer())
                .clean()
                .messages(2L * count)
                .all(1, publisherA)
                .all(2, publisherB);
        new Read(liveB.answer()).clean().sameAs(read);
        b.subscriber().read().clean().sameAs(read);
        a.subscriber().read().clean().sameAs(read);
    }

    @ContractTest
    void shouldGrowPastManySmallChunks(Pair pair) throws Exception {
        shouldGrow(pair, 256 << 10, pair.times(20_000), 1, 600);
        assertThat(directory.resolve("metadata.cq4t")).exists();
    }

    @ContractTest
    void shouldGrowPastChunksWithMessagesOfHalfTheOverlap(Pair pair) {
        shouldGrow(pair, 1 << 20, pair.times(100), 100_000, 131_072);
    }

    @ContractTest
    void shouldGrowPastTwoChunksOfTheDefaultSize(Pair pair) {
        shouldGrow(pair, 64 << 20, 5, 12 << 20, 15 << 20);
    }

    @ContractTest
    void shouldPrepareWhatWillBeWritten(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerPublisher publisherA = a.publisher().lengths(1, 5000);
        final PeerPublisher publisherB = b.publisher().lengths(1, 5000);
        final PeerSubscriber live = b.subscriber();
        for (int round = 0; round < pair.times(50); round++) {
            publisherA.publish(20);
            publisherA.pretouch(200_000);
            publisherB.pretouch(100_000);
            publisherB.publish(20);
            live.read().clean().messages(40);
        }
        a.subscriber().read().clean().all(1, publisherA).all(2, publisherB);
    }
}
