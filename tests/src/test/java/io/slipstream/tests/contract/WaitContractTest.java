package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Waiting for messages asleep. Where the interval is an hour, nothing but a wake ends a sleep. */
final class WaitContractTest {
    private static final long LONG = 60 * Times.SECOND;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Settings settings(int source, long interval) {
        return new Settings(directory).with("source", source).with("interval", interval);
    }

    @ContractTest
    void shouldBeWokenByAPublisherOfTheOtherSide(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.HOUR));
        final PeerPublisher publisher = a.publisher();
        final PeerSubscriber subscriber = b.subscriber(1);
        final int rounds = pair.times(300);
        for (int round = 0; round < rounds; round++) {
            final Peer.Pending waiting = subscriber.startWait(LONG);
            if (round % 3 == 0) {
                // A round trip, so that it sleeps for certain more often than not.
                b.firstPosition();
            }
            switch (round % 4) {
                case 0 -> publisher.without("batch").publish(1);
                case 1 -> publisher.with("batch", 3).publish(3);
                default -> {
                    publisher.claim(100, 50).ok();
                    publisher.commit();
                }
            }
            assertThat(waiting.answer().number("ready")).as("round %d", round).isEqualTo(1);
            subscriber.read().clean();
        }
    }

    @ContractTest
    void shouldPassAMessageToAndFroAsleep(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.HOUR));
        final PeerPublisher publisherA = a.publisher(1);
        final PeerPublisher publisherB = b.publisher(1);
        final PeerSubscriber subscriberA = a.subscriber(2);
        final PeerSubscriber subscriberB = b.subscriber(2);
        for (int round = 0; round < pair.times(200); round++) {
            final Peer.Pending waitA = subscriberA.startUntil(1, "by=wait");
            final Peer.Pending waitB = subscriberB.startUntil(1, "by=wait");
            (round % 2 == 0 ? publisherA : publisherB).publish(1);
            new Read(waitA.answer()).clean().messages(1);
            new Read(waitB.answer()).clean().messages(1);
        }
    }

    @ContractTest
    void shouldBeWokenByTheFirstMessageOfANewFile(Pair pair) {
        final RollCycle cycle = RollCycle.FAST_HOURLY;
        final PeerQueue a = peers.take(pair.first())
                .open(settings(1, Times.HOUR).with("roll", cycle).with("now", Times.START));
        final PeerQueue b = peers.take(pair.second())
                .open(settings(2, Times.HOUR).with("roll", cycle).with("now", Times.START));
        final PeerPublisher publisher = a.publisher();
        final PeerSubscriber subscriber = b.subscriber(1);
        for (int round = 0; round < 10; round++) {
            final Peer.Pending waiting = subscriber.startUntil(1, "by=wait");
            a.clock(Times.START + 2L * round * Times.length(cycle));
            publisher.publish(1);
            new Read(waiting.answer()).clean().messages(1);
        }
    }

    @ContractTest
    void shouldSeeAMessageThatIsThereAlready(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.HOUR));
        final PeerSubscriber subscriber = b.subscriber();
        assertThat(subscriber.await(0)).isFalse();
        a.publisher().publish(2);
        assertThat(subscriber.await(0)).isTrue();
        assertThat(subscriber.await(LONG)).isTrue();
        subscriber.read(1).clean().messages(1);
        assertThat(subscriber.await(LONG)).isTrue();
        subscriber.read(1).clean().messages(1);
        assertThat(subscriber.await(0)).isFalse();
    }

    @ContractTest
    void shouldWaitNoLongerThanItWasTold(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerSubscriber subscriber = a.subscriber();
        assertThat(subscriber.await(Times.SECOND / 100)).isFalse();
        peers.take(pair.second()).open(settings(2, Times.HOUR)).publisher().publish(1);
        subscriber.read().clean().messages(1);
        assertThat(subscriber.await(Times.SECOND / 100)).isFalse();
    }

    @ContractTest
    void shouldSeeAForeignWriterThatWakesNobody(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.SECOND / 200));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.SECOND / 200));
        a.publisher().publish(1);
        final PeerSubscriber subscriberA = a.subscriber();
        final PeerSubscriber subscriberB = b.subscriber();
        subscriberA.read().clean().messages(1);
        subscriberB.read().clean().messages(1);
        try (BareChronicle bare = new BareChronicle(directory)) {
            for (int round = 0; round < 5; round++) {
                final Peer.Pending waitA = subscriberA.startWait(LONG);
                final Peer.Pending waitB = subscriberB.startWait(LONG);
                bare.bytes("a foreign document");
                assertThat(waitA.answer().number("ready")).isEqualTo(1);
                assertThat(waitB.answer().number("ready")).isEqualTo(1);
                assertThat(subscriberA.read().moved()).isEqualTo(1);
                assertThat(subscriberB.read().moved()).isEqualTo(1);
            }
        }
    }

    @ContractTest
    void shouldLookAgainWhenAnotherProcessWakesIt(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.HOUR));
        a.publisher().publish(1);
        final PeerSubscriber subscriber = b.subscriber(1);
        subscriber.read().clean().messages(1);
        try (BareChronicle bare = new BareChronicle(directory)) {
            for (int round = 0; round < pair.times(50); round++) {
                final Peer.Pending waiting = subscriber.startWait(LONG);
                b.firstPosition();
                bare.bytes("nobody is told");
                a.wake();
                assertThat(waiting.answer().number("ready"))
                        .as("round %d", round)
                        .isEqualTo(1);
                assertThat(subscriber.read().moved()).isEqualTo(1);
            }
        }
    }

    @ContractTest
    void shouldSeeWhatComesWhenReadOnlyAfterTheInterval(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerPublisher publisher = a.publisher();
        publisher.publish(1);
        final PeerQueue b =
                peers.take(pair.second()).open(settings(2, Times.SECOND / 200).readOnly());
        final PeerSubscriber subscriber = b.subscriber(1);
        subscriber.read().clean().messages(1);
        final Peer.Pending waiting = subscriber.startWait(LONG);
        publisher.publish(1);
        assertThat(waiting.answer().number("ready")).isEqualTo(1);
        subscriber.read().clean().messages(1);
    }

    @ContractTest
    void shouldBeWokenWhenTheOneWhoSleptBesideItDied(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(settings(1, Times.HOUR));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, Times.HOUR));
        final PeerQueue dying = peers.take(pair.second()).open(settings(3, Times.HOUR));
        final PeerPublisher publisher = a.publisher();
        final PeerSubscriber sleeper = dying.subscriber(1);
        sleeper.startWait(LONG);
        dying.firstPosition();
        dying.peer().kill();
        final PeerSubscriber subscriber = b.subscriber(1);
        for (int round = 0; round < 10; round++) {
            final Peer.Pending waiting = subscriber.startUntil(1, "by=wait");
            publisher.publish(1);
            new Read(waiting.answer()).clean().messages(1);
        }
    }
}
