package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Claim, commit, abort, and the write lock that they hold. */
final class ClaimContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Settings settings(int source) {
        return new Settings(directory).with("source", source);
    }

    @ContractTest
    void shouldReadWhatWasClaimedAndCommitted(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        long previous = -1;
        for (int round = 0; round < 40; round++) {
            for (PeerPublisher publisher : new PeerPublisher[] {publisherA, publisherB}) {
                publisher.claim(100 + round, round).ok();
                final long position = publisher.commit();
                assertThat(previous == -1 || position == previous + 1)
                        .as("%d behind %d", position, previous)
                        .isTrue();
                previous = position;
            }
        }
        final Read read =
                b.subscriber().read().clean().messages(80).all(1, publisherA).all(2, publisherB);
        a.subscriber().read().clean().sameAs(read);
    }

    @ContractTest
    void shouldLeaveNoTraceOfAnAbortedClaim(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        final PeerSubscriber live = b.subscriber();
        for (int round = 0; round < 30; round++) {
            // Longer than what follows, so that what it wrote lies where later headers will be.
            publisherA.claim(5000, 5000).ok();
            publisherA.abort().ok();
            publisherB.lengths(1, 200).publish(3);
            publisherB.claim(3000, 2000).ok();
            publisherB.abort().ok();
            publisherA.lengths(1, 200).publish(3);
            live.read().clean().messages(6);
        }
        a.subscriber().read().clean().all(1, publisherA).all(2, publisherB);
    }

    @ContractTest
    void shouldAbortTheClaimOfAPublisherThatCloses(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2));
        final PeerPublisher closing = a.publisher();
        closing.claim(1000, 1000).ok();
        closing.close();
        final PeerPublisher publisher = b.publisher();
        publisher.publish(3);
        a.subscriber().read().clean().messages(3).all(2, publisher);
    }

    @ContractTest
    void shouldRefuseASecondClaimAndACommitWithoutOne(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerPublisher publisher = a.publisher();
        assertThat(publisher.tryCommit().code()).isEqualTo("CLAIM");
        assertThat(publisher.abort().code()).isEqualTo("CLAIM");
        publisher.claim(100, 50).ok();
        assertThat(publisher.claim(100, 50).code()).isEqualTo("CLAIM");
        assertThat(publisher.tryPublish().code()).isEqualTo("CLAIM");
        publisher.commit();
        assertThat(publisher.tryCommit().code()).isEqualTo("CLAIM");
        peers.take(pair.second())
                .open(settings(2))
                .subscriber()
                .read()
                .clean()
                .messages(1)
                .all(1, publisher);
    }

    @ContractTest
    void shouldAbortACommitOfAnUnknownSchema(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2));
        final PeerPublisher publisherA = a.publisher();
        publisherA.claim(100, 50, "schema=77").ok();
        assertThat(publisherA.tryCommit().code()).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(publisherA.abort().code()).isEqualTo("CLAIM");
        final PeerPublisher publisherB = b.publisher();
        publisherB.publish(1);
        publisherA.publish(1);
        b.subscriber().read().clean().messages(2);
    }

    @ContractTest
    void shouldRefuseToPublishWhileAnotherHoldsAClaim(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2).with("lock", Times.SECOND / 20));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        publisherB.publish(1);
        publisherA.claim(100, 60).ok();
        assertThat(publisherB.tryPublish().code()).isEqualTo("LOCKED");
        assertThat(publisherB.claim(10, 10).code()).isEqualTo("LOCKED");
        publisherA.commit();
        publisherB.publish(2);
        a.subscriber().read().clean().messages(4).all(1, publisherA).all(2, publisherB);
    }

    @ContractTest
    void shouldWaitForAClaimThatEnds(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1).with("lock", 60 * Times.SECOND));
        final PeerQueue b = peers.take(pair.second()).open(settings(2).with("lock", 60 * Times.SECOND));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        final int rounds = pair.times(100);
        for (int round = 0; round < rounds; round++) {
            publisherA.claim(100, 60).ok();
            final Peer.Pending waiting = publisherB.start(1);
            publisherA.commit();
            publisherB.finish(waiting);
        }
        final Read read = a.subscriber()
                .read()
                .clean()
                .messages(2L * rounds)
                .all(1, publisherA)
                .all(2, publisherB);
        b.subscriber().read().clean().sameAs(read);
    }

    @ContractTest
    void shouldTakeOverTheClaimOfAKilledProcess(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1));
        final PeerQueue b = peers.take(pair.second()).open(settings(2).with("lock", 60 * Times.SECOND));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        publisherA.publish(2);
        publisherB.publish(2);
        publisherA.claim(2000, 1000).ok();
        a.peer().kill();
        publisherB.publish(5);
        b.subscriber().read().clean().messages(9).all(1, publisherA).all(2, publisherB);
    }
}
