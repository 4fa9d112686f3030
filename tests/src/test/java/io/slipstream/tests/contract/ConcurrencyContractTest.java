package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both at once: creating, publishing, reading, rolling. */
final class ConcurrencyContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    @ContractTest
    void shouldCreateOneQueueTogether(Pair pair) {
        final Peer a = peers.take(pair.first());
        final Peer b = peers.take(pair.second());
        final int rounds = pair.isSanitized() ? 10 : 40;
        for (int round = 0; round < rounds; round++) {
            final Path path = directory.resolve("queue-" + round);
            final PeerQueue queueA = new PeerQueue(a, a.newHandle());
            final PeerQueue queueB = new PeerQueue(b, b.newHandle());
            final Peer.Pending openA = a.start(0, queueA.openRequest(new Settings(path).with("source", 1)));
            final Peer.Pending openB = b.start(0, queueB.openRequest(new Settings(path).with("source", 2)));
            queueA.opened(openA.answer());
            queueB.opened(openB.answer());
            final PeerPublisher publisherA = queueA.publisher().lengths(1, 100);
            final PeerPublisher publisherB = queueB.publisher().lengths(1, 100);
            // The first file is made by whoever comes first, too.
            final Peer.Pending byA = publisherA.start(20);
            final Peer.Pending byB = publisherB.start(20);
            publisherA.finish(byA);
            publisherB.finish(byB);
            final Read read = queueA.subscriber()
                    .read()
                    .clean()
                    .messages(40)
                    .all(1, publisherA)
                    .all(2, publisherB);
            queueB.subscriber().read().clean().sameAs(read);
            queueA.close();
            queueB.close();
        }
    }

    @ContractTest
    void shouldLoseNothingWhenBothPublishAndBothRead(Pair pair) {
        final int count = pair.isSanitized() ? 5_000 : 100_000;
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final Peer.Pending readA = a.subscriber(1).startUntil(2L * count);
        final Peer.Pending readB = b.subscriber(1).startUntil(2L * count, "by=wait");
        final PeerPublisher publisherA = a.publisher(2).lengths(1, 200);
        final PeerPublisher publisherB = b.publisher(2).lengths(1, 200);
        final Peer.Pending byA = publisherA.start(count);
        final Peer.Pending byB = publisherB.start(count);
        publisherA.finish(byA);
        publisherB.finish(byB);
        final Read read = new Read(readA.answer())
                .clean()
                .messages(2L * count)
                .all(1, publisherA)
                .all(2, publisherB);
        new Read(readB.answer()).clean().sameAs(read);
    }

    /** Two publishers and two subscribers in each process, on one queue object: what threads share inside a process. */
    @ContractTest
    void shouldLoseNothingWhenThreadsOfBothShareTheirQueues(Pair pair) {
        final int count = pair.isSanitized() ? 2_000 : 20_000;
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue a3 = a.peer().open(new Settings(directory).with("source", 3));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerQueue b4 = b.peer().open(new Settings(directory).with("source", 4));
        final Peer.Pending readA = a.subscriber(1).startUntil(4L * count, "by=wait");
        final Peer.Pending readB = b.subscriber(1).startUntil(4L * count);
        final PeerPublisher[] publishers = {a.publisher(2), b.publisher(2), a3.publisher(3), b4.publisher(3)};
        final Peer.Pending[] pending = new Peer.Pending[publishers.length];
        for (int i = 0; i < publishers.length; i++) {
            pending[i] = publishers[i].lengths(8, 300).start(count);
        }
        for (int i = 0; i < publishers.length; i++) {
            publishers[i].finish(pending[i]);
        }
        final Read read = new Read(readA.answer())
                .clean()
                .messages(4L * count)
                .all(1, publishers[0])
                .all(2, publishers[1])
                .all(3, publishers[2])
                .all(4, publishers[3]);
        new Read(readB.answer()).clean().sameAs(read);
    }

    @ContractTest
    void shouldLoseNothingWhenBothPublishBatchesAndClaims(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final int rounds = pair.times(100);
        final Peer.Pending readA = a.subscriber(1).startUntil(102L * rounds);
        final Peer.Pending readB = b.subscriber(1).startUntil(102L * rounds);
        final PeerPublisher publisherA = a.publisher(2).lengths(1, 200).with("batch", 17);
        final PeerPublisher publisherB = b.publisher(2).lengths(1, 200).with("batch", 7);
        for (int round = 0; round < rounds; round++) {
            final Peer.Pending byA = publisherA.start(50);
            final Peer.Pending byB = publisherB.start(50);
            publisherA.finish(byA);
            publisherB.finish(byB);
            publisherA.claim(300, 120).ok();
            publisherA.commit();
            publisherB.claim(300, 300).ok();
            publisherB.commit();
        }
        final Read read = new Read(readA.answer()).clean().messages(102L * rounds);
        assertThat(read.count(1)).isEqualTo(read.count(2)).isEqualTo(51L * rounds);
        new Read(readB.answer()).clean().sameAs(read);
    }

    /** Each with a clock of its own that runs ahead of the other's and behind it, so that both meet every file at any time. */
    @ContractTest
    void shouldLoseNothingWhenBothRollAtOnce(Pair pair) {
        final RollCycle cycle = RollCycle.FIVE_MINUTELY;
        final int count = pair.isSanitized() ? 500 : 5_000;
        final Settings settings = new Settings(directory).with("roll", cycle).with("now", Times.START);
        final PeerQueue a = peers.take(pair.first()).open(settings.with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(settings.with("source", 2));
        final Peer.Pending readA = a.subscriber(1).startUntil(2L * count);
        final Peer.Pending readB = b.subscriber(1).startUntil(2L * count);
        final PeerPublisher publisherA = a.publisher(2).lengths(1, 100).with("tick", Times.length(cycle) / 90);
        final PeerPublisher publisherB = b.publisher(2).lengths(1, 100).with("tick", Times.length(cycle) / 90);
        final Peer.Pending byA = publisherA.start(count);
        final Peer.Pending byB = publisherB.start(count);
        publisherA.finish(byA);
        publisherB.finish(byB);
        final Read read = new Read(readA.answer())
                .clean()
                .messages(2L * count)
                .all(1, publisherA)
                .all(2, publisherB);
        new Read(readB.answer()).clean().sameAs(read);
    }
}
