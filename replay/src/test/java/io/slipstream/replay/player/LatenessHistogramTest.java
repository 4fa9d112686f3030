package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenessHistogramTest {
    private final LatenessHistogram histogram = new LatenessHistogram();

    @Test
    void shouldKnowNothingAtFirst() {
        assertThat(histogram.percentile(99)).isZero();
        assertThat(histogram.max()).isZero();
    }

    @Test
    void shouldFindPercentilesToASixtyFourth() {
        final Random random = new Random(1);
        final long[] values = new long[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(random.nextDouble() * 25);
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        for (final double percent : new double[] {1, 50, 90, 99, 99.9, 100}) {
            final long exact = values[(int) Math.ceil(values.length * percent / 100) - 1];
            assertThat(histogram.percentile(percent)).as("%s %%", percent).isBetween(exact, exact + exact / 64 + 1);
        }
        assertThat(histogram.max()).isEqualTo(values[values.length - 1]);
    }

    @Test
    void shouldTakeWhatIsOutOfRange() {
        histogram.record(-5);
        assertThat(histogram.percentile(100)).isZero();
        histogram.record(Long.MAX_VALUE);
        assertThat(histogram.percentile(100)).isEqualTo(histogram.max()).isEqualTo((1L << 40) - 1);
    }
}
