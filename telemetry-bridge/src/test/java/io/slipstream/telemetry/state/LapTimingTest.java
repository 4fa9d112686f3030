package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LapTimingTest {
    private static final Offset<Double> MILLISECOND = within(0.001);
    private static final Offset<Double> FRAME = within(0.007);

    @ParameterizedTest
    @ValueSource(doubles = {30, 58, 165, 1000})
    void shouldTimeLapsToAMillisecondByTheClockAlone(final double rate) {
        final Drive drive = new Drive(rate);
        drive.lap(90.25).lap(91.5).lap(89.125);
        assertThat(drive.laps).extracting(Drive.Lap::lap).containsExactly(1L, 2L, 3L);
        assertThat(drive.laps).allMatch(Drive.Lap::whole, "whole");
        assertThat(drive.laps.get(0).time()).isCloseTo(90.25, MILLISECOND);
        assertThat(drive.laps.get(1).time()).isCloseTo(91.5, MILLISECOND);
        assertThat(drive.laps.get(2).time()).isCloseTo(89.125, MILLISECOND);
    }

    @Test
    void shouldWaitForTheGamesOwnTimeAndPreferIt() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S).nextLap(Drive.LAP_S).seconds(0.5);
        assertThat(drive.laps).as("no time yet, so no event").isEmpty();
        drive.block.set("mLastLapTimes[0]", 90.111);
        drive.frame();
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().time()).isCloseTo(90.111, within(1e-5));
        assertThat(drive.laps.getFirst().frame())
                .as("first frame of the next lap")
                .isLessThan(drive.frame - 80);
    }

    @Test
    void shouldTakeATimeThatTheGameWroteAFrameEarlyAndInItsOtherField() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S - 0.02);
        drive.block.set("mLastLapTime", 90.2);
        drive.seconds(0.02).nextLap(Drive.LAP_S);
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().time()).isCloseTo(90.2, within(1e-5));
    }

    @Test
    void shouldPreferTheClockToAGameTimeThatCannotBeTrue() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S).nextLap(Drive.LAP_S);
        drive.block.set("mLastLapTimes[0]", 61.5);
        drive.seconds(3);
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    @Test
    void shouldNotTakeTheTimeOfTheLapBeforeForThisOne() {
        final Drive drive = new Drive();
        drive.block.set("mLastLapTimes[0]", 90.0);
        drive.lap();
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    @Test
    void shouldLeaveOutPausedTime() {
        final Drive drive = new Drive();
        drive.seconds(40);
        pause(drive, 25);
        drive.lap();
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().whole()).isTrue();
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
        assertThat(drive.events).as("a pause ends no session").doesNotContain("ended 0");
    }

    @Test
    void shouldLeaveOutAPauseRightAtTheLine() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S);
        pause(drive, 25);
        drive.nextLap(Drive.LAP_S).seconds(3);
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, FRAME);
    }

    @Test
    void shouldLeaveOutAPauseRightBehindTheLine() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S).nextLap(Drive.LAP_S).seconds(0.05);
        pause(drive, 25);
        drive.seconds(3);
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    @Test
    void shouldLeaveOutAPauseInWhichTheGameWritesNothing() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S - 0.1);
        drive.now += 25;
        drive.origin += 25;
        drive.seconds(0.1).nextLap(Drive.LAP_S).seconds(3);
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    private static void pause(final Drive drive, final double seconds) {
        final double end = drive.now + seconds;
        drive.state(3);
        while (drive.now < end) {
            drive.origin += 0.1;
            drive.now += 0.1;
            drive.send();
        }
        drive.state(2);
    }

    @Test
    void shouldNotBeMisledByLateCaptures() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S - 0.05);
        for (int i = 0; i < 12; i++) {
            drive.now += 0.08;
            drive.block.set("mCurrentTime", drive.now - 0.08 - drive.origin);
            drive.send();
            drive.now -= 0.08 - 0.001;
        }
        drive.seconds(0.04).nextLap(Drive.LAP_S).seconds(3);
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    @Test
    void shouldReportALapJoinedMidwayAsNotWholeAndWithoutTime() {
        final Drive drive = new Drive();
        drive.origin = 0;
        drive.now = 30;
        drive.lap = 4;
        drive.lap().lap(95);
        assertThat(drive.laps.get(0).whole()).isFalse();
        assertThat(drive.laps.get(0).lap()).isEqualTo(4);
        assertThat(drive.laps.get(0).time()).isNaN();
        assertThat(drive.laps.get(1).whole()).isTrue();
        assertThat(drive.laps.get(1).time()).isCloseTo(95, MILLISECOND);
    }

    @Test
    void shouldGiveTheGamesTimeOfALapJoinedMidway() {
        final Drive drive = new Drive();
        drive.now = 30;
        drive.seconds(Drive.LAP_S - 30).nextLap(Drive.LAP_S);
        drive.block.set("mLastLapTimes[0]", 90.25);
        drive.frame();
        assertThat(drive.laps.getFirst().whole()).isFalse();
        assertThat(drive.laps.getFirst().time()).isCloseTo(90.25, within(1e-5));
    }

    @Test
    void shouldTimeALapThroughAShortGapAndNotCallALongOneWhole() {
        final Drive drive = new Drive();
        drive.seconds(20);
        drive.now += 0.5;
        drive.missed = 82;
        drive.lap();
        assertThat(drive.laps.getFirst().whole()).isTrue();
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
        drive.seconds(20);
        drive.now += 5;
        drive.missed = 824;
        drive.lap();
        assertThat(drive.laps.get(1).whole()).as("5 s unseen").isFalse();
        assertThat(drive.events).contains("gap 82 506060606", "gap 824 5006060606");
    }

    @Test
    void shouldNotCallALapWholeAfterARewindWithinIt() {
        final Drive drive = new Drive();
        drive.seconds(60);
        drive.origin += 20;
        drive.lap();
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().whole()).isFalse();
    }

    @Test
    void shouldCountNoLapForARewindOverTheLine() {
        final Drive drive = new Drive();
        drive.lap().lap();
        drive.lap = 2;
        drive.origin = drive.now - 80;
        drive.seconds(5);
        assertThat(drive.laps).as("rewound from lap 3 to lap 2").hasSize(2);
        drive.lap();
        assertThat(drive.laps).hasSize(3);
        assertThat(drive.laps.getLast().lap()).isEqualTo(2);
        assertThat(drive.laps.getLast().whole()).isFalse();
    }

    @Test
    void shouldStartALapAnewWithTheLapClock() {
        final Drive drive = new Drive();
        drive.seconds(40);
        drive.origin = -1;
        drive.seconds(5);
        drive.origin = drive.now - 0.004;
        drive.lap();
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().whole()).isTrue();
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }

    @Test
    void shouldReportTheFlagOfTheLapThatEndedAndIgnoreItBeforeTheFirst() {
        final Drive drive = new Drive();
        drive.block.set("mLapInvalidated", 1);
        drive.origin = -1;
        drive.seconds(2);
        drive.block.set("mLapInvalidated", 0);
        drive.origin = drive.now;
        drive.lap();
        drive.seconds(10);
        drive.block.set("mLapInvalidated", 1);
        drive.seconds(Drive.LAP_S - 13);
        drive.block.set("mLapInvalidated", 0);
        drive.nextLap(Drive.LAP_S).seconds(3);
        assertThat(drive.laps).extracting(Drive.Lap::invalidated).containsExactly(false, true);
    }

    @Test
    void shouldTimeSectorsByTheClockAndTheLastByTheLap() {
        final Drive drive = new Drive();
        drive.moveSectors = true;
        drive.lap();
        assertThat(drive.sectors).containsExactly("1.1 30.00", "1.2 30.00", "1.3 30.25");
        final Drive.Lap lap = drive.laps.getFirst();
        assertThat(lap.s1() + lap.s2() + lap.s3()).isCloseTo(90.25f, within(0.001f));
    }

    @Test
    void shouldPreferTheGamesSectorTimes() {
        final Drive drive = new Drive();
        drive.moveSectors = true;
        drive.seconds(30.1);
        drive.block.set("mCurrentSector1Times[0]", 29.995);
        drive.seconds(30.1);
        drive.block.set("mCurrentSector2Times[0]", 30.011);
        drive.lap();
        assertThat(drive.laps.getFirst().s1()).isEqualTo(29.995f);
        assertThat(drive.laps.getFirst().s2()).isEqualTo(30.011f);
        assertThat(drive.laps.getFirst().s3()).isCloseTo(30.244f, within(0.001f));
    }

    @Test
    void shouldTimeThePlayerWhileTheCameraIsOnAnother() {
        final Drive drive = new Drive();
        drive.seconds(60);
        drive.block.set("mViewedParticipantIndex", 1);
        drive.seconds(Drive.LAP_S - 60).nextLap(Drive.LAP_S).seconds(0.1);
        drive.block.set("mLastLapTime", 77.7).set("mLastLapTimes[0]", 90.24);
        drive.seconds(3);
        assertThat(drive.laps).hasSize(1);
        assertThat(drive.laps.getFirst().time()).isCloseTo(90.24, within(1e-5));
        assertThat(drive.events).as("the other car's lap is not ours").containsOnlyOnce("lap 1");
    }

    @Test
    void shouldNotClockALapWhoseEndWasHiddenByTheCamera() {
        final Drive drive = new Drive();
        drive.seconds(60);
        drive.block.set("mViewedParticipantIndex", 1);
        drive.lap();
        drive.block.set("mViewedParticipantIndex", 0);
        drive.lap(92);
        drive.lap(93);
        assertThat(drive.laps).hasSize(3);
        assertThat(drive.laps.get(0).time()).as("nothing told it").isNaN();
        assertThat(drive.laps.get(0).whole()).isFalse();
        assertThat(drive.laps.get(1).time()).isCloseTo(92, MILLISECOND);
        assertThat(drive.laps.get(2).time()).isCloseTo(93, MILLISECOND);
    }

    @Test
    void shouldReportAWaitingLapBeforeTheSessionEnds() {
        final Drive drive = new Drive();
        drive.seconds(Drive.LAP_S).nextLap(Drive.LAP_S).seconds(0.2);
        drive.state(1).frame();
        assertThat(drive.events).endsWith("lap 1", "ended 1");
        assertThat(drive.laps.getFirst().time()).isCloseTo(Drive.LAP_S, MILLISECOND);
    }
}
