package io.slipstream.replay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.slipstream.memory.format.Field;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of a session whose frames are known. */
final class SamplesTest {
    private static final long START = Sessions.START_NS;
    private static final long PERIOD = 20_000_000L;
    private static final Field SPEED = Sessions.FORMAT.field("mSpeed");

    /** One sample, as a caller sees it. */
    private record Sample(long timestamp, long frame, long grid, long lap, double lapTime, double speed, double gear) {}

    @TempDir
    Path folder;

    private Sessions sessions;
    private final ChannelCatalogue catalogue = ChannelCatalogue.of(Sessions.FORMAT, 14);
    private long damaged;
    private long gaps;

    @BeforeEach
    void start() throws IOException {
        sessions = new Sessions(folder);
    }

    @AfterEach
    void end() throws IOException {
        sessions.close();
    }

    private SampleSelection selection() {
        return SampleSelection.of(catalogue.select(List.of("speed", "gear")));
    }

    private List<Sample> read(Path session, SampleSelection selection) throws IOException {
        final List<Sample> samples = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                Samples at = Samples.open(reader, selection)) {
            while (at.next()) {
                assertThat(at.time()).isEqualTo((at.timestampNs() - reader.startNs()) / 1e9);
                samples.add(new Sample(
                        at.timestampNs(),
                        at.frame(),
                        at.gridIndex(),
                        at.lap().lap(),
                        at.lapTime(),
                        at.value(0),
                        at.value(1)));
            }
            assertThat(at.next()).as("at the end there is no more").isFalse();
            assertThat(at.count()).isEqualTo(samples.size());
            assertThat(at.progress()).isEqualTo(1, within(1e-6));
            damaged = at.damaged();
            gaps = at.gaps();
        }
        return samples;
    }

    private double speed(int frame) {
        final UnsafeBuffer block = new UnsafeBuffer(sessions.frames.get(frame).block());
        return (float) (SPEED.si(block, 0) * 3.6);
    }

    @Test
    void shouldGiveEveryFrameAsItIs() throws IOException {
        final List<Sample> samples =
                read(sessions.frames(200, START, PERIOD).record().finish(), selection());
        assertThat(samples).hasSize(200);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(samples.get(i).timestamp).isEqualTo(START + i * PERIOD);
            assertThat(samples.get(i).frame).isEqualTo(i);
            assertThat(samples.get(i).speed).as("frame %d", i).isEqualTo(speed(i));
        }
        assertThat(damaged).isZero();
        assertThat(gaps).isZero();
    }

    @Test
    void shouldGiveTheSameAtTheSourcesOwnRate() throws IOException {
        final Path session = sessions.frames(200, START, PERIOD).record().finish();
        assertThat(read(session, selection().withRate(50))).isEqualTo(read(session, selection()));
    }

    @Test
    void shouldDrawALineBetweenFrames() throws IOException {
        final Path session = sessions.frames(100, START, PERIOD).record().finish();
        final List<Sample> samples = read(session, selection().withRate(200));
        assertThat(samples).hasSize(99 * 4 + 1);
        for (int i = 0; i < samples.size(); i++) {
            final int frame = i / 4;
            final double share = i % 4 / 4.0;
            final double expected =
                    share == 0 ? speed(frame) : speed(frame) + share * (speed(frame + 1) - speed(frame));
            assertThat(samples.get(i).timestamp).isEqualTo(START + i * PERIOD / 4);
            assertThat(samples.get(i).frame).isEqualTo(frame);
            assertThat(samples.get(i).speed).as("sample %d", i).isEqualTo(expected, within(1e-4));
        }
    }

    @Test
    void shouldKeepAFractionalGridExactForLong() throws IOException {
        final Path session = sessions.frames(500, START, PERIOD).record().finish();
        final List<Sample> samples = read(session, selection().withRate(59.94));
        assertThat(samples).hasSize((int) (499 * 0.02 * 59.94) + 1);
        for (Sample sample : samples) {
            assertThat(sample.timestamp).isEqualTo(START + Math.round(sample.grid * 1e9 / 59.94));
        }
        assertThat(samples.getLast().grid).isEqualTo(samples.size() - 1);
    }

    @Test
    void shouldInventNothingInAGap() throws IOException {
        sessions.frames(50, START, PERIOD);
        final long after = START + 50 * PERIOD + 3_000_000_000L;
        sessions.frames(50, after, PERIOD);
        final List<Sample> samples =
                read(sessions.record().finish(), selection().withRate(100));
        assertThat(gaps).isEqualTo(1);
        assertThat(samples).noneMatch(s -> s.timestamp > START + 49 * PERIOD && s.timestamp < after);
        assertThat(samples).filteredOn(s -> s.timestamp <= START + 49 * PERIOD).hasSize(99);
        assertThat(samples).filteredOn(s -> s.timestamp >= after).hasSize(99);
        for (Sample sample : samples) {
            assertThat(sample.timestamp).as("on one grid").isEqualTo(START + sample.grid * 10_000_000L);
        }
    }

    @Test
    void shouldDrawAcrossASecondButNotMore() throws IOException {
        sessions.frame(START).frame(START + 1_000_000_000L).frame(START + 2_000_000_001L);
        final List<Sample> samples =
                read(sessions.record().finish(), selection().withRate(4));
        assertThat(samples).extracting(Sample::grid).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(gaps).isEqualTo(1);
    }

    @Test
    void shouldTakeAPartOfTheTime() throws IOException {
        final Path session = sessions.frames(300, START, PERIOD).record().finish();
        final long from = START + 100 * PERIOD + 1;
        final long to = START + 200 * PERIOD;
        final List<Sample> samples = read(session, selection().withTime(from, to));
        assertThat(samples).hasSize(99);
        assertThat(samples.getFirst().frame).isEqualTo(101);
        assertThat(samples.getFirst().speed).isEqualTo(speed(101));
        assertThat(samples.getLast().frame).isEqualTo(199);
        final List<Sample> onGrid = read(session, selection().withTime(from, to).withRate(25));
        assertThat(onGrid).hasSize(50);
        assertThat(onGrid.getFirst().timestamp).as("from the first sample").isEqualTo(START + 101 * PERIOD);
        assertThat(read(session, selection().withTime(START + 400 * PERIOD, Long.MAX_VALUE)))
                .isEmpty();
        assertThat(read(session, selection().withTime(Long.MIN_VALUE, START))).isEmpty();
    }

    @Test
    void shouldTakeLapsThatAreApart() throws IOException {
        // Laps of 17 s; simulated frames are 1/60 s apart whatever times they are given.
        final long period = 16_666_667L;
        final Path session = sessions.frames(4_000, START, period).record().finish();
        final List<LapSpan> laps;
        try (SessionReader reader = SessionReader.open(session)) {
            laps = reader.laps();
        }
        assertThat(laps).hasSizeGreaterThan(3);
        // What is before the first line is a span of its own.
        final LapSpan first = laps.get(1);
        final LapSpan third = laps.get(3);
        final List<Sample> all = read(session, selection());
        final List<Sample> chosen = read(session, selection().withLaps(List.of(third, first)));
        assertThat(all)
                .extracting(Sample::lap)
                .contains(first.lap(), laps.get(2).lap(), third.lap());
        assertThat(chosen).hasSizeGreaterThan(1500);
        assertThat(chosen.stream().map(Sample::timestamp))
                .as("just the frames of those laps, in order of time")
                .containsExactlyElementsOf(all.stream()
                        .filter(s -> s.lap == first.lap() || s.lap == third.lap())
                        .map(Sample::timestamp)
                        .toList());
        for (Sample sample : chosen) {
            final LapSpan lap = sample.lap == first.lap() ? first : third;
            assertThat(sample.lapTime).isEqualTo((sample.timestamp - lap.startNs()) / 1e9);
        }
        final List<Sample> onGrid =
                read(session, selection().withLaps(List.of(first, third)).withRate(50));
        assertThat(gaps).as("what was not chosen is no gap").isZero();
        assertThat(onGrid).extracting(Sample::lap).containsOnly(first.lap(), third.lap());
        for (Sample sample : onGrid) {
            assertThat((sample.timestamp - first.startNs()) % 20_000_000L)
                    .as("time on the grid from the first sample")
                    .isZero();
            assertThat(sample.timestamp)
                    .isBetween(first.startNs(), third.endNs())
                    .matches(time -> time < first.endNs() || time >= third.startNs());
        }
    }

    @Test
    void shouldAllocateNothingASample() throws IOException {
        final Path session = sessions.frames(3_000, START, PERIOD).record().finish();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (double rate : new double[] {SampleSelection.EVERY_FRAME, 75}) {
            try (SessionReader reader = SessionReader.open(session);
                    Samples samples = Samples.open(
                            reader, SampleSelection.of(catalogue.defaults()).withRate(rate))) {
                for (int i = 0; i < 500; i++) {
                    assertThat(samples.next()).isTrue();
                }
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 2_000; i++) {
                    samples.next();
                }
                // What the JVM itself needs to link a lambda is not of the samples.
                assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                        .as("bytes for 2,000 samples at %s Hz", rate)
                        .isLessThan(20_000);
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNoRateAndNoTime() {
        for (double rate : new double[] {-1, 0.0009, Double.NaN, Double.POSITIVE_INFINITY, 100_001}) {
            assertThatThrownBy(() -> selection().withRate(rate))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Hz");
        }
        assertThatThrownBy(() -> selection().withTime(2, 1)).hasMessageContaining("before the start");
    }
}
