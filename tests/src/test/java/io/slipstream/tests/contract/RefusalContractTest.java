package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is refused, with which code, and that nothing comes of it. */
final class RefusalContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Path queue() {
        return directory.resolve("queue");
    }

    @ContractTest
    void shouldRefuseSettingsThatAreNone(Pair pair) {
        final Peer peer = peers.take(pair.first());
        assertThat(peer.tryOpen(new Settings(queue()).with("block", 128 << 10)).code())
                .isEqualTo("ARGUMENT");
        assertThat(peer.tryOpen(new Settings(queue()).with("block", (1 << 20) + 4096))
                        .code())
                .isEqualTo("ARGUMENT");
        assertThat(peer.tryOpen(new Settings(queue()).with("roll", "DAILY_ISH")).code())
                .isEqualTo("ARGUMENT");
        assertThat(queue()).doesNotExist();
    }

    @ContractTest
    void shouldKeepTheRollCycleThatTheQueueHas(Pair pair) {
        final PeerQueue a = peers.take(pair.first())
                .open(new Settings(queue()).with("roll", "FAST_HOURLY").with("now", Times.START));
        final PeerQueue b = peers.take(pair.second())
                .open(new Settings(queue())
                        .with("roll", "HUGE_DAILY")
                        .with("source", 2)
                        .with("now", Times.START));
        final PeerPublisher publisher = b.publisher();
        publisher.publish(2);
        b.clock(Times.START + Times.HOUR);
        publisher.publish(2);
        final Read read = a.subscriber().read().clean().messages(4).all(2, publisher);
        assertThat(read.last() - read.first()).as("the next cycle of 32 bits").isEqualTo((1L << 32) + 1);
    }

    @ContractTest
    void shouldRefuseADirectoryThatHoldsSomethingElse(Pair pair) throws Exception {
        final Peer peer = peers.take(pair.first());
        final Path file = Files.writeString(directory.resolve("file"), "a file");
        assertThat(peer.tryOpen(new Settings(file)).code()).isEqualTo("FORMAT");
        final Path junk = Files.createDirectory(directory.resolve("junk"));
        Files.write(
                junk.resolve("metadata.cq4t"),
                "this is not a table store, but a text. ".repeat(100).getBytes(StandardCharsets.UTF_8));
        assertThat(peer.tryOpen(new Settings(junk)).code()).isEqualTo("FORMAT");
        assertThat(peer.tryOpen(new Settings(junk).readOnly()).code()).isEqualTo("FORMAT");
        try (Stream<Path> files = Files.list(junk)) {
            assertThat(files).containsExactly(junk.resolve("metadata.cq4t"));
        }
    }

    @ContractTest
    void shouldRefuseADataFormatOfAnotherVersion(Pair pair) throws Exception {
        final PeerQueue writer = peers.take(pair.first()).open(new Settings(queue()));
        writer.publisher().publish(1);
        writer.close();
        final Path data;
        try (Stream<Path> files = Files.list(queue())) {
            data = files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(data);
        final String head = new String(bytes, 0, 4096, StandardCharsets.ISO_8859_1);
        final int value = head.indexOf("dataFormat") + "dataFormat".length();
        assertThat(bytes[value]).as("wire code of the value").isIn((byte) 0xA1, (byte) 1);
        bytes[bytes[value] == 1 ? value : value + 1] = 2;
        Files.write(data, bytes);
        final Peer peer = peers.take(pair.second());
        assertThat(peer.tryOpen(new Settings(queue())).code()).isEqualTo("VERSION");
    }

    @ContractTest
    void shouldRefuseATimestampBeforeTheLast(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()));
        final PeerPublisher publisher = a.publisher().with("timestamp", Times.START);
        publisher.publish(2);
        assertThat(publisher.with("timestamp", Times.START - 1).tryPublish().code())
                .isEqualTo("TIMESTAMP");
        publisher.with("timestamp", Times.START).publish(1);
        publisher.with("timestamp", Times.START + 5).publish(1);
        peers.take(pair.second())
                .open(new Settings(queue()).with("source", 2))
                .subscriber()
                .read()
                .clean()
                .messages(4)
                .all(1, publisher);
    }

    @ContractTest
    void shouldNeverStampBackwards(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()).with("now", Times.START));
        final PeerPublisher publisher = a.publisher();
        publisher.publish(1);
        a.clock(Times.START - Times.SECOND);
        publisher.publish(2);
        a.clock(Times.START + 1);
        publisher.publish(1);
        final Read read = peers.take(pair.second())
                .open(new Settings(queue()).with("now", Times.START))
                .subscriber()
                .read("list=1")
                .clean()
                .messages(4);
        assertThat(read.items().stream().map(Item::timestamp))
                .containsExactly(Times.START, Times.START, Times.START, Times.START + 1);
    }

    @ContractTest
    void shouldRefuseWhatAFullFileHasNoRoomFor(Pair pair) {
        final RollCycle cycle = RollCycle.TEST_DAILY;
        final Settings settings = new Settings(queue()).with("roll", cycle).with("now", Times.START);
        final PeerQueue a = peers.take(pair.first()).open(settings);
        final PeerQueue b = peers.take(pair.second()).open(settings.with("source", 2));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        publisherB.publish(10);
        final Answer full = publisherA.publishUntilRefused(1000);
        assertThat(full.text("stopped")).isEqualTo("CYCLE_FULL");
        assertThat(full.number("published")).isBetween(20L, 54L);
        assertThat(publisherA.tryPublish().code()).isEqualTo("CYCLE_FULL");
        assertThat(publisherB.tryPublish().code()).isEqualTo("CYCLE_FULL");
        assertThat(publisherB.claim(10, 10).code()).isEqualTo("CYCLE_FULL");
        final long total = 10 + full.number("published");
        b.subscriber().read().clean().messages(total).all(1, publisherA).all(2, publisherB);
        // The next file has room again.
        a.clock(Times.START + Times.length(cycle));
        publisherA.publish(5);
        final Read read = b.subscriber().read().clean().messages(total + 5).all(1, publisherA);
        a.subscriber().read().clean().sameAs(read);
    }
}
