package io.slipstream.memory.format;

import java.math.BigInteger;
import java.util.Locale;

/** What one value of a field is made of. Every number is little-endian. */
public enum FieldType {
    /** Signed 8-bit integer. */
    I8(1),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** Signed 16-bit integer. */
    I16(2),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** Signed 32-bit integer. */
    I32(4),
    /** Unsigned 32-bit integer. */
    U32(4),
    /** Signed 64-bit integer. */
    I64(8),
    /** Unsigned 64-bit integer. */
    U64(8),
    /** IEEE 754 single. */
    F32(4),
    /** IEEE 754 double. */
    F64(8),
    /** One byte, 0 false, anything else true. */
    BOOL8(1),
    /** Text of 8-bit units up to a NUL, in the field's encoding; without one UTF-8, or Windows-1252 where it is not valid UTF-8. */
    CHAR8(1),
    /** Text of 16-bit units up to a NUL: UTF-16 little-endian. */
    CHAR16(2),
    /** A struct; its members hold the values. */
    STRUCT(0);

    private final int size;

    FieldType(final int size) {
        this.size = size;
    }

    /**
     * Bytes of one unit.
     *
     * @return 1, 2, 4 or 8; 0 for a struct, whose size is its declaration's.
     */
    public int size() {
        return size;
    }

    /**
     * Is this text, with the last dimension its greatest length?
     *
     * @return true for {@link #CHAR8} and {@link #CHAR16}.
     */
    public boolean isText() {
        return this == CHAR8 || this == CHAR16;
    }

    /**
     * Is this a number with a fraction?
     *
     * @return true for {@link #F32} and {@link #F64}.
     */
    public boolean isFloating() {
        return this == F32 || this == F64;
    }

    /**
     * Is this a whole number?
     *
     * @return true for the signed and unsigned integers; false for {@link #BOOL8}.
     */
    public boolean isInteger() {
        return switch (this) {
            case I8, U8, I16, U16, I32, U32, I64, U64 -> true;
            case F32, F64, BOOL8, CHAR8, CHAR16, STRUCT -> false;
        };
    }

    /** Is this a whole number that can be negative? */
    boolean isSigned() {
        return this == I8 || this == I16 || this == I32 || this == I64;
    }

    /** The least whole number of this type. */
    BigInteger least() {
        return isSigned() ? BigInteger.TWO.pow(size * 8 - 1).negate() : BigInteger.ZERO;
    }

    /** The greatest whole number of this type. */
    BigInteger most() {
        return BigInteger.TWO.pow(isSigned() ? size * 8 - 1 : size * 8).subtract(BigInteger.ONE);
    }

    /**
     * Word of the format language.
     *
     * @return the name in small letters.
     */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}
