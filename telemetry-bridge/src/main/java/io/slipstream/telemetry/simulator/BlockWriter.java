package io.slipstream.telemetry.simulator;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/** Puts values where a block has them. Little-endian; offsets are absolute in the buffer. */
final class BlockWriter {
    static final int WORD = 4;

    private MutableDirectBuffer buffer;

    void wrap(final MutableDirectBuffer block) {
        buffer = block;
    }

    void f32(final int offset, final double value) {
        buffer.putFloat(offset, (float) value, LITTLE_ENDIAN);
    }

    void vector(final int offset, final double x, final double y, final double z) {
        f32(offset, x);
        f32(offset + WORD, y);
        f32(offset + 2 * WORD, z);
    }

    void i32(final int offset, final int value) {
        buffer.putInt(offset, value, LITTLE_ENDIAN);
    }

    void bool8(final int offset, final boolean value) {
        buffer.putByte(offset, value ? (byte) 1 : 0);
    }

    /** A text of at most {@code length - 1} bytes, NULs behind it. */
    void text(final int offset, final int length, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= length) {
            throw new IllegalArgumentException("'" + value + "' takes " + bytes.length + " bytes of the " + (length - 1)
                    + " that its field holds: shorten it");
        }
        buffer.setMemory(offset, length, (byte) 0);
        buffer.putBytes(offset, bytes);
    }

    /** Seconds, or what the block says where there is no time yet. */
    void time(final int offset, final double seconds, final double unset) {
        f32(offset, Double.isNaN(seconds) ? unset : seconds);
    }
}
