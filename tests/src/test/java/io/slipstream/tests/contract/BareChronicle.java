package io.slipstream.tests.contract;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/** Chronicle Queue itself, with nothing of ours between: a foreign program that shares the queue. */
final class BareChronicle implements AutoCloseable {
    private final ChronicleQueue queue;
    private final ExcerptAppender appender;

    /** A document as Chronicle's tailer reads it. */
    record Document(long index, UnsafeBuffer buffer) {}

    BareChronicle(Path directory) {
        this(directory, Times.START, false);
    }

    BareChronicle(Path directory, long now, boolean manualClock) {
        final SingleChronicleQueueBuilder builder =
                SingleChronicleQueueBuilder.binary(directory).blockSize(Settings.BLOCK_SIZE);
        if (manualClock) {
            builder.timeProvider(() -> now / 1_000_000);
        }
        queue = builder.build();
        appender = queue.createAppender();
    }

    /** Appends raw bytes, so long as the text is. */
    long bytes(String text) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return appender.lastIndexAppended();
    }

    /** Appends a document as Chronicle writes text. */
    long text(String text) {
        appender.writeText(text);
        return appender.lastIndexAppended();
    }

    /** Appends a field as Chronicle's wire writes it. */
    long field(String name, long value) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().write(name).int64(value);
        }
        return appender.lastIndexAppended();
    }

    /** Appends a document that is not counted. */
    void metadata(String text) {
        try (DocumentContext document = appender.writingDocument(true)) {
            document.wire().bytes().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Everything that Chronicle's tailer sees, from the start. */
    List<Document> read() {
        final List<Document> documents = new ArrayList<>();
        try (ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return documents;
                    }
                    final Bytes<?> bytes = document.wire().bytes();
                    documents.add(new Document(document.index(), new UnsafeBuffer(bytes.toByteArray())));
                }
            }
        }
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
    }
}
