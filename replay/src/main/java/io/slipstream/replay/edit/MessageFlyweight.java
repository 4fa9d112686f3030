package io.slipstream.replay.edit;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import org.agrona.DirectBuffer;

/** A message in memory of ours, as if a queue had handed it over. Reused from message to message; single-threaded. */
public final class MessageFlyweight implements Message {
    private DirectBuffer buffer;
    private int header;
    private int bodyLength;
    private long timestamp;
    private int sourceId;

    /** Shows no message yet. */
    public MessageFlyweight() {}

    /**
     * Shows a message.
     *
     * @param source that holds it.
     * @param offset of its SBE message header.
     * @param length of header and body, in bytes; at least the header's.
     * @param timestampNs ns since the Unix epoch.
     * @param publisher who published it, 0 to 65535.
     * @return this.
     */
    public MessageFlyweight wrap(DirectBuffer source, int offset, int length, long timestampNs, int publisher) {
        if (length < SBE_HEADER_LENGTH) {
            throw new IllegalArgumentException("a message of " + length + " bytes has no SBE message header");
        }
        source.boundsCheck(offset, length);
        buffer = source;
        header = offset;
        bodyLength = length - SBE_HEADER_LENGTH;
        timestamp = timestampNs;
        sourceId = publisher;
        return this;
    }

    private int u16(int field) {
        return buffer.getShort(header + field, LITTLE_ENDIAN) & EnvelopeDescriptor.MAX_U16;
    }

    @Override
    public long position() {
        return MessageQueue.NO_POSITION;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public int sourceId() {
        return sourceId;
    }

    @Override
    public int schemaId() {
        return u16(EnvelopeDescriptor.SCHEMA_ID_OFFSET);
    }

    @Override
    public int templateId() {
        return u16(EnvelopeDescriptor.TEMPLATE_ID_OFFSET);
    }

    @Override
    public int version() {
        return u16(EnvelopeDescriptor.SCHEMA_VERSION_OFFSET);
    }

    @Override
    public int blockLength() {
        return u16(EnvelopeDescriptor.BLOCK_LENGTH_OFFSET);
    }

    @Override
    public DirectBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return header + SBE_HEADER_LENGTH;
    }

    @Override
    public int length() {
        return bodyLength;
    }
}
