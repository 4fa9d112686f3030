package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.MessagePrinter;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.SchemaStore;
import io.slipstream.queue.Subscriber;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The schemas that a queue keeps. */
final class SchemaContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private Path queue() {
        return directory.resolve("queue");
    }

    /** The contract's schema, changed; as a file of binary IR. */
    private Path changed(String what, String by) throws Exception {
        try (InputStream in = Peers.class.getResourceAsStream("contract-schema.xml")) {
            final String xml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(xml).contains(what);
            final MessageSchema schema = MessageSchema.fromXml(
                    new ByteArrayInputStream(xml.replace(what, by).getBytes(StandardCharsets.UTF_8)));
            final Path scratch = Files.createDirectories(directory.resolve("changed-" + by.hashCode()));
            new SchemaStore(scratch).add(schema);
            return scratch.resolve("schema/" + schema.id() + "-" + schema.version() + ".sbeir");
        }
    }

    @ContractTest
    void shouldRefuseAnUnknownSchema(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()).without("schema"));
        final PeerPublisher publisher = a.publisher();
        assertThat(publisher.tryPublish().code()).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(a.subscriber().read().moved()).isZero();
        // The other side brings it.
        final PeerQueue b = peers.take(pair.second()).open(new Settings(queue()).with("source", 2));
        publisher.publish(2);
        assertThat(publisher.with("version", 2).tryPublish().code()).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(publisher.with("version", 1).with("schema", 904).tryPublish().code())
                .isEqualTo("UNKNOWN_SCHEMA");
        publisher.with("schema", 903).publish(1);
        b.subscriber().read().clean().messages(3).all(1, publisher);
    }

    @ContractTest
    void shouldRefuseAnotherSchemaOfTheSameVersion(Pair pair) throws Exception {
        final Path other = changed("name=\"filling\"", "name=\"stuffing\"");
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()));
        final Peer b = peers.take(pair.second());
        assertThat(b.tryOpen(new Settings(queue()).with("schema", other)).code())
                .isEqualTo("SCHEMA_CONFLICT");
        final PeerQueue second = b.open(new Settings(queue()).without("schema"));
        assertThat(second.ask("schema file=" + other).code()).isEqualTo("SCHEMA_CONFLICT");
        assertThat(a.ask("schema file=" + other).code()).isEqualTo("SCHEMA_CONFLICT");
        assertThat(second.ask("schema file=" + Peers.schema()).code()).isEqualTo("OK");
        assertThat(Files.readAllBytes(queue().resolve("schema/903-1.sbeir")))
                .isEqualTo(Files.readAllBytes(Peers.schema()));
        assertThat(queue().resolve("schema"))
                .isDirectoryContaining(file -> true)
                .isDirectoryNotContaining(file -> !file.endsWith("903-1.sbeir"));
    }

    @ContractTest
    void shouldKeepSeveralVersionsAndSchemas(Pair pair) throws Exception {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(queue()).with("source", 2));
        a.ask("schema file=" + changed("id=\"903\" version=\"1\"", "id=\"903\" version=\"2\""))
                .ok();
        b.ask("schema file=" + changed("id=\"903\" version=\"1\"", "id=\"65535\" version=\"65534\""))
                .ok();
        final PeerPublisher publisherA =
                a.publisher().with("schema", 65535).with("version", 65534).lengths(16, 50);
        final PeerPublisher publisherB = b.publisher().with("version", 2).lengths(16, 50);
        publisherA.publish(3);
        publisherB.publish(3);
        final Read read =
                a.subscriber().read().clean().messages(6).all(1, publisherA).all(2, publisherB);
        b.subscriber().read().clean().sameAs(read);
        b.subscriber().filter("schema=65535").read().clean().messages(3).all(1, publisherA);
    }

    @ContractTest
    void shouldRefuseWhatIsNoSchema(Pair pair) throws Exception {
        final byte[] good = Files.readAllBytes(Peers.schema());
        final Path text = Files.writeString(directory.resolve("text"), "this is no schema at all, as anyone can see");
        final Path empty = Files.write(directory.resolve("empty"), new byte[0]);
        final Path half = Files.write(directory.resolve("half"), Arrays.copyOf(good, good.length / 2));
        for (Implementation implementation : List.of(pair.first(), pair.second())) {
            final PeerQueue queue = peers.take(implementation).open(new Settings(queue()).without("schema"));
            for (Path file : List.of(text, empty, half)) {
                assertThat(queue.ask("schema file=" + file).code())
                        .as("%s", file)
                        .isEqualTo("FORMAT");
            }
            assertThat(queue.publisher().tryPublish().code()).isEqualTo("UNKNOWN_SCHEMA");
        }
        assertThat(queue().resolve("schema/903-1.sbeir")).doesNotExist();
    }

    @ContractTest
    void shouldPrintWhatTheOtherSidePublished(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(queue()).with("source", 1));
        final PeerQueue b = peers.take(pair.second())
                .open(new Settings(queue()).without("schema").with("source", 2));
        a.publisher().with("templates", 3).lengths(16, 100).publish(3);
        // Published with the schema that the other side had stored.
        b.publisher().with("templates", 3).lengths(16, 16).publish(3);
        final List<String> lines = new ArrayList<>();
        try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(queue())
                        .blockSize(Settings.BLOCK_SIZE)
                        .readOnly(true));
                Subscriber subscriber = queue.subscriber()) {
            final MessagePrinter printer = new MessagePrinter(queue.schemas());
            subscriber.poll(
                    message -> {
                        final StringBuilder line = new StringBuilder();
                        printer.print(message, line);
                        lines.add(line.toString());
                    },
                    100);
        }
        assertThat(lines).hasSize(6);
        final String[] names = {"Red", "Green", "Blue"};
        for (int i = 0; i < 6; i++) {
            assertThat(lines.get(i))
                    .contains("\"source\":" + (i < 3 ? 1 : 2))
                    .contains("\"type\":\"" + names[i % 3] + "\"")
                    .contains("\"body\":{\"sequence\":" + i % 3 + ",\"filling\":");
        }
    }

    @ContractTest
    void shouldStoreOneSchemaWhenBothBringItAtOnce(Pair pair) throws Exception {
        final Peer a = peers.take(pair.first());
        final Peer b = peers.take(pair.second());
        for (int round = 0; round < 20; round++) {
            final Path path = directory.resolve("queue-" + round);
            final PeerQueue queueA = a.open(new Settings(path).without("schema"));
            final PeerQueue queueB = b.open(new Settings(path).without("schema"));
            final Peer.Pending addA = a.start(0, "schema queue=" + queueA.id() + " file=" + Peers.schema());
            final Peer.Pending addB = b.start(0, "schema queue=" + queueB.id() + " file=" + Peers.schema());
            addA.answer().ok();
            addB.answer().ok();
            assertThat(path.resolve("schema")).isDirectoryNotContaining(file -> !file.endsWith("903-1.sbeir"));
            assertThat(Files.readAllBytes(path.resolve("schema/903-1.sbeir")))
                    .isEqualTo(Files.readAllBytes(Peers.schema()));
            queueA.close();
            queueB.close();
        }
    }
}
