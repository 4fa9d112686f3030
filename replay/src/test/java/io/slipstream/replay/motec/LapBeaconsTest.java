package io.slipstream.replay.motec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.telemetry.session.LapSpan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LapBeaconsTest {
    private static final long START = 1_767_323_045_000_000_000L;

    private static final long FRAME = 16_666_667L;

    private final List<LapSpan> laps = new ArrayList<>();

    private void lap(final double time, final boolean whole, final boolean valid, final double end) {
        final long start = laps.isEmpty() ? START : laps.getLast().endNs();
        laps.add(new LapSpan(laps.size() + 1, time, true, whole, valid, start, START + Math.round(end * 1e9), 0, 0));
    }

    private LapBeacons beacons(final double seconds) {
        return new LapBeacons(START, START + Math.round(seconds * 1e9), 2 * FRAME).add(laps);
    }

    private static List<Double> differences(final LdxFile file) {
        final List<Double> seconds = new ArrayList<>();
        for (int i = 1; i < file.beacons().size(); i++) {
            seconds.add(
                    (file.beacons().get(i).micros() - file.beacons().get(i - 1).micros()) / 1e6);
        }
        return seconds;
    }

    @Test
    void shouldShowTheGamesTimesThoughFramesAreLater() {
        lap(98.087, true, true, 100.003);
        lap(99.584, true, true, 199.591);
        lap(99.045, true, false, 298.630);
        lap(97.512, true, true, 396.149);
        final LdxFile file = beacons(400).file();
        assertThat(differences(file)).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(differences(file).get(i)).isCloseTo(laps.get(i).time(), within(1e-6));
        }
        assertThat(file.beacons().getFirst().name()).isEqualTo("Start.1");
        assertThat(file.beacons().getFirst().micros()).isCloseTo(1_916_000, within(1.0));
        assertThat(file.fastestLap()).isEqualTo(4);
        assertThat(file.fastestTime()).isEqualTo(97.512);
        assertThat(file.totalLaps()).isEqualTo(6);
    }

    @Test
    void shouldNotInventTheTimeOfALapJoinedOnTheWay() {
        lap(98, false, true, 30);
        lap(99, true, true, 129.004);
        final LdxFile file = beacons(150).file();
        assertThat(file.beacons()).extracting(LdxFile.Beacon::name).containsExactly("Manual.1", "Manual.2");
        assertThat(file.beacons().getFirst().micros()).isEqualTo(30e6);
        assertThat(differences(file)).containsExactly(99.0);
        assertThat(file.fastestLap()).isEqualTo(2);
    }

    @Test
    void shouldPartAPauseFromTheLapItIsIn() {
        lap(60, true, true, 60.002);
        lap(61, true, true, 181.0);
        lap(62, true, true, 243.003);
        final LapBeacons beacons = beacons(300);
        assertThat(beacons.file().beacons())
                .extracting(LdxFile.Beacon::name)
                .containsExactly("Start.1", "Manual.1", "Start.2", "Manual.2", "Manual.3");
        assertThat(differences(beacons.file()).get(2)).isEqualTo(61);
        assertThat(differences(beacons.file()).get(3)).isEqualTo(62);
        assertThat(beacons.mismatched()).isZero();
    }

    @Test
    void shouldEndALapWithTheFrameBehindTheLogAndNotLater() {
        lap(60, true, true, 60);
        assertThat(beacons(60 - 0.02).file().beacons()).hasSize(2);
        assertThat(beacons(60 - 0.5).file().beacons()).isEmpty();
    }

    @Test
    void shouldSayWhereNoBeaconsCanShowTheTime() {
        lap(60, true, true, 60);
        lap(90, true, true, 110);
        final LapBeacons beacons = beacons(120);
        assertThat(beacons.mismatched()).isEqualTo(1);
        assertThat(beacons.file().beacons().getLast().micros()).isEqualTo(110e6);
        assertThat(beacons.file().fastestLap()).isEqualTo(1);
    }

    @Test
    void shouldFollowTheFramesWhereNoTimeIsKnown() {
        lap(Double.NaN, true, true, 60);
        lap(Double.NaN, false, true, 130);
        final LdxFile file = beacons(131).file();
        assertThat(file.beacons()).extracting(LdxFile.Beacon::micros).containsExactly(60e6, 130e6);
        assertThat(file.fastestTime()).isNaN();
        assertThat(file.fastestLap()).isEqualTo(-1);
    }
}
