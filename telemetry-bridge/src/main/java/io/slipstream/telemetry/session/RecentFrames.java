package io.slipstream.telemetry.session;

import java.util.Arrays;

/** Where the last frames were, by the numbers that the bridge gave them: events name frames so. Single-threaded. */
final class RecentFrames {
    /** A power of two; some ten seconds at a thousand frames a second. */
    private static final int SIZE = 8192;

    private final long[] numbers = new long[SIZE];
    private final long[] timestamps = new long[SIZE];
    private final long[] ordinals = new long[SIZE];

    RecentFrames() {
        Arrays.fill(numbers, -1);
    }

    void add(long number, long timestampNs, long ordinal) {
        final int at = (int) number & (SIZE - 1);
        numbers[at] = number;
        timestamps[at] = timestampNs;
        ordinals[at] = ordinal;
    }

    boolean has(long number) {
        return numbers[(int) number & (SIZE - 1)] == number;
    }

    long timestamp(long number) {
        return timestamps[(int) number & (SIZE - 1)];
    }

    long ordinal(long number) {
        return ordinals[(int) number & (SIZE - 1)];
    }
}
