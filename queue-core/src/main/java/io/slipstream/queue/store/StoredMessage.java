package io.slipstream.queue.store;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A message in place, wherever it is mapped. Reused from message to message. Single-threaded. */
public final class StoredMessage implements Message {
    private final UnsafeBuffer buffer = new UnsafeBuffer();
    private long position;
    private int length;

    /** Creates one that stands on no message yet. */
    public StoredMessage() {}

    /**
     * Looks at a document.
     *
     * @param address of its payload.
     * @param documentLength bytes of the payload.
     * @param index what {@link #position()} says.
     * @return false if it is not a message of ours.
     */
    public boolean wrap(long address, int documentLength, long index) {
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
