package io.slipstream.tests.contract;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is in the contract's messages: all of it follows from the source, the sequence number within the source and the length,
 * so that a reader in any process knows every byte.
 *
 * <pre>
 *   u64 word 0 = sequence, word k = mix(seed + k * GOLDEN), little-endian, cut off at the length
 * </pre>
 */
final class Content {
    static final int SCHEMA_ID = 903;
    static final int SCHEMA_VERSION = 1;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long LENGTHS = 0x5EEDL;

    private Content() {}

    /** The finisher of SplitMix64 (Steele, Lea, Flood 2014). */
    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    static int length(long sequence, int min, int max) {
        return min + (int) ((mix(sequence + LENGTHS) >>> 33) % (max - min + 1L));
    }

    static int template(long sequence, int templates) {
        return 1 + (int) (sequence % templates);
    }

    static int blockLength(int length) {
        return Math.min(length, 0xFFFF);
    }

    private static long seed(int source, long sequence, int length) {
        return mix(mix(sequence + ((long) source << 48)) + length);
    }

    static void fill(MutableDirectBuffer buffer, int offset, int source, long sequence, int length) {
        final long seed = seed(source, sequence, length);
        for (int i = 0; i < length; i += Long.BYTES) {
            final long word = i == 0 ? sequence : mix(seed + (i >>> 3) * GOLDEN);
            if (i + Long.BYTES <= length) {
                buffer.putLong(offset + i, word, LITTLE_ENDIAN);
            } else {
                for (int j = 0; i + j < length; j++) {
                    buffer.putByte(offset + i + j, (byte) (word >>> (8 * j)));
                }
            }
        }
    }

    static boolean matches(DirectBuffer buffer, int offset, int source, long sequence, int length) {
        final long seed = seed(source, sequence, length);
        for (int i = 0; i < length; i += Long.BYTES) {
            final long word = i == 0 ? sequence : mix(seed + (i >>> 3) * GOLDEN);
            if (i + Long.BYTES <= length) {
                if (buffer.getLong(offset + i, LITTLE_ENDIAN) != word) {
                    return false;
                }
            } else {
                for (int j = 0; i + j < length; j++) {
                    if (buffer.getByte(offset + i + j) != (byte) (word >>> (8 * j))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
