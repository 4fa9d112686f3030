package io.slipstream.replay.player;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets whose width grows with the duration, as HdrHistogram does: exact to 64 ns, then to a 64th of the
 * value. Fixed size. One thread records; any may ask.
 */
final class LatenessHistogram {
    /** Linear buckets for each power of two. */
    private static final int SUB_BITS = 6;

    private static final int SUB = 1 << SUB_BITS;
    /** Up to 2^40 ns, some 18 minutes; what is longer counts as that. */
    private static final int MAX_BITS = 40;

    private final AtomicLongArray counts = new AtomicLongArray((MAX_BITS - SUB_BITS + 1) * SUB);
    private volatile long max;

    void record(long ns) {
        final long value = Math.clamp(ns, 0, (1L << MAX_BITS) - 1);
        final int index = index(value);
        counts.lazySet(index, counts.getPlain(index) + 1);
        if (value > max) {
            max = value;
        }
    }

    private static int index(long value) {
        if (value < SUB) {
            return (int) value;
        }
        final int shift = Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - SUB_BITS;
        return (shift + 1) * SUB + (int) (value >>> shift) - SUB;
    }

    /** The greatest value of a bucket. */
    private static long upper(int index) {
        if (index < SUB) {
            return index;
        }
        final int shift = index / SUB - 1;
        return ((long) (index % SUB + SUB + 1) << shift) - 1;
    }

    /** The value that so many percent of those recorded do not exceed, to a 64th; 0 if there is none. */
    long percentile(double percent) {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        if (total == 0) {
            return 0;
        }
        long left = (long) Math.ceil(total * percent / 100);
        for (int i = 0; i < counts.length(); i++) {
            left -= counts.get(i);
            if (left <= 0) {
                return Math.min(upper(i), max);
            }
        }
        return max;
    }

    long max() {
        return max;
    }
}
