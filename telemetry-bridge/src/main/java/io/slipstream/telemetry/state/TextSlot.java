package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A text, or one text a participant, as the bytes it is: compared without making a string of it. What lies behind the NUL is
 * left over from longer texts and does not count.
 */
final class TextSlot {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Field field;
    private final int offset;
    private final int stride;
    private final int length;
    private final long since;

    private TextSlot(final Field field, final int stride) {
        this.field = field;
        this.offset = field.offset();
        this.stride = stride;
        this.length = field.length();
        this.since = field.since();
    }

    static TextSlot single(final BlockFormat format, final String path) {
        return new TextSlot(format.field(path), 0);
    }

    /** A member of an array of structs: path of the first one, and the array it is in. */
    static TextSlot member(final BlockFormat format, final String array, final String member) {
        return new TextSlot(
                format.field(array + "[0]." + member), format.field(array).stride());
    }

    /** An array of texts. */
    static TextSlot array(final BlockFormat format, final String path) {
        return new TextSlot(format.field(path + "[0]"), format.field(path).stride());
    }

    /** Bytes that the longest text takes. */
    int capacity() {
        return length;
    }

    boolean isIn(final long version) {
        return version >= since;
    }

    int offset(final int index) {
        return offset + index * stride;
    }

    /** Bytes before the NUL. */
    int length(final DirectBuffer block, final int index) {
        final int start = offset(index);
        for (int i = 0; i < length; i++) {
            if (block.getByte(start + i) == 0) {
                return i;
            }
        }
        return length;
    }

    boolean isEmpty(final DirectBuffer block, final int index) {
        return block.getByte(offset(index)) == 0;
    }

    /** Is this the text, which holds no NUL? Asked of every name in a block ten times a second: eight bytes at a time. */
    boolean equals(final DirectBuffer block, final int index, final byte[] text, final int textLength) {
        final int start = offset(index);
        if (textLength < length && block.getByte(start + textLength) != 0) {
            return false;
        }
        int i = 0;
        for (; i + Long.BYTES <= textLength; i += Long.BYTES) {
            if (block.getLong(start + i, ByteOrder.LITTLE_ENDIAN) != (long) LONGS.get(text, i)) {
                return false;
            }
        }
        for (; i < textLength; i++) {
            if (block.getByte(start + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Copies the text without its NUL, and returns its length. */
    int copy(final DirectBuffer block, final int index, final byte[] target) {
        final int size = length(block, index);
        block.getBytes(offset(index), target, 0, size);
        return size;
    }

    /** Makes a string; empty where this version lacks the field. Allocates. */
    String text(final DirectBuffer block, final long version) {
        return isIn(version) ? field.text(block, 0) : "";
    }
}
