package io.slipstream.tests.bench;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishing and polling against a bare Chronicle queue that carries the very same bytes. */
final class QueueRounds {
    static final int SCHEMA_ID = 900;
    static final int TEMPLATE_ID = 1;

    /** Bytes of a document that are not its body, with room to spare. */
    private static final int OVERHEAD = 40;

    private static final String SCHEMA = """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="bench" id="900" version="1"
                byteOrder="littleEndian">
              <types>
                <composite name="messageHeader">
                  <type name="blockLength" primitiveType="uint16"/>
                  <type name="templateId" primitiveType="uint16"/>
                  <type name="schemaId" primitiveType="uint16"/>
                  <type name="version" primitiveType="uint16"/>
                </composite>
              </types>
              <sbe:message name="Payload" id="1"><field name="value" id="1" type="int64"/></sbe:message>
            </sbe:messageSchema>
            """;

    private final Path directory;
    private final int messages;
    private final int length;
    private final UnsafeBuffer message;
    private long sink;

    QueueRounds(Path directory, int messages, int length) {
        this.directory = directory;
        this.messages = messages;
        this.length = length;
        this.message = new UnsafeBuffer(new byte[EnvelopeDescriptor.SBE_HEADER_LENGTH + length]);
        EnvelopeDescriptor.putSbeHeader(message, 0, length, TEMPLATE_ID, SCHEMA_ID, 1);
    }

    static MessageQueue.Context context(Path directory) {
        return new MessageQueue.Context()
                .directory(directory)
                .schema(MessageSchema.fromXml(new ByteArrayInputStream(SCHEMA.getBytes(StandardCharsets.UTF_8))));
    }

    PairedRounds.Result prepare(PairedRounds rounds) throws Exception {
        return rounds.run(this::publishPrepared, this::publishOurs);
    }

    PairedRounds.Result publish(PairedRounds rounds) throws Exception {
        return rounds.run(this::publishOurs, this::publishBare);
    }

    /** Both read the very same queue from its start. */
    PairedRounds.Result poll(PairedRounds rounds) throws Exception {
        final Path path = directory.resolve("polled");
        try (MessageQueue queue = MessageQueue.open(context(path));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber();
                ChronicleQueue bare = SingleChronicleQueueBuilder.binary(path).build();
                ExcerptTailer tailer = bare.createTailer()) {
            fill(publisher);
            final UnsafeBuffer mapped = new UnsafeBuffer();
            return rounds.run(() -> pollOurs(subscriber), () -> pollBare(tailer, mapped));
        } finally {
            Scratch.delete(path);
        }
    }

    private double publishOurs() {
        return publishOurs(false);
    }

    /** With the pages mapped before the clock runs, as a program does that has time for it now and then. */
    double publishPrepared() {
        return publishOurs(true);
    }

    private double publishOurs(boolean prepare) {
        final Path path = directory.resolve("ours");
        try (MessageQueue queue = MessageQueue.open(context(path));
                Publisher publisher = queue.publisher()) {
            if (prepare) {
                // The first message makes the file.
                publisher.publish(message, 0, message.capacity(), 0);
                publisher.pretouch(messages * (length + OVERHEAD));
            }
            final long start = System.nanoTime();
            fill(publisher);
            return (double) (System.nanoTime() - start) / messages;
        } finally {
            Scratch.delete(path);
        }
    }

    private void fill(Publisher publisher) {
        for (int i = 0; i < messages; i++) {
            message.putLong(EnvelopeDescriptor.SBE_HEADER_LENGTH, i);
            publisher.publish(message, 0, message.capacity(), i);
        }
    }

    double publishBare() {
        final Path path = directory.resolve("bare");
        final Bytes<?> document = Bytes.allocateElasticDirect();
        final UnsafeBuffer view = new UnsafeBuffer(new byte[EnvelopeDescriptor.documentLength(length)]);
        view.putBytes(EnvelopeDescriptor.SBE_HEADER_OFFSET, message, 0, message.capacity());
        document.write(view.byteArray());
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(path).build();
                ExcerptAppender appender = queue.createAppender()) {
            final long start = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                document.writeLong(EnvelopeDescriptor.BODY_OFFSET, i);
                try (DocumentContext context = appender.writingDocument()) {
                    context.wire().bytes().write(document);
                }
            }
            return (double) (System.nanoTime() - start) / messages;
        } finally {
            document.releaseLast();
            Scratch.delete(path);
        }
    }

    private double pollOurs(Subscriber subscriber) {
        subscriber.toStart();
        final long start = System.nanoTime();
        int polled = 0;
        while (polled < messages) {
            polled += subscriber.poll(m -> sink += m.buffer().getLong(m.offset()), 64);
        }
        return (double) (System.nanoTime() - start) / messages;
    }

    double pollBare(ExcerptTailer tailer, UnsafeBuffer mapped) {
        tailer.toStart();
        final long start = System.nanoTime();
        int polled = 0;
        while (polled < messages) {
            try (DocumentContext context = tailer.readingDocument()) {
                if (context.isPresent()) {
                    final Bytes<?> bytes = context.wire().bytes();
                    mapped.wrap(bytes.addressForRead(bytes.readPosition()), (int) bytes.readRemaining());
                    sink += mapped.getLong(EnvelopeDescriptor.BODY_OFFSET);
                    polled++;
                }
            }
        }
        return (double) (System.nanoTime() - start) / messages;
    }
}
