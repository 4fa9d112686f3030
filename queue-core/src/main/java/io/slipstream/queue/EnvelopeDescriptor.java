package io.slipstream.queue;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Layout of a message in the queue, envelope version 1. A message is one queue document of raw bytes, little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------+-----+-------------------------------+
 *  | version = 1   |    0    | pad |           source id           |   0
 *  +---------------+---------+-----+-------------------------------+
 *  |            timestamp, ns since the Unix epoch, UTC            |   4
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 *  |          block length         |          template id          |  12   the SBE message header
 *  +-------------------------------+-------------------------------+
 *  |           schema id           |            version            |  16
 *  +-------------------------------+-------------------------------+
 *  |                            SBE body                          ...  20
 *  +---------------------------------------------------------------+
 *  |                       0-7 padding bytes                      ...
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The document's payload starts at a file offset of 4 (mod 8) and its length is kept 4 (mod 8), so that every byte from 4
 * on has its natural alignment for 8-byte values, in the JVM and in C. This layout is a promise: it changes only with the
 * version byte.
 */
public final class EnvelopeDescriptor {
    /** The version that this code writes and reads. */
    public static final int VERSION = 1;

    /** Offset of the u8 envelope version. */
    public static final int VERSION_OFFSET = 0;

    /** Offset of the u8 flags: bits 0-2 count the padding bytes at the end, the others are 0. */
    public static final int FLAGS_OFFSET = 1;

    /** Bits of the flags that count the padding bytes. */
    public static final int PADDING_MASK = 0x07;

    /** Offset of the u16 source id. */
    public static final int SOURCE_ID_OFFSET = 2;

    /** Offset of the i64 timestamp. */
    public static final int TIMESTAMP_OFFSET = 4;

    /** Offset of the SBE message header. */
    public static final int SBE_HEADER_OFFSET = 12;

    /** Offset of the header's u16 block length, within the message header. */
    public static final int BLOCK_LENGTH_OFFSET = 0;

    /** Offset of the header's u16 template id, within the message header. */
    public static final int TEMPLATE_ID_OFFSET = 2;

    /** Offset of the header's u16 schema id, within the message header. */
    public static final int SCHEMA_ID_OFFSET = 4;

    /** Offset of the header's u16 schema version, within the message header. */
    public static final int SCHEMA_VERSION_OFFSET = 6;

    /** Length of the SBE message header. */
    public static final int SBE_HEADER_LENGTH = 8;

    /** Offset of the SBE body. */
    public static final int BODY_OFFSET = SBE_HEADER_OFFSET + SBE_HEADER_LENGTH;

    /** Largest value of a source id, schema id, template id or schema version. */
    public static final int MAX_U16 = 0xFFFF;

    private EnvelopeDescriptor() {}

    /**
     * Length of the document that carries a body.
     *
     * @param bodyLength bytes of the SBE body.
     * @return bytes of the document; always 4 (mod 8).
     */
    public static int documentLength(int bodyLength) {
        return BODY_OFFSET + BitUtil.align(bodyLength, Long.BYTES);
    }

    /**
     * Writes everything before the SBE message header.
     *
     * @param buffer to write to.
     * @param offset of the envelope.
     * @param bodyLength bytes of the SBE body.
     * @param sourceId of the publisher.
     * @param timestamp ns since the Unix epoch.
     */
    public static void putEnvelope(
            MutableDirectBuffer buffer, int offset, int bodyLength, int sourceId, long timestamp) {
        final int padding = BitUtil.align(bodyLength, Long.BYTES) - bodyLength;
        buffer.putInt(offset, VERSION | padding << 8 | sourceId << 16, LITTLE_ENDIAN);
        buffer.putLong(offset + TIMESTAMP_OFFSET, timestamp, LITTLE_ENDIAN);
    }

    /**
     * Writes an SBE message header.
     *
     * @param buffer to write to.
     * @param offset of the message header.
     * @param blockLength bytes of the root block.
     * @param templateId of the message.
     * @param schemaId of the message.
     * @param version of the schema.
     */
    public static void putSbeHeader(
            MutableDirectBuffer buffer, int offset, int blockLength, int templateId, int schemaId, int version) {
        buffer.putInt(offset, blockLength | templateId << 16, LITTLE_ENDIAN);
        buffer.putInt(offset + SCHEMA_ID_OFFSET, schemaId | version << 16, LITTLE_ENDIAN);
    }

    /**
     * Tells whether a document is a message of ours, as far as its envelope can tell.
     *
     * @param buffer holds the document.
     * @param offset of the document's payload.
     * @param length of the payload in bytes.
     * @return false for a foreign document.
     */
    public static boolean isMessage(DirectBuffer buffer, int offset, int length) {
        if (length < BODY_OFFSET || (length & 7) != 4 || buffer.getByte(offset) != VERSION) {
            return false;
        }
        final int flags = buffer.getByte(offset + FLAGS_OFFSET);
        return (flags & ~PADDING_MASK) == 0
                && flags + BODY_OFFSET <= length
                && blockLength(buffer, offset) <= length - flags - BODY_OFFSET;
    }

    /**
     * Padding bytes at the end of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return 0 to 7.
     */
    public static int padding(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & PADDING_MASK;
    }

    /**
     * Source id of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return 0 to 65535.
     */
    public static int sourceId(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SOURCE_ID_OFFSET, LITTLE_ENDIAN) & MAX_U16;
    }

    /**
     * Timestamp of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return ns since the Unix epoch.
     */
    public static long timestamp(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + TIMESTAMP_OFFSET, LITTLE_ENDIAN);
    }

    /**
     * Length of a message's root block.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return bytes.
     */
    public static int blockLength(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SBE_HEADER_OFFSET + BLOCK_LENGTH_OFFSET, LITTLE_ENDIAN) & MAX_U16;
    }

    /**
     * Template id of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return 0 to 65535.
     */
    public static int templateId(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SBE_HEADER_OFFSET + TEMPLATE_ID_OFFSET, LITTLE_ENDIAN) & MAX_U16;
    }

    /**
     * Schema id of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return 0 to 65535.
     */
    public static int schemaId(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SBE_HEADER_OFFSET + SCHEMA_ID_OFFSET, LITTLE_ENDIAN) & MAX_U16;
    }

    /**
     * Schema version of a message.
     *
     * @param buffer holds the message.
     * @param offset of the envelope.
     * @return 0 to 65535.
     */
    public static int schemaVersion(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + SBE_HEADER_OFFSET + SCHEMA_VERSION_OFFSET, LITTLE_ENDIAN) & MAX_U16;
    }
}
