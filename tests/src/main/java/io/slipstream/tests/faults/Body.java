package io.slipstream.tests.faults;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.EnvelopeDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is in a message: all of it follows from the source and the sequence number within the source.
 *
 * <pre>
 *   length   16 to 120 bytes, by the seed
 *   word 0   sequence
 *   word k   seed + 8 * k * GOLDEN, little-endian, the last one cut off at the length
 * </pre>
 */
final class Body {
    static final int SCHEMA_ID = 905;
    static final int SCHEMA_VERSION = 1;
    static final int TEMPLATE_ID = 1;
    static final int MIN_LENGTH = 16;
    static final int MAX_LENGTH = 120;

    private static final int SOURCE_SHIFT = 48;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Body() {}

    /** The finisher of SplitMix64 (Steele, Lea, Flood 2014). */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A number for each message of each source. */
    static long identity(int source, long sequence) {
        return sequence + ((long) source << SOURCE_SHIFT);
    }

    static long seed(int source, long sequence) {
        return mix(identity(source, sequence));
    }

    static int length(long seed) {
        return MIN_LENGTH + (int) ((seed >>> 33) % (MAX_LENGTH - MIN_LENGTH + 1));
    }

    /** Writes the message header and the body; tells the length of both. */
    static int encode(MutableDirectBuffer message, int offset, int source, long sequence) {
        final long seed = seed(source, sequence);
        final int length = length(seed);
        EnvelopeDescriptor.putSbeHeader(message, offset, length, TEMPLATE_ID, SCHEMA_ID, SCHEMA_VERSION);
        final int body = offset + EnvelopeDescriptor.SBE_HEADER_LENGTH;
        for (int at = 0; at < length; at += Long.BYTES) {
            final long word = word(seed, sequence, at);
            if (at + Long.BYTES <= length) {
                message.putLong(body + at, word, LITTLE_ENDIAN);
            } else {
                for (int i = 0; at + i < length; i++) {
                    message.putByte(body + at + i, byteOf(word, i));
                }
            }
        }
        return EnvelopeDescriptor.SBE_HEADER_LENGTH + length;
    }

    static boolean matches(DirectBuffer body, int offset, int length, int source, long sequence) {
        final long seed = seed(source, sequence);
        if (length != length(seed)) {
            return false;
        }
        for (int at = 0; at < length; at += Long.BYTES) {
            final long word = word(seed, sequence, at);
            if (at + Long.BYTES <= length) {
                if (body.getLong(offset + at, LITTLE_ENDIAN) != word) {
                    return false;
                }
            } else {
                for (int i = 0; at + i < length; i++) {
                    if (body.getByte(offset + at + i) != byteOf(word, i)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static long word(long seed, long sequence, int at) {
        return at == 0 ? sequence : seed + at * GOLDEN;
    }

    private static byte byteOf(long word, int i) {
        return (byte) (word >>> (Byte.SIZE * i));
    }
}
