package io.slipstream.replay.motec;

import java.nio.ByteBuffer;

/** What one sample of a channel is, as the file says by two numbers: the kind, and the bytes. */
public enum LdType {
    /** Half precision; read only. */
    FLOAT_16(7, 2),
    /** Single precision. */
    FLOAT_32(7, 4),
    /** Double precision; read only. */
    FLOAT_64(8, 8),
    /** Whole, 16 bits. */
    INT_16(3, 2),
    /** Whole, 32 bits. */
    INT_32(5, 4);

    private final int kind;
    private final int size;

    LdType(int kind, int size) {
        this.kind = kind;
        this.size = size;
    }

    /**
     * The type that two numbers mean. Files have whole numbers of kinds 0, 3 and 5 with either size.
     *
     * @param kind at {@link LdDescriptor#CHANNEL_TYPE_OFFSET}.
     * @param size at {@link LdDescriptor#CHANNEL_SIZE_OFFSET}, bytes.
     * @return the type; null for one that is not known.
     */
    static LdType of(int kind, int size) {
        return switch (kind) {
            case 7 -> size == 2 ? FLOAT_16 : size == 4 ? FLOAT_32 : null;
            case 8 -> size == 8 ? FLOAT_64 : null;
            case 0, 3, 5 -> size == 2 ? INT_16 : size == 4 ? INT_32 : null;
            default -> null;
        };
    }

    /**
     * The kind.
     *
     * @return as the file has it.
     */
    public int kind() {
        return kind;
    }

    /**
     * How long a sample is.
     *
     * @return bytes.
     */
    public int size() {
        return size;
    }

    /**
     * Are samples whole numbers?
     *
     * @return true if so.
     */
    public boolean whole() {
        return this == INT_16 || this == INT_32;
    }

    double read(ByteBuffer from, int at) {
        return switch (this) {
            case FLOAT_16 -> Float.float16ToFloat(from.getShort(at));
            case FLOAT_32 -> from.getFloat(at);
            case FLOAT_64 -> from.getDouble(at);
            case INT_16 -> from.getShort(at);
            case INT_32 -> from.getInt(at);
        };
    }
}
