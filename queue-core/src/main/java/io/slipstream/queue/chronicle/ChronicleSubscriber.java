package io.slipstream.queue.chronicle;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.Subscriber;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads documents of raw bytes: the first of a chunk through Chronicle's tailer, those that follow in it straight from the mapped
 * memory. A durable subscriber stays with the tailer, which keeps its position in the queue after every message.
 */
final class ChronicleSubscriber implements Subscriber {
    private final ChronicleMessageQueue owner;
    private final ExcerptTailer tailer;
    private final boolean resumed;
    private final UseGuard guard = new UseGuard("subscriber");
    private final MappedMessage message = new MappedMessage();
    private final ChunkReader chunk = new ChunkReader();
    private final RollCycle rollCycle;
    private final boolean durable;
    private MessageFilter filter = MessageFilter.ALL;
    private long foreign;

    ChronicleSubscriber(ChronicleMessageQueue owner, ExcerptTailer tailer, boolean durable, boolean resumed) {
        this.owner = owner;
        this.tailer = tailer;
        this.durable = durable;
        this.resumed = resumed;
        this.rollCycle = owner.queue().rollCycle();
        tailer.singleThreadedCheckDisabled(true);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        guard.enter();
        // An interrupt would close the engine's file channel while it maps; it is held back until after the poll.
        final boolean interrupted = Thread.interrupted();
        try {
            int count = 0;
            while (count < limit && readOne(handler)) {
                count++;
            }
            return count;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            guard.exit();
        }
    }

    private boolean readOne(MessageHandler handler) {
        if (chunk.isActive()) {
            final int found = chunk.next();
            if (found != ChunkReader.LEAVE) {
                return found == ChunkReader.DOCUMENT && readFromChunk(handler);
            }
            catchUp();
        }
        return readFromTailer(handler);
    }

    private boolean readFromChunk(MessageHandler handler) {
        handle(chunk.address(), chunk.length(), chunk.index(), handler);
        // Only now: a message whose handler threw comes again.
        chunk.advance();
        return true;
    }

    /** Brings the tailer to where the chunk was read to: behind the last message, which is there for certain. */
    private void catchUp() {
        if (chunk.isActive()) {
            chunk.leave();
            final long last = chunk.index() - 1;
            if (!tailer.moveToIndex(last)) {
                throw new QueueException("the message at position " + last + " (" + Long.toHexString(last) + ") in "
                        + owner.directory() + " was read and is not found again: its file was deleted or damaged");
            }
            tailer.readingDocument(false).close();
        }
    }

    private boolean readFromTailer(MessageHandler handler) {
        final DocumentContext document = tailer.readingDocument(false);
        boolean done = false;
        try {
            if (!document.isPresent()) {
                done = true;
                return false;
            }
            final Bytes<?> bytes = document.wire().bytes();
            final long start = bytes.readPosition();
            final int length = (int) bytes.readRemaining();
            final long index = document.index();
            handle(bytes.addressForRead(start), length, index, handler);
            // A handler may have moved the tailer.
            if (!durable && tailer.index() == index) {
                final long last = rollCycle.toIndex(rollCycle.toCycle(index), rollCycle.maxMessagesPerCycle() - 1);
                chunk.enter(bytes, start + length, index + 1, last);
            }
            done = true;
            return true;
        } finally {
            if (!done) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    private void handle(long address, int length, long index, MessageHandler handler) {
        if (!message.wrap(address, length, index)) {
            foreign++;
        } else if (filter.accept(message)) {
            handler.onMessage(message);
        }
    }

    @Override
    public Subscriber toStart() {
        guard.enter();
        try {
            chunk.leave();
            tailer.toStart();
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toEnd() {
        guard.enter();
        try {
            chunk.leave();
            tailer.toEnd();
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toPosition(long position) {
        guard.enter();
        try {
            // Whoever asks for a position that is not there stays where he is.
            catchUp();
            if (!tailer.moveToIndex(position)) {
                throw new QueueException("no message at position " + position + " (" + Long.toHexString(position)
                        + ") in " + owner.directory() + ": it was deleted, or the position belongs to another queue");
            }
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toTime(long timestamp) {
        guard.enter();
        chunk.leave();
        try (TimeSearch search = new TimeSearch(owner.queue(), tailer, message)) {
            search.moveTo(timestamp);
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber filter(MessageFilter wanted) {
        this.filter = wanted;
        return this;
    }

    @Override
    public long position() {
        return chunk.isActive() ? chunk.index() : tailer.index();
    }

    @Override
    public long foreign() {
        return foreign;
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    @Override
    public void close() {
        if (!guard.isOwner() && !guard.isClosed()) {
            throw new WrongThreadException(
                    "the subscriber belongs to another thread: close the queue to close them all");
        }
        shutDown();
        owner.release(this);
    }

    void shutDown() {
        if (guard.close(ChronicleMessageQueue.CLOSE_TIMEOUT_NS)) {
            tailer.close();
        }
    }

    /** A message in place. */
    static final class MappedMessage implements Message {
        private final UnsafeBuffer buffer = new UnsafeBuffer();
        private long position;
        private int length;

        /**
         * Looks at a document.
         *
         * @return false if it is not a message of ours.
         */
        boolean wrap(long address, int documentLength, long index) {
            buffer.wrap(address, documentLength);
            if (!EnvelopeDescriptor.isMessage(buffer, 0, documentLength)) {
                return false;
            }
            position = index;
            length = documentLength - EnvelopeDescriptor.BODY_OFFSET - EnvelopeDescriptor.padding(buffer, 0);
            return true;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public long timestamp() {
            return EnvelopeDescriptor.timestamp(buffer, 0);
        }

        @Override
        public int sourceId() {
            return EnvelopeDescriptor.sourceId(buffer, 0);
        }

        @Override
        public int schemaId() {
            return EnvelopeDescriptor.schemaId(buffer, 0);
        }

        @Override
        public int templateId() {
            return EnvelopeDescriptor.templateId(buffer, 0);
        }

        @Override
        public int version() {
            return EnvelopeDescriptor.schemaVersion(buffer, 0);
        }

        @Override
        public int blockLength() {
            return EnvelopeDescriptor.blockLength(buffer, 0);
        }

        @Override
        public DirectBuffer buffer() {
            return buffer;
        }

        @Override
        public int offset() {
            return EnvelopeDescriptor.BODY_OFFSET;
        }

        @Override
        public int length() {
            return length;
        }
    }
}
