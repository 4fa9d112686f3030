package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplingPacerTest {
    private static final long PERIOD_NS = 6_000_000;

    private final SamplingPacer pacer = new SamplingPacer(false);

    /** A game at a steady rate, long enough for the pacer to know it. */
    private long afterFrames(final int count) {
        long now = 1_000_000_000;
        for (int i = 0; i < count; i++) {
            now += PERIOD_NS;
            pacer.onFrame(now);
        }
        return now;
    }

    @Test
    void shouldComeCloserToTheNextFrameByHalves() {
        final long frame = afterFrames(200);
        final long due = frame + PERIOD_NS;
        for (long now = frame; due - now > 3 * SamplingPacer.FASTEST_NS; ) {
            final long delay = pacer.delay(now);
            assertThat(delay)
                    .as("ns to wait %d ns before the frame", due - now)
                    .isBetween((due - now) / 2 - 10_000, (due - now) / 2 + 10_000);
            now += delay;
        }
    }

    @Test
    void shouldLookOftenWhenAFrameIsDue() {
        final long due = afterFrames(200) + PERIOD_NS;
        assertThat(pacer.delay(due - 1)).isEqualTo(SamplingPacer.FASTEST_NS);
        assertThat(pacer.delay(due)).isEqualTo(SamplingPacer.FASTEST_NS);
        assertThat(pacer.delay(due + 100_000)).isEqualTo(SamplingPacer.FASTEST_NS);
    }

    @Test
    void shouldLookEverMoreSeldomAtAGameThatStandsStill() {
        final long frame = afterFrames(200);
        long last = 0;
        for (long late = 1_000_000; late < 1_000_000_000_000L; late *= 2) {
            final long delay = pacer.delay(frame + PERIOD_NS + late);
            assertThat(delay).as("ns to wait, %d ns late", late).isBetween(last, SamplingPacer.SLOWEST_NS);
            last = delay;
        }
        assertThat(last).as("in the end").isEqualTo(SamplingPacer.SLOWEST_NS);
    }

    @Test
    void shouldFollowAFasterGameAtOnce() {
        final long now = afterFrames(200) + 1_000_000;
        pacer.onFrame(now);
        assertThat(pacer.delay(now)).as("half of the new, shorter period").isEqualTo(500_000);
    }

    @Test
    void shouldNotTakeAPauseForTheRate() {
        final long now = afterFrames(200) + 3_600_000_000_000L;
        pacer.onFrame(now);
        assertThat(pacer.delay(now))
                .as("half of a period that an hour's pause has hardly changed")
                .isLessThan(2 * PERIOD_NS);
    }

    @Test
    void shouldNeverWaitWhenItSpins() {
        final SamplingPacer spinning = new SamplingPacer(true);
        spinning.onFrame(1_000_000_000);
        for (final long now : new long[] {1_000_000_000, 1_003_000_000, 1_004_000_000, 9_000_000_000L}) {
            assertThat(spinning.delay(now)).isZero();
        }
    }
}
