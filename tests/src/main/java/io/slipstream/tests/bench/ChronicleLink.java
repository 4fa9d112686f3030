package io.slipstream.tests.bench;

import io.slipstream.queue.EnvelopeDescriptor;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** Two bare Chronicle queues, one each way, with documents as long as ours. */
final class ChronicleLink implements Link {
    private final ChronicleQueue out;
    private final ChronicleQueue in;
    private final ExcerptAppender appender;
    private final ExcerptTailer tailer;
    private final Bytes<?> document = Bytes.allocateElasticDirect();

    ChronicleLink(Path directory, boolean echo) {
        out = SingleChronicleQueueBuilder.binary(directory.resolve(echo ? "pong" : "ping"))
                .build();
        in = SingleChronicleQueueBuilder.binary(directory.resolve(echo ? "ping" : "pong"))
                .build();
        appender = out.createAppender();
        tailer = in.createTailer().toEnd();
        document.write(new byte[EnvelopeDescriptor.documentLength(BODY_LENGTH)]);
    }

    @Override
    public void send(long number) {
        document.writeLong(EnvelopeDescriptor.BODY_OFFSET, number);
        try (DocumentContext context = appender.writingDocument()) {
            context.wire().bytes().write(document);
        }
    }

    @Override
    public long receive() {
        try (DocumentContext context = tailer.readingDocument()) {
            if (!context.isPresent()) {
                return NOTHING;
            }
            final Bytes<?> bytes = context.wire().bytes();
            return bytes.readLong(bytes.readPosition() + EnvelopeDescriptor.BODY_OFFSET);
        }
    }

    @Override
    public void close() {
        document.releaseLast();
        appender.close();
        tailer.close();
        out.close();
        in.close();
    }
}
