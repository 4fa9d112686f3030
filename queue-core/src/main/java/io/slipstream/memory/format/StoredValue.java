package io.slipstream.memory.format;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.math.BigInteger;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** One value at an absolute offset of a buffer. Stateless; numbers allocate nothing. The path is for complaints. */
final class StoredValue {
    private StoredValue() {}

    static double number(final DirectBuffer buffer, final int index, final FieldType type, final String path) {
        return switch (type) {
            case F32 -> buffer.getFloat(index, LITTLE_ENDIAN);
            case F64 -> buffer.getDouble(index, LITTLE_ENDIAN);
            case U64 -> unsigned(buffer.getLong(index, LITTLE_ENDIAN));
            default -> integer(buffer, index, type, path);
        };
    }

    private static double unsigned(final long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    static long integer(final DirectBuffer buffer, final int index, final FieldType type, final String path) {
        return switch (type) {
            case I8 -> buffer.getByte(index);
            case U8 -> buffer.getByte(index) & 0xFFL;
            case I16 -> buffer.getShort(index, LITTLE_ENDIAN);
            case U16 -> buffer.getShort(index, LITTLE_ENDIAN) & 0xFFFFL;
            case I32 -> buffer.getInt(index, LITTLE_ENDIAN);
            case U32 -> buffer.getInt(index, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
            case I64, U64 -> buffer.getLong(index, LITTLE_ENDIAN);
            case F32 -> (long) buffer.getFloat(index, LITTLE_ENDIAN);
            case F64 -> (long) buffer.getDouble(index, LITTLE_ENDIAN);
            case BOOL8 -> buffer.getByte(index) == 0 ? 0 : 1;
            case CHAR8, CHAR16, STRUCT ->
                throw new FormatException(
                        path,
                        0,
                        "a field of type " + type.keyword() + " is no number; "
                                + (type == FieldType.STRUCT ? "read one of its members" : "read it as text"));
        };
    }

    /** The whole number as people read it: an unsigned one never negative. */
    static Number whole(final DirectBuffer buffer, final int index, final FieldType type, final String path) {
        final long bits = integer(buffer, index, type, path);
        return type == FieldType.U64 && bits < 0 ? (Number) new BigInteger(Long.toUnsignedString(bits)) : (Number) bits;
    }

    /** Stores the low bytes of a whole number. */
    static void putInteger(final MutableDirectBuffer buffer, final int index, final FieldType type, final long bits) {
        switch (type.size()) {
            case Byte.BYTES -> buffer.putByte(index, (byte) bits);
            case Short.BYTES -> buffer.putShort(index, (short) bits, LITTLE_ENDIAN);
            case Integer.BYTES -> buffer.putInt(index, (int) bits, LITTLE_ENDIAN);
            default -> buffer.putLong(index, bits, LITTLE_ENDIAN);
        }
    }

    static String text(final DirectBuffer buffer, final int index, final int length, final Field field) {
        if (!field.type().isText()) {
            throw new FormatException(
                    field.path(), 0, "a field of type " + field.type().keyword() + " is no text; read it as a number");
        }
        return BlockText.decode(buffer, index, length, field.textEncoding());
    }
}
