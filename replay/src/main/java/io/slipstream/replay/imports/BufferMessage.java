package io.slipstream.replay.imports;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.schema.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/** A message that is in no queue yet: SBE header and body in a buffer. Reused. Single-threaded. */
final class BufferMessage implements Message {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private DirectBuffer buffer;
    private int length;
    private long timestamp;

    BufferMessage wrap(DirectBuffer message, int bytes, long timestampNs) {
        buffer = message;
        length = bytes;
        timestamp = timestampNs;
        header.wrap(message, 0);
        return this;
    }

    @Override
    public long position() {
        return 0;
    }

    @Override
    public long timestamp() {
        return timestamp;
    }

    @Override
    public int sourceId() {
        return 0;
    }

    @Override
    public int schemaId() {
        return header.schemaId();
    }

    @Override
    public int templateId() {
        return header.templateId();
    }

    @Override
    public int version() {
        return header.version();
    }

    @Override
    public int blockLength() {
        return header.blockLength();
    }

    @Override
    public DirectBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return MessageHeaderDecoder.ENCODED_LENGTH;
    }

    @Override
    public int length() {
        return length - MessageHeaderDecoder.ENCODED_LENGTH;
    }
}
