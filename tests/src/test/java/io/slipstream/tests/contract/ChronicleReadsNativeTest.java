package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.RollCycle;
import io.slipstream.tests.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chronicle's own tools read what was written, with nothing of ours in between. */
final class ChronicleReadsNativeTest {
    private static final RollCycle CYCLE = RollCycle.FAST_HOURLY;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Path queue() {
        return directory.resolve("queue");
    }

    private List<Item> publish(Implementation implementation) {
        final PeerQueue queue = peers.take(implementation)
                .open(new Settings(queue()).with("roll", CYCLE).with("now", Times.START));
        final PeerPublisher publisher = queue.publisher().lengths(1, 300).with("templates", 3);
        for (int cycle = 0; cycle < 5; cycle++) {
            queue.clock(Times.START + (long) cycle * cycle * Times.length(CYCLE));
            publisher.publish(500);
            publisher.claim(100, 60).ok();
            publisher.abort().ok();
            publisher.claim(100, 60).ok();
            publisher.commit();
            publisher.with("batch", 50).publish(100);
            publisher.without("batch");
        }
        final List<Item> items = queue.subscriber().read("list=1").clean().items();
        assertThat(items).hasSize(5 * 601);
        queue.close();
        return items;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"JVM", "NATIVE"})
    void shouldBeReadByABareTailer(Implementation implementation) {
        final List<Item> items = publish(implementation);
        final List<Item> found = new ArrayList<>();
        try (BareChronicle bare = new BareChronicle(queue())) {
            for (BareChronicle.Document document : bare.read()) {
                final UnsafeBuffer buffer = document.buffer();
                assertThat(EnvelopeDescriptor.isMessage(buffer, 0, buffer.capacity()))
                        .isTrue();
                final long sequence = found.size();
                final int length =
                        buffer.capacity() - EnvelopeDescriptor.BODY_OFFSET - EnvelopeDescriptor.padding(buffer, 0);
                assertThat(Content.matches(buffer, EnvelopeDescriptor.BODY_OFFSET, 1, sequence, length))
                        .as("content of %d", sequence)
                        .isTrue();
                found.add(new Item(
                        document.index(),
                        EnvelopeDescriptor.sourceId(buffer, 0),
                        sequence,
                        EnvelopeDescriptor.templateId(buffer, 0),
                        length,
                        EnvelopeDescriptor.timestamp(buffer, 0)));
            }
        }
        assertThat(found).isEqualTo(items);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"JVM", "NATIVE"})
    void shouldBeReadByChroniclesReaderProgram(Implementation implementation) throws Exception {
        final List<Item> items = publish(implementation);
        final List<String> indices;
        try (Program reader = Program.java(
                directory, List.of(), "net.openhft.chronicle.queue.ChronicleReaderMain", "-d", queue().toString())) {
            assertThat(reader.exitCode()).as("%s", reader).isZero();
            indices = reader.lines().stream()
                    .filter(line -> line.matches("0x[0-9a-f]+: ?"))
                    .toList();
        }
        assertThat(indices)
                .isEqualTo(items.stream()
                        .map(item -> "0x" + Long.toHexString(item.position()) + ": ")
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(names = {"JVM", "NATIVE"})
    void shouldBeAppendedToByABareAppender(Implementation implementation) throws Exception {
        final List<Item> items = publish(implementation);
        final long last = items.get(items.size() - 1).position();
        try (BareChronicle bare = new BareChronicle(queue(), Times.START + 16 * Times.length(CYCLE), true)) {
            assertThat(bare.text("foreign")).isEqualTo(last + 1);
            assertThat(bare.read()).hasSize(items.size() + 1);
        }
        try (Stream<Path> files = Files.list(queue())) {
            assertThat(files.filter(file -> file.toString().endsWith(".cq4"))).hasSize(5);
        }
    }
}
