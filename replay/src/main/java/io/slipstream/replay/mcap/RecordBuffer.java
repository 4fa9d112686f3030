package io.slipstream.replay.mcap;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Records one behind the other, written field by field; grows as needed and keeps what it has grown to. A record, or a map or
 * array in it, is begun, written, and ended, which fills its length in. Not safe for several threads.
 */
final class RecordBuffer {
    private static final int INITIAL_CAPACITY = 4096;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(INITIAL_CAPACITY);
    private int length;

    /** Forgets what was written. */
    RecordBuffer clear() {
        length = 0;
        return this;
    }

    /** Bytes written. */
    int length() {
        return length;
    }

    /** What was written, from 0 to {@link #length()}; another array once the buffer has grown. */
    byte[] array() {
        return buffer.byteArray();
    }

    /** Begins a record; gives where it starts, for {@link #endRecord}. */
    int beginRecord(byte opcode) {
        final int start = length;
        u8(opcode);
        u64(0);
        return start;
    }

    /** Ends a record. */
    RecordBuffer endRecord(int start) {
        buffer.putLong(
                start + McapDescriptor.LENGTH_OFFSET,
                length - start - McapDescriptor.PREFIX_LENGTH,
                ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    /** Begins a map or an array; gives where it starts, for {@link #endList}. */
    int beginList() {
        final int start = length;
        u32(0);
        return start;
    }

    /** Ends a map or an array. */
    RecordBuffer endList(int start) {
        buffer.putInt(start, length - start - Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
        return this;
    }

    RecordBuffer u8(int value) {
        buffer.putByte(length, (byte) value);
        length += Byte.BYTES;
        return this;
    }

    RecordBuffer u16(int value) {
        buffer.putShort(length, (short) value, ByteOrder.LITTLE_ENDIAN);
        length += Short.BYTES;
        return this;
    }

    RecordBuffer u32(long value) {
        buffer.putInt(length, (int) value, ByteOrder.LITTLE_ENDIAN);
        length += Integer.BYTES;
        return this;
    }

    RecordBuffer u64(long value) {
        buffer.putLong(length, value, ByteOrder.LITTLE_ENDIAN);
        length += Long.BYTES;
        return this;
    }

    RecordBuffer bytes(byte[] value, int offset, int count) {
        buffer.putBytes(length, value, offset, count);
        length += count;
        return this;
    }

    RecordBuffer bytes(DirectBuffer value, int offset, int count) {
        buffer.putBytes(length, value, offset, count);
        length += count;
        return this;
    }

    /** A string with its length before it. */
    RecordBuffer string(String value) {
        final byte[] text = value.getBytes(StandardCharsets.UTF_8);
        u32(text.length);
        return bytes(text, 0, text.length);
    }

    /** A map of strings. */
    RecordBuffer strings(Map<String, String> map) {
        final int start = beginList();
        map.forEach((key, value) -> string(key).string(value));
        return endList(start);
    }
}
