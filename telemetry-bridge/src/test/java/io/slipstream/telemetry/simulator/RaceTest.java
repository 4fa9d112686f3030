package io.slipstream.telemetry.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RaceTest {
    private static final double FRAME_S = 1.0 / 165;

    private final CarSpec spec = CarSpec.prototype();

    private Race club(final int cars) {
        return new Race(Circuit.CLUB.track(), spec, cars, 7);
    }

    @Test
    void shouldDriveAsFarAsItsSpeedSays() {
        final Race race = club(24);
        final Car car = race.car(0);
        final double from = car.distance();
        double integral = 0;
        double before = car.speed();
        for (int i = 0; i < 165 * 60; i++) {
            race.step(FRAME_S);
            integral += (before + car.speed()) / 2 * FRAME_S;
            before = car.speed();
        }
        assertThat(car.distance() - from)
                .as("metres along the track against the integral of the speed")
                .isCloseTo(integral, within(integral * 0.001));
    }

    @Test
    void shouldTurnTheEngineAsTheWheelsAndTheGearSay() {
        final Race race = club(4);
        int locked = 0;
        for (int i = 0; i < 165 * 40; i++) {
            race.step(FRAME_S);
            final Car car = race.car(0);
            if (car.gearbox().clutch() > 0) {
                continue;
            }
            locked++;
            final double rear = (race.chassis().wheelSpeed(2) + race.chassis().wheelSpeed(3)) / 2;
            assertThat(car.engineSpeed())
                    .as("engine in gear %d at %.2f s, rad/s", car.gearbox().gear(), race.time())
                    .isCloseTo(rear * spec.ratio(car.gearbox().gear()), within(1e-6));
            assertThat(rear * spec.wheelRadius())
                    .as("tread of the rear wheels at %.2f s: within slip of the road, m/s", race.time())
                    .isCloseTo(car.speed(), within(car.speed() * 0.12));
        }
        assertThat(locked).as("frames with the clutch closed").isGreaterThan(165 * 30);
    }

    @Test
    void shouldNeverGiveMoreTorqueThanTheCurve() {
        final Race race = club(4);
        double most = 0;
        for (int i = 0; i < 165 * 40; i++) {
            race.step(FRAME_S);
            final Car car = race.car(0);
            final double rpm = car.engineSpeed() / CarSpec.RPM_TO_RAD_PER_SECOND;
            // The speed has moved on by one internal step since the torque was taken: a few rpm.
            assertThat(car.engineTorque())
                    .as("N.m at %.0f rpm, %.2f s", rpm, race.time())
                    .isBetween(spec.torque().overrun(rpm) - 1, spec.torque().full(rpm) + 3);
            most = Math.max(most, car.engineTorque() * car.engineSpeed());
        }
        assertThat(most).as("largest power, W").isBetween(320_000.0, 370_000.0);
    }

    @Test
    void shouldHoldFullThrottleLongEnoughForAPowerCurve() {
        final Race race = club(4);
        int open = 0;
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        final int frames = 165 * 60;
        for (int i = 0; i < frames; i++) {
            race.step(FRAME_S);
            final Car car = race.car(0);
            if (car.throttle() == 1 && car.gearbox().clutch() == 0) {
                open++;
                final double rpm = car.engineSpeed() / CarSpec.RPM_TO_RAD_PER_SECOND;
                lowest = Math.min(lowest, rpm);
                highest = Math.max(highest, rpm);
            }
        }
        assertThat((double) open / frames).as("share of full throttle").isGreaterThan(0.3);
        assertThat(lowest).isLessThan(6_000);
        assertThat(highest).isGreaterThan(7_500);
    }

    @Test
    void shouldTimeLapsThatAddUp() {
        final Race race = club(24);
        final List<Double> laps = new ArrayList<>();
        double firstCrossing = Double.NaN;
        double lastCrossing = Double.NaN;
        int started = 0;
        for (int i = 0; i < 165 * 90; i++) {
            race.step(FRAME_S);
            final LapTimer timer = race.timer(0);
            if (timer.lapsStarted() == started) {
                continue;
            }
            started = timer.lapsStarted();
            lastCrossing = race.time() - timer.currentLap(race.time());
            if (started == 1) {
                firstCrossing = lastCrossing;
                continue;
            }
            laps.add(timer.lastLap());
            assertThat(timer.lastSector(0) + timer.lastSector(1) + timer.lastSector(2))
                    .as("sectors of lap %d", started - 1)
                    .isCloseTo(timer.lastLap(), within(1e-9));
        }
        assertThat(laps).hasSizeGreaterThan(3);
        assertThat(laps.stream().mapToDouble(Double::doubleValue).sum())
                .as("laps against the time between first and last crossing")
                .isCloseTo(lastCrossing - firstCrossing, within(1e-9));
        assertThat(laps)
                .as("lap times of the club circuit")
                .allSatisfy(lap -> assertThat(lap).isBetween(15.0, 20.0));
        assertThat(race.timer(0).bestLap())
                .isEqualTo(laps.stream().min(Double::compare).orElseThrow());
    }

    @Test
    void shouldTimeCrossingsAlikeAtAnyFrameRate() {
        final double[] rates = {60, 165, 500, 1000};
        final double[] laps = new double[rates.length];
        for (int i = 0; i < rates.length; i++) {
            final Race race = club(1);
            while (race.timer(0).lapsCompleted() < 1) {
                race.step(1 / rates[i]);
            }
            laps[i] = race.timer(0).lastLap();
        }
        for (int i = 1; i < rates.length; i++) {
            assertThat(laps[i]).as("lap at %.0f Hz against 60 Hz", rates[i]).isCloseTo(laps[0], within(0.03));
        }
    }

    @Test
    void shouldFinishAWholeLapWithinTwentySeconds() {
        for (long seed = 0; seed < 20; seed++) {
            final Race race = new Race(Circuit.CLUB.track(), spec, 64, seed);
            for (int i = 0; i < 165 * 19.5; i++) {
                race.step(FRAME_S);
            }
            assertThat(race.timer(0).lapsCompleted())
                    .as("laps in 19.5 s, seed %d", seed)
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldLapTheGrandPrixCircuitInAMinuteAndAHalf() {
        final Race race = new Race(Circuit.GRAND_PRIX.track(), spec, 24, 3);
        while (race.timer(0).lapsCompleted() < 2) {
            race.step(FRAME_S);
        }
        assertThat(race.timer(0).lastLap()).isBetween(85.0, 110.0);
    }

    @Test
    void shouldGiveEveryDriverAPaceOfHisOwn() {
        final Race race = club(24);
        for (int i = 0; i < 165 * 80; i++) {
            race.step(FRAME_S);
        }
        double fastest = Double.MAX_VALUE;
        double slowest = 0;
        for (int i = 0; i < race.size(); i++) {
            fastest = Math.min(fastest, race.timer(i).bestLap());
            slowest = Math.max(slowest, race.timer(i).bestLap());
        }
        assertThat(slowest - fastest).as("spread of best laps, s").isBetween(0.2, 1.5);
    }

    @Test
    void shouldOrderTheFieldByDistance() {
        final Race race = club(64);
        int overtakes = 0;
        final int[] before = new int[64];
        for (int frame = 0; frame < 60 * 60; frame++) {
            race.step(1.0 / 60);
            final boolean[] seen = new boolean[65];
            for (int i = 0; i < 64; i++) {
                final int position = race.position(i);
                assertThat(seen[position]).as("position %d twice", position).isFalse();
                seen[position] = true;
                overtakes += frame > 0 && before[i] != position ? 1 : 0;
                before[i] = position;
            }
            for (int position = 2; position <= 64; position++) {
                assertThat(race.car(race.inPosition(position)).distance())
                        .as("position %d at %.2f s", position, race.time())
                        .isLessThanOrEqualTo(
                                race.car(race.inPosition(position - 1)).distance());
            }
        }
        assertThat(overtakes).as("changes of position in a minute").isPositive();
    }

    @Test
    void shouldBurnFuelAndNeverMoreThanThereIs() {
        final Race race = club(2);
        double before = race.car(0).fuelLitres();
        for (int i = 0; i < 60 * 120; i++) {
            race.step(1.0 / 60);
            assertThat(race.car(0).fuelLitres()).isLessThan(before);
            before = race.car(0).fuelLitres();
        }
        final Track track = Circuit.CLUB.track();
        final Driver driver = new Driver(new SplittableRandom(1), 1);
        final Car dry = new Car(track, spec, new SpeedProfile(track, spec), driver, 0, 0, 0.02);
        for (int i = 0; i < 120_000; i++) {
            dry.step(0.001);
            assertThat(dry.fuelLitres()).isNotNegative();
        }
        assertThat(dry.fuelLitres()).isZero();
        assertThat(dry.speed()).as("a car without fuel rolls to a halt").isLessThan(5);
    }

    @Test
    void shouldCarryFuelForTheWholeRace() {
        final Race race = new Race(Circuit.GRAND_PRIX.track(), spec, 2, 11);
        final double before = race.car(0).fuelLitres();
        while (race.timer(0).lapsCompleted() < 2) {
            race.step(1.0 / 60);
        }
        final double perLap = (before - race.car(0).fuelLitres()) / 2;
        assertThat(perLap * race.laps()).as("litres for the race").isLessThan(0.80 * spec.fuelCapacityLitres());
    }

    @Test
    void shouldKeepTheCarInItsWorkingRange() {
        for (final Circuit circuit : Circuit.values()) {
            final Race race = new Race(circuit.track(), spec, 1, 5);
            for (int i = 0; i < 60 * 600; i++) {
                race.step(1.0 / 60);
                final Chassis chassis = race.chassis();
                for (int wheel = 0; wheel < Chassis.WHEELS; wheel++) {
                    final String at = circuit.id() + ", wheel " + wheel + ", " + race.time() + " s";
                    assertThat(chassis.treadCelsius(wheel)).as("tread, %s", at).isBetween(45.0, 150.0);
                    assertThat(chassis.discCelsius(wheel)).as("disc, %s", at).isBetween(100.0, 800.0);
                    assertThat(chassis.airCelsius(wheel)).as("air, %s", at).isBetween(50.0, 130.0);
                    assertThat(chassis.travel(wheel)).as("travel, %s", at).isBetween(0.0, 0.12);
                    assertThat(chassis.rideHeight(wheel))
                            .as("ride height, %s", at)
                            .isBetween(0.008, 0.12);
                    assertThat(chassis.wear(wheel)).as("wear, %s", at).isBetween(0.0, 0.2);
                }
                assertThat(chassis.oilCelsius()).isBetween(80.0, 115.0);
                assertThat(chassis.waterCelsius()).isBetween(70.0, 100.0);
                assertThat(chassis.clutchCelsius()).isBetween(70.0, 300.0);
            }
        }
    }

    @Test
    void shouldRefuseMoreCarsThanTheBlockHolds() {
        assertThatThrownBy(() -> club(65)).hasMessageContaining("cars: 65");
        assertThatThrownBy(() -> club(0)).hasMessageContaining("cars: 0");
    }
}
