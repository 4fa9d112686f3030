package io.slipstream.telemetry.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes and applies the runs of {@link RunsDescriptor}. Stateless, allocates nothing. */
final class Runs {
    /** {@link #apply}: the runs end in the middle of a run, leave the block, or hold a number that cannot be. */
    static final int MALFORMED = -1;

    private static final int WORD = RunsDescriptor.WORD;
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private Runs() {}

    /** Writes the words of {@code block} that differ from {@code base}; both are padded to whole words. Returns bytes written. */
    static int encode(final byte[] base, final byte[] block, final int words, final UnsafeBuffer out) {
        int at = 0;
        int end = 0;
        int start = firstDifference(base, block, 0, words);
        while (start < words) {
            final int next = firstEquality(base, block, start + 1, words);
            at = putVarint(out, at, start - end);
            at = putVarint(out, at, next - start);
            at = putWords(out, at, block, start, next);
            end = next;
            start = firstDifference(base, block, next, words);
        }
        return at;
    }

    /** Most of a block is as it was, and the JVM compares long stretches of arrays a vector at a time. */
    private static int firstDifference(final byte[] base, final byte[] block, final int from, final int words) {
        final int offset = from * WORD;
        final int end = words * WORD;
        final int equal = Arrays.mismatch(base, offset, end, block, offset, end);
        return equal < 0 ? words : from + equal / WORD;
    }

    private static int firstEquality(final byte[] base, final byte[] block, final int from, final int words) {
        int word = from;
        while (word < words && (int) INTS.get(base, word * WORD) != (int) INTS.get(block, word * WORD)) {
            word++;
        }
        return word;
    }

    /** Runs are mostly of one to three words, for which a call to copy memory costs more than the copy. */
    private static int putWords(
            final UnsafeBuffer out, final int at, final byte[] block, final int start, final int next) {
        final int length = (next - start) * WORD;
        if (length > 8 * WORD) {
            out.putBytes(at, block, start * WORD, length);
        } else {
            for (int i = 0; i < length; i += WORD) {
                out.putInt(at + i, (int) INTS.get(block, start * WORD + i));
            }
        }
        return at + length;
    }

    static int putVarint(final MutableDirectBuffer out, final int offset, final int value) {
        int at = offset;
        int rest = value;
        while (rest > 0x7F) {
            out.putByte(at++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.putByte(at++, (byte) rest);
        return at;
    }

    /**
     * Applies runs to a block of {@code words} words in place. Returns 0, or {@link #MALFORMED} with some of them applied. Touches
     * nothing outside the source's region and the block, whatever the source holds.
     */
    static int apply(
            final DirectBuffer source, final int offset, final int length, final UnsafeBuffer block, final int words) {
        final int end = offset + length;
        int at = offset;
        long word = 0;
        while (at < end) {
            final long skip = varint(source, at, end);
            at += (int) (skip >>> 32);
            final long count = skip == MALFORMED ? MALFORMED : varint(source, at, end);
            if (count == MALFORMED) {
                return MALFORMED;
            }
            at += (int) (count >>> 32);
            word += (int) skip;
            final long bytes = (long) (int) count * WORD;
            if (bytes == 0 || word + (int) count > words || bytes > end - at) {
                return MALFORMED;
            }
            getWords(source, at, block, (int) word * WORD, (int) bytes);
            at += (int) bytes;
            word += (int) count;
        }
        return 0;
    }

    private static void getWords(
            final DirectBuffer source, final int at, final UnsafeBuffer block, final int to, final int length) {
        if (length > 8 * WORD) {
            block.putBytes(to, source, at, length);
        } else {
            for (int i = 0; i < length; i += WORD) {
                block.putInt(to + i, source.getInt(at + i));
            }
        }
    }

    /** The value, 31 bits, with the bytes that it takes in the upper half; or {@link #MALFORMED}. */
    private static long varint(final DirectBuffer source, final int offset, final int end) {
        long value = 0;
        for (int i = 0; i < RunsDescriptor.LONGEST_VARINT && offset + i < end; i++) {
            final byte b = source.getByte(offset + i);
            value |= (long) (b & 0x7F) << (7 * i);
            if (b >= 0) {
                return value > Integer.MAX_VALUE ? MALFORMED : value | (long) (i + 1) << 32;
            }
        }
        return MALFORMED;
    }
}
