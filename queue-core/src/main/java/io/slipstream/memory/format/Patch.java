package io.slipstream.memory.format;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Bytes to store in a block: one number, or one text.
 *
 * @param offset from the start of the block.
 * @param bytes all of them.
 */
record Patch(int offset, DirectBuffer bytes) {
    /** Numbers are stored whole, so that a reader without any rule sees the old one or the new one. */
    void apply(final MutableDirectBuffer block) {
        switch (bytes.capacity()) {
            case Byte.BYTES -> block.putByte(offset, bytes.getByte(0));
            case Short.BYTES -> block.putShort(offset, bytes.getShort(0));
            case Integer.BYTES -> block.putInt(offset, bytes.getInt(0));
            case Long.BYTES -> block.putLong(offset, bytes.getLong(0));
            default -> block.putBytes(offset, bytes, 0, bytes.capacity());
        }
    }

    boolean touches(final Field field) {
        return offset < field.offset() + field.length() && field.offset() < offset + bytes.capacity();
    }
}
