package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Durable subscribers, handed from one side to the other and back. */
final class DurableContractTest {
    private static final RollCycle CYCLE = RollCycle.FAST_HOURLY;
    private static final String NAME = "ledger.of_2026-11";

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private PeerQueue a;
    private PeerQueue b;

    private void open(Pair pair) {
        a = peers.take(pair.first()).open(settings(1));
        b = peers.take(pair.second()).open(settings(2));
    }

    private Settings settings(int source) {
        return new Settings(directory)
                .with("roll", CYCLE)
                .with("source", source)
                .with("now", Times.START);
    }

    private void roll(int cycles) {
        a.clock(Times.START + cycles * Times.length(CYCLE));
        b.clock(Times.START + cycles * Times.length(CYCLE));
    }

    /** Reads some with a durable subscriber of either side in turn; gives the sequence number behind the last. */
    private long readOn(PeerQueue queue, long from, long count) {
        final PeerSubscriber subscriber = queue.subscriber(NAME);
        assertThat(subscriber.resumed()).as("resumed at %d", from).isEqualTo(from > 0);
        final Read read = subscriber.read(count, "list=1").clean().messages(count);
        if (count > 0) {
            assertThat(read.items().get(0).sequence()).isEqualTo(from);
        }
        subscriber.close();
        return from + count;
    }

    @ContractTest
    void shouldGoOnWhereTheOtherSideStopped(Pair pair) {
        open(pair);
        final PeerPublisher publisher = a.publisher();
        publisher.publish(1000);
        long sequence = 0;
        for (int round = 1; round <= 20; round++) {
            sequence = readOn(round % 2 == 0 ? a : b, sequence, round);
        }
        sequence = readOn(a, sequence, 1000 - sequence);
        assertThat(sequence).isEqualTo(1000);
        readOn(b, sequence, 0);
        publisher.publish(3);
        readOn(b, sequence, 3);
    }

    @ContractTest
    void shouldGoOnBehindTheEndOfAFile(Pair pair) {
        open(pair);
        final PeerPublisher publisher = b.publisher();
        publisher.publish(10);
        long sequence = readOn(a, 0, 10);
        // Handed over just before the roll, and just behind it.
        roll(1);
        publisher.publish(5);
        sequence = readOn(b, sequence, 5);
        roll(4);
        publisher.publish(5);
        sequence = readOn(a, sequence, 5);
        readOn(b, sequence, 0);
        roll(5);
        publisher.publish(7);
        sequence = readOn(b, sequence, 3);
        roll(6);
        publisher.publish(1);
        sequence = readOn(a, sequence, 4);
        sequence = readOn(b, sequence, 1);
        assertThat(sequence).isEqualTo(28);
    }

    @ContractTest
    void shouldReadAcrossFilesWhenHandedOver(Pair pair) {
        open(pair);
        final PeerPublisher publisher = a.publisher();
        for (int cycle = 0; cycle < 12; cycle++) {
            roll(2 * cycle);
            publisher.publish(10);
        }
        long sequence = 0;
        for (int round = 0; sequence < 120; round++) {
            sequence = readOn(round % 2 == 0 ? a : b, sequence, Math.min(7, 120 - sequence));
        }
    }

    @ContractTest
    void shouldHandOverAgainWhatAHandlerRefused(Pair pair) {
        open(pair);
        a.publisher().publish(20);
        final PeerSubscriber first = a.subscriber(NAME);
        first.read(20, "refuse=8").clean().messages(8);
        first.read(20, "refuse=0").clean().messages(0);
        first.close();
        final PeerSubscriber second = b.subscriber(NAME);
        final Read read = second.read(20, "list=1", "refuse=4").clean().messages(4);
        assertThat(read.items().get(0).sequence()).isEqualTo(8);
        assertThat(second.read(20).clean().messages(8).source(1).last()).isEqualTo(19);
    }

    @ContractTest
    void shouldKeepWhatItMovedTo(Pair pair) {
        open(pair);
        final PeerPublisher publisher = a.publisher().with("tick", Times.SECOND);
        publisher.publish(50);
        PeerSubscriber subscriber = a.subscriber(NAME);
        subscriber.read(30).clean().messages(30);
        final long tenth = a.firstPosition() + 10;
        subscriber.toPosition(tenth).ok();
        subscriber.close();
        subscriber = b.subscriber(NAME);
        assertThat(subscriber.next().sequence()).isEqualTo(10);
        subscriber.toTime(Times.START + 20 * Times.SECOND);
        subscriber.close();
        subscriber = a.subscriber(NAME);
        assertThat(subscriber.next().sequence()).isEqualTo(20);
        subscriber.toEnd();
        subscriber.close();
        subscriber = b.subscriber(NAME);
        assertThat(subscriber.next()).isNull();
        publisher.publish(1);
        assertThat(subscriber.next().sequence()).isEqualTo(50);
        subscriber.toStart();
        subscriber.close();
        assertThat(a.subscriber(NAME).next().sequence()).isZero();
    }

    @ContractTest
    void shouldKeepSeveralNamesApart(Pair pair) {
        open(pair);
        final PeerPublisher publisher = b.publisher();
        publisher.publish(100);
        for (int i = 0; i < 20; i++) {
            final PeerSubscriber subscriber = (i % 2 == 0 ? a : b).subscriber("reader-" + i);
            assertThat(subscriber.resumed()).isFalse();
            subscriber.read(i + 1).clean().messages(i + 1);
            subscriber.close();
        }
        for (int i = 0; i < 20; i++) {
            final PeerSubscriber subscriber = (i % 2 == 0 ? b : a).subscriber("reader-" + i);
            assertThat(subscriber.resumed()).isTrue();
            assertThat(subscriber.next().sequence()).isEqualTo(i + 1);
            subscriber.close();
        }
    }

    @ContractTest
    void shouldRefuseANameThatIsNone(Pair pair) {
        open(pair);
        final String longest = "n".repeat(64);
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            assertThat(queue.trySubscriber("a/b").code()).isEqualTo("ARGUMENT");
            assertThat(queue.trySubscriber("\u00e9").code()).isEqualTo("ARGUMENT");
            assertThat(queue.trySubscriber(longest + "n").code()).isEqualTo("ARGUMENT");
            final PeerSubscriber subscriber = queue.subscriber(longest);
            subscriber.close();
        }
    }

    @ContractTest
    void shouldKeepTheFirstMessageForANameThatReadNothing(Pair pair) {
        open(pair);
        a.subscriber(NAME).close();
        b.subscriber(NAME).close();
        b.publisher().publish(3);
        final PeerSubscriber subscriber = b.subscriber(NAME);
        subscriber.read(1).clean().messages(1);
        subscriber.close();
        assertThat(a.subscriber(NAME).next().sequence()).isEqualTo(1);
    }
}
