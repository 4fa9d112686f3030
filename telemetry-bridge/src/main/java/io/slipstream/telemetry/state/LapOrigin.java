package io.slipstream.telemetry.state;

/**
 * When a lap began, by the capture clock: each frame says so as its capture time less the game's lap time. One frame is as wrong
 * as its capture was late, up to a display frame and more on a busy machine; the mean of the middle half of the last
 * {@value #SAMPLES} is not. Single-threaded; allocates nothing after construction.
 */
final class LapOrigin {
    private static final int SAMPLES = 64;

    private final long[] samples = new long[SAMPLES];
    private final long[] sorted = new long[SAMPLES];
    private int count;
    private int next;

    void clear() {
        count = 0;
        next = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == SAMPLES;
    }

    void add(final long timestamp, final float lapTime) {
        samples[next] = timestamp - Math.round(lapTime * 1e9);
        next = (next + 1) % SAMPLES;
        count = Math.min(count + 1, SAMPLES);
    }

    /** The origin in ns since the Unix epoch; there must be a sample. */
    long estimate() {
        for (int i = 0; i < count; i++) {
            final long sample = samples[i];
            int at = i;
            while (at > 0 && sorted[at - 1] > sample) {
                sorted[at] = sorted[at - 1];
                at--;
            }
            sorted[at] = sample;
        }
        final int first = count / 4;
        final int end = count - first;
        final long base = sorted[first];
        long sum = 0;
        for (int i = first; i < end; i++) {
            sum += sorted[i] - base;
        }
        return base + sum / (end - first);
    }
}
