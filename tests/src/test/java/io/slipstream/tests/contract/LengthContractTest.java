package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From the shortest message to the longest, and one byte more. */
final class LengthContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    @ContractTest
    void shouldCarryEveryShortLength(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        for (int length = 0; length <= 40; length++) {
            publisherA.lengths(length, length).publish(1);
            publisherB.lengths(length, length).publish(2);
        }
        final Read read =
                b.subscriber().read("list=1").clean().all(1, publisherA).all(2, publisherB);
        a.subscriber().read().clean().sameAs(read);
        assertThat(read.items().stream().map(Item::length))
                .containsExactlyElementsOf(IntStream.rangeClosed(0, 40)
                        .boxed()
                        .flatMap(length -> Stream.of(length, length, length))
                        .toList());
    }

    private void shouldCarryTheLongest(Pair pair, int blockSize) {
        final PeerQueue a = peers.take(pair.first())
                .open(new Settings(directory).with("block", blockSize).with("source", 1));
        final PeerQueue b = peers.take(pair.second())
                .open(new Settings(directory).with("block", blockSize).with("source", 2));
        final int longest = a.maxLength();
        assertThat(longest).isEqualTo(b.maxLength()).isBetween(blockSize / 4 - 64, blockSize / 4);
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        long previous = -1;
        for (PeerPublisher publisher : new PeerPublisher[] {publisherA, publisherB, publisherA, publisherB}) {
            final long first = publisher.lengths(1, 1).publish(1).first();
            assertThat(publisher.lengths(longest + 1, longest + 1).tryPublish().code())
                    .isEqualTo("TOO_LONG");
            assertThat(publisher.claim(longest + 1, 1).code()).isEqualTo("TOO_LONG");
            assertThat(publisher.lengths(longest, longest).publish(1).first()).isEqualTo(first + 1);
            assertThat(previous == -1 || first == previous + 2)
                    .as("%d two behind %d", first, previous)
                    .isTrue();
            previous = first;
        }
        final Read read =
                b.subscriber().read().clean().messages(8).all(1, publisherA).all(2, publisherB);
        a.subscriber().read().clean().sameAs(read);
    }

    @ContractTest
    void shouldCarryTheLongestOfTheSmallestBlockAndRefuseAByteMore(Pair pair) {
        shouldCarryTheLongest(pair, 256 << 10);
    }

    @ContractTest
    void shouldCarryTheLongestOfAMegabyteBlockAndRefuseAByteMore(Pair pair) {
        shouldCarryTheLongest(pair, 1 << 20);
    }

    @ContractTest
    void shouldCarryTheLongestOfTheDefaultBlockAndRefuseAByteMore(Pair pair) {
        shouldCarryTheLongest(pair, 64 << 20);
    }

    @ContractTest
    void shouldCarryTheLongestWhereverItFallsInAChunk(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("block", 256 << 10));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("block", 256 << 10));
        final PeerPublisher publisher = a.publisher();
        final PeerSubscriber live = b.subscriber();
        final int rounds = pair.times(80);
        for (int round = 0; round < rounds; round++) {
            publisher.lengths(1, 20_000).publish(1);
            publisher.lengths(a.maxLength(), a.maxLength()).publish(1);
        }
        live.read().clean().messages(2L * rounds).all(1, publisher);
    }
}
