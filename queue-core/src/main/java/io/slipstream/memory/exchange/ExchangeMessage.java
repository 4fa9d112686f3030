package io.slipstream.memory.exchange;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * A message of another program: a text, or an SBE message. In place in shared memory, valid until the handler returns; the same
 * object is used for every message. Another program that means harm may change the bytes at any time, but not the length.
 */
public final class ExchangeMessage {
    private final DirectBuffer buffer;
    private long position;
    private int type;
    private int offset;
    private int length;
    private int sender;

    ExchangeMessage(DirectBuffer buffer) {
        this.buffer = buffer;
    }

    void set(long atPosition, int ofType, int atOffset, int ofLength, int ofSender) {
        position = atPosition;
        type = ofType;
        offset = atOffset;
        length = ofLength;
        sender = ofSender;
    }

    /**
     * Tells whether this is a text; if not, it is an SBE message.
     *
     * @return true for a text.
     */
    public boolean isText() {
        return type == ExchangeDescriptor.TEXT;
    }

    /**
     * The message as text.
     *
     * @return what it carries, read as UTF-8.
     */
    public String text() {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Where the message is.
     *
     * @return a buffer that holds more than this message.
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where in the buffer the message begins.
     *
     * @return offset of the text, or of the 8-byte SBE message header.
     */
    public int offset() {
        return offset;
    }

    /**
     * How long the message is.
     *
     * @return bytes of the text, or of SBE message header and body.
     */
    public int length() {
        return length;
    }

    /**
     * The SBE message's block length, for a decoder.
     *
     * @return from the message header.
     */
    public int blockLength() {
        return headerField(0);
    }

    /**
     * The SBE message's template.
     *
     * @return from the message header.
     */
    public int templateId() {
        return headerField(2);
    }

    /**
     * The SBE message's schema.
     *
     * @return from the message header.
     */
    public int schemaId() {
        return headerField(4);
    }

    /**
     * The version of the SBE message's schema, for a decoder.
     *
     * @return from the message header.
     */
    public int version() {
        return headerField(6);
    }

    private int headerField(int at) {
        if (isText()) {
            throw new IllegalStateException("a text has no SBE message header: ask isText() first");
        }
        return buffer.getShort(offset + at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    /**
     * Where the SBE body begins, 8-byte aligned.
     *
     * @return offset in the buffer.
     */
    public int bodyOffset() {
        return offset + ExchangeDescriptor.SBE_HEADER_LENGTH;
    }

    /**
     * Who sent it.
     *
     * @return pid, as the sender says.
     */
    public int sender() {
        return sender;
    }

    /**
     * Where it stands among all messages of the exchange.
     *
     * @return a number that is higher than that of every message before.
     */
    public long position() {
        return position;
    }
}
