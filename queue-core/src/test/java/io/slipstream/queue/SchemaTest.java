package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.schema.v1.TickEncoder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaTest {
    @TempDir
    Path directory;

    @Test
    void shouldLetAnOldReaderReadWhatItKnows() {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).schema(Quotes.V2));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final io.slipstream.queue.schema.v2.QuoteEncoder quote =
                    publisher.wrap(new io.slipstream.queue.schema.v2.QuoteEncoder());
            quote.price(3.5)
                    .quantity(4)
                    .side(io.slipstream.queue.schema.v2.Side.BUY)
                    .venue(77)
                    .symbol("NEW");
            publisher.publish(quote);
            final int moved = subscriber.poll(
                    message -> {
                        assertThat(message.version()).isEqualTo(2);
                        final io.slipstream.queue.schema.v1.QuoteDecoder old = Quotes.quote(message);
                        assertThat(old.price()).isEqualTo(3.5);
                        assertThat(old.symbol())
                                .as("variable data behind a longer block")
                                .isEqualTo("NEW");
                    },
                    1);
            assertThat(moved).isEqualTo(1);
        }
    }

    @Test
    void shouldLetANewReaderReadAnOldMessage() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishQuote(publisher, 2.5, "OLD");
            final int moved = subscriber.poll(
                    message -> {
                        final io.slipstream.queue.schema.v2.QuoteDecoder now =
                                new io.slipstream.queue.schema.v2.QuoteDecoder();
                        now.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                        assertThat(now.price()).isEqualTo(2.5);
                        assertThat(now.venue()).isEqualTo(io.slipstream.queue.schema.v2.QuoteDecoder.venueNullValue());
                        assertThat(now.symbol()).isEqualTo("OLD");
                    },
                    1);
            assertThat(moved).isEqualTo(1);
        }
    }

    @Test
    void shouldPrintAnyMessageFromTheStoredSchemaAlone() {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).schema(Quotes.V2));
                Publisher publisher = queue.publisher()) {
            Quotes.publishQuote(publisher, 2.5, "say \"hi\"\n\u00e9");
            publisher
                    .wrap(new TickEncoder())
                    .sequence(9)
                    .value(io.slipstream.queue.schema.v1.TickEncoder.valueNullValue());
            final TickEncoder tick = publisher.wrap(new TickEncoder());
            tick.sequence(9).value(TickEncoder.valueNullValue());
            publisher.publish(tick, Long.MAX_VALUE / 2);
            final io.slipstream.queue.schema.v2.QuoteEncoder quote =
                    publisher.wrap(new io.slipstream.queue.schema.v2.QuoteEncoder());
            quote.price(Double.NaN)
                    .quantity(4)
                    .side(io.slipstream.queue.schema.v2.Side.BUY)
                    .venue(77)
                    .symbol("");
            publisher.publish(quote, Long.MAX_VALUE / 2);
        }
        // Another process, with no schema of its own and no right to write.
        try (MessageQueue queue = Quotes.openReadOnly(directory);
                Subscriber subscriber = queue.subscriber()) {
            final MessagePrinter printer = new MessagePrinter(queue.schemas());
            final StringBuilder output = new StringBuilder();
            subscriber.poll(
                    message -> {
                        printer.printBody(message, output);
                        output.append('\n');
                    },
                    10);
            assertThat(output.toString().lines())
                    .containsExactly(
                            "{\"price\":2.5,\"quantity\":200,\"side\":\"SELL\",\"symbol\":\"say \\\"hi\\\"\\u000a\u00e9\"}",
                            "{\"sequence\":9,\"value\":null}",
                            "{\"price\":null,\"quantity\":4,\"side\":\"BUY\",\"venue\":77,\"symbol\":\"\"}");
            output.setLength(0);
            subscriber.toStart().poll(message -> printer.print(message, output), 1);
            assertThat(output.toString())
                    .contains("\"type\":\"Quote\",\"body\":{")
                    .endsWith("}}");
        }
    }

    @Test
    void shouldRefuseToPublishAnUnknownSchema() {
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(directory).blockSize(Quotes.BLOCK_SIZE));
                Publisher publisher = queue.publisher()) {
            assertThatThrownBy(() -> publisher.wrap(new TickEncoder()))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("schema 901 version 1")
                    .hasMessageContaining("Context.schema");
        }
    }

    @Test
    void shouldRefuseAnotherSchemaOfTheSameVersion() throws Exception {
        Quotes.open(directory).close();
        final String changed = Files.readString(Path.of("src/test/resources/quotes-v1.xml"))
                .replace("name=\"quantity\"", "name=\"amount\"");
        final MessageSchema other =
                MessageSchema.fromXml(new ByteArrayInputStream(changed.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> MessageQueue.open(new MessageQueue.Context()
                        .directory(directory)
                        .blockSize(Quotes.BLOCK_SIZE)
                        .schema(other)))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("901-1.sbeir")
                .hasMessageContaining("raise the version");
    }

    @Test
    void shouldRefuseWhatIsNoSchema() {
        assertThatThrownBy(
                        () -> MessageSchema.fromXml(new ByteArrayInputStream("<x/>".getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("not a valid SBE schema");
        assertThatThrownBy(() -> MessageSchema.fromResource(SchemaTest.class, "absent.xml"))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("absent.xml");
    }

    @Test
    void shouldSayWhatIsWrongWithADamagedBody() throws Exception {
        final org.agrona.concurrent.UnsafeBuffer buffer = new org.agrona.concurrent.UnsafeBuffer(new byte[64]);
        final io.slipstream.queue.schema.v1.QuoteEncoder quote = new io.slipstream.queue.schema.v1.QuoteEncoder();
        quote.wrapAndApplyHeader(buffer, 0, new io.slipstream.queue.schema.v1.MessageHeaderEncoder())
                .price(1)
                .quantity(2)
                .side(io.slipstream.queue.schema.v1.Side.BUY)
                .symbol("abc");
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            // The length of the symbol lies: 2 GiB.
            buffer.putInt(8 + io.slipstream.queue.schema.v1.QuoteEncoder.BLOCK_LENGTH, Integer.MAX_VALUE);
            publisher.publish(buffer, 0, 8 + quote.encodedLength(), 1);
            final StringBuilder output = new StringBuilder();
            final MessagePrinter printer = new MessagePrinter(queue.schemas());
            subscriber.poll(message -> printer.print(message, output), 1);
            assertThat(output.toString())
                    .endsWith("\"type\":\"Quote\",\"body\":null,\"error\":\"the body is shorter than it says\"}");
        }
    }
}
