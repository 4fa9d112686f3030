package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Documents of another program between ours: passed over, counted, and realigned behind. */
final class ForeignContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    @ContractTest
    void shouldPassOverForeignDocumentsOfAnyLengthAndRealign(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerPublisher publisherA = a.publisher().lengths(1, 60);
        final PeerPublisher publisherB = b.publisher().lengths(1, 60);
        publisherA.publish(1);
        final PeerSubscriber live = b.subscriber();
        int foreign = 0;
        try (BareChronicle bare = new BareChronicle(directory)) {
            for (int length = 1; length <= 48; length++) {
                bare.bytes("x".repeat(length));
                (length % 2 == 0 ? publisherA : publisherB).publish(1);
                bare.metadata("m".repeat(length));
                (length % 4 < 2 ? publisherA : publisherB).publish(2);
                foreign++;
                // Messages of ours are 8-byte aligned again at once, as every reader checks.
                live.read().clean();
            }
            foreign += 3;
            bare.text("some text");
            bare.field("price", 42);
            bare.metadata("two");
            bare.metadata("in a row");
            bare.bytes("\u0001\u0000\u0000\u0000 a text that begins as an envelope of ours does");
        }
        publisherB.publish(1);
        publisherA.publish(1);
        live.read().clean();
        final PeerSubscriber reader = a.subscriber();
        final Read read = reader.read().clean().all(1, publisherA).all(2, publisherB);
        assertThat(read.moved()).as("%s", read).isEqualTo(read.messages() + foreign);
        assertThat(reader.stats().number("foreign")).isEqualTo(foreign);
        assertThat(live.stats().number("foreign")).isEqualTo(foreign);
        b.subscriber().read().clean().sameAs(read);
    }

    @ContractTest
    void shouldSeekOverForeignDocuments(Pair pair) {
        final PeerQueue a = peers.take(pair.first())
                .open(new Settings(directory).with("source", 1).with("now", Times.START));
        final PeerQueue b = peers.take(pair.second())
                .open(new Settings(directory).with("source", 2).with("now", Times.START));
        final PeerPublisher publisher = a.publisher().with("tick", 10);
        publisher.publish(1);
        try (BareChronicle bare = new BareChronicle(directory, Times.START, true)) {
            for (int i = 0; i < 200; i++) {
                bare.bytes("foreign " + i);
                if (i % 5 == 0) {
                    publisher.publish(1);
                }
            }
        }
        final long count = publisher.sequence();
        final Random random = new Random(3);
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            final PeerSubscriber reader = queue.subscriber();
            for (int round = 0; round < 50; round++) {
                final long wanted = random.nextInt((int) count);
                reader.toTime(Times.START + 10 * wanted);
                assertThat(reader.until(1, "list=1", "timeout=0").items().get(0).sequence())
                        .isEqualTo(wanted);
            }
        }
    }

    @ContractTest
    void shouldReadAQueueThatBeginsWithAForeignDocument(Pair pair) {
        try (BareChronicle bare = new BareChronicle(directory)) {
            bare.text("I was first");
            bare.metadata("meta");
        }
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerPublisher publisher = a.publisher();
        publisher.publish(3);
        final PeerSubscriber reader = b.subscriber();
        final Read read = reader.read().clean().messages(3).all(1, publisher);
        assertThat(read.moved()).isEqualTo(4);
        assertThat(b.firstPosition()).isEqualTo(a.firstPosition()).isEqualTo(read.first() - 1);
    }

    @ContractTest
    void shouldMoveADurableSubscriberPastForeignDocuments(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerPublisher publisher = a.publisher();
        publisher.publish(2);
        try (BareChronicle bare = new BareChronicle(directory)) {
            bare.bytes("one");
            bare.bytes("two");
            bare.bytes("three");
        }
        publisher.publish(2);
        PeerSubscriber reader = a.subscriber("reader");
        assertThat(reader.read(4).clean().messages(2).moved()).isEqualTo(4);
        reader.close();
        reader = b.subscriber("reader");
        assertThat(reader.read(2).clean().messages(1).moved()).isEqualTo(2);
        reader.close();
        assertThat(a.subscriber("reader").next().sequence()).isEqualTo(3);
    }
}
