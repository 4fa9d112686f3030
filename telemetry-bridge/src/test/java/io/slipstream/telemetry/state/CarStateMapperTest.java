package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.telemetry.schema.CarStateDecoder;
import io.slipstream.telemetry.schema.CarStateEncoder;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class CarStateMapperTest {
    private final CarStateMapper mapper = new CarStateMapper(Blocks.FORMAT);

    private CarStateDecoder map(final Blocks block, final int player) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CarStateEncoder.BLOCK_LENGTH]);
        buffer.setMemory(0, buffer.capacity(), (byte) 0x5A);
        mapper.map(block.buffer, block.version(), player, 17, new CarStateEncoder().wrap(buffer, 0));
        return new CarStateDecoder().wrap(buffer, 0, CarStateDecoder.BLOCK_LENGTH, CarStateDecoder.SCHEMA_VERSION);
    }

    @Test
    void shouldMapTheRealRaceDump() throws IOException {
        final CarStateDecoder car = map(Blocks.dump("ams2-v13-race-paused.bin"), 0);
        assertThat(car.frameNumber()).isEqualTo(17);
        assertThat(car.position().x()).isEqualTo(1406.6814f);
        assertThat(car.position().y()).isEqualTo(122.2417f);
        assertThat(car.position().z()).isEqualTo(953.52234f);
        assertThat(car.orientation().y()).isEqualTo(2.8009336f);
        assertThat(car.acceleration().z()).isEqualTo(-0.0017141047f);
        assertThat(car.engineSpeed()).as("1164.02 rpm").isCloseTo(121.8958f, within(1e-3f));
        assertThat(car.maxEngineSpeed()).as("6200 rpm").isCloseTo(649.2625f, within(1e-2f));
        assertThat(car.engineTorque()).as("overrun").isEqualTo(-0.57596475f);
        assertThat(car.boostPressure()).as("Pa already").isCloseTo(13766.917f, within(0.01f));
        assertThat(car.fuel()).as("half of 120 l").isCloseTo(0.06f, within(1e-6f));
        assertThat(car.fuelCapacity()).isCloseTo(0.12f, within(1e-6f));
        assertThat(car.oilTemperature()).as("63.48 degC").isCloseTo(336.6302f, within(1e-3f));
        assertThat(car.oilPressure()).as("65.27 kPa").isCloseTo(65268.68f, within(0.1f));
        assertThat(car.waterTemperature()).isCloseTo(312.5241f, within(1e-3f));
        assertThat(car.waterPressure()).isCloseTo(36766.79f, within(0.1f));
        assertThat(car.fuelPressure()).isCloseTo(58500f, within(0.1f));
        assertThat(car.brakeBias()).isEqualTo(0.34f);
        assertThat(car.odometer()).as("461.19 km").isCloseTo(461192.66f, within(0.1f));
        assertThat(car.brake()).isEqualTo(1f);
        assertThat(car.clutch()).isEqualTo(1f);
        assertThat(car.clutchInput()).isEqualTo(0.98888886f);
        assertThat(car.tyreTemperature().frontLeft()).as("61.49 degC").isCloseTo(334.6397f, within(1e-3f));
        assertThat(car.tyreTreadTemperature().frontLeft()).as("K already").isEqualTo(334.63806f);
        assertThat(car.tyreAirTemperature().rearRight()).isEqualTo(335.1887f);
        assertThat(car.tyrePressure().rearLeft()).as("154.79 kPa").isCloseTo(154790.77f, within(0.1f));
        assertThat(car.brakeTemperature().frontRight()).isCloseTo(394.4925f, within(1e-3f));
        assertThat(car.rideHeight().frontLeft()).as("6.777 cm").isCloseTo(0.0677678f, within(1e-6f));
        assertThat(car.suspensionTravel().frontLeft()).isEqualTo(0.07931163f);
        assertThat(car.engineDamage()).isEqualTo(3.8087368e-5f);
        assertThat(car.lapTime()).as("no lap yet").isNaN();
        assertThat(car.lap()).isEqualTo(1);
        assertThat(car.lapsCompleted()).isZero();
        assertThat(car.racePosition()).isEqualTo(21);
        assertThat(car.sector()).isEqualTo((byte) 2);
        assertThat(car.gear()).isZero();
        assertThat(car.gears()).isEqualTo((byte) 5);
        assertThat(car.gameState()).isEqualTo((short) 3);
        assertThat(car.sessionState()).isEqualTo((short) 5);
        assertThat(car.raceState()).isEqualTo((short) 1);
        assertThat(car.pitMode()).isZero();
        assertThat(car.flags().engineActive()).isTrue();
        assertThat(car.flags().headlights()).isFalse();
        assertThat(car.flags().airborne()).isFalse();
        assertThat(car.flags().lapInvalidated())
                .as("the block says true, before the first timed lap")
                .isFalse();
    }

    @Test
    void shouldMapTheRealFrontEndDumpToNulls() throws IOException {
        final CarStateDecoder car = map(Blocks.dump("ams2-v13-front-end.bin"), PlayerAnchor.NONE);
        assertThat(car.position().x()).isNaN();
        assertThat(car.boostPressure()).isNaN();
        assertThat(car.fuel()).isNaN();
        assertThat(car.fuelCapacity()).isNaN();
        assertThat(car.oilTemperature()).isNaN();
        assertThat(car.brakeBias()).isNaN();
        assertThat(car.odometer()).isNaN();
        assertThat(car.maxEngineSpeed()).isNaN();
        assertThat(car.tyreTemperature().frontLeft()).isNaN();
        assertThat(car.tyreRimTemperature().rearRight()).isNaN();
        assertThat(car.brakeTemperature().rearLeft()).isNaN();
        assertThat(car.lapTime()).isNaN();
        assertThat(car.lapDistance()).isNaN();
        assertThat(car.speed()).as("it does stand still").isZero();
        assertThat(car.gears()).isEqualTo(CarStateDecoder.gearsNullValue());
        assertThat(car.lap()).isEqualTo(CarStateDecoder.lapNullValue());
        assertThat(car.lapsCompleted()).isEqualTo(CarStateDecoder.lapsCompletedNullValue());
        assertThat(car.racePosition()).isEqualTo(CarStateDecoder.racePositionNullValue());
        assertThat(car.sector()).isEqualTo(CarStateDecoder.sectorNullValue());
        assertThat(car.gameState()).isEqualTo((short) 1);
        assertThat(car.flags().airborne()).as("no wheels, no flight").isFalse();
    }

    @Test
    void shouldLeaveNullWhatAnOldBlockLacks() {
        final Blocks oldest = new Blocks(8);
        oldest.set("mSpeed", 42);
        final CarStateDecoder car = map(oldest, 0);
        assertThat(car.speed()).isEqualTo(42f);
        assertThat(car.brakeBias()).as("since 9").isNaN();
        assertThat(car.boostPressure()).as("since 9").isNaN();
        assertThat(car.rideHeight().frontLeft()).as("since 10").isNaN();
        assertThat(map(new Blocks(9).set("mBrakeBias", 0.6), 0).rideHeight().frontLeft())
                .isNaN();
        assertThat(map(new Blocks(10).set("mRideHeight", 0, 5), 0).rideHeight().frontLeft())
                .isCloseTo(0.05f, within(1e-7f));
    }

    @Test
    void shouldKeepThePlayersLapWhileTheCameraIsOnAnother() {
        final Blocks block = new Blocks();
        block.set("mViewedParticipantIndex", 1).set("mCurrentTime", 33).set("mPitMode", 2);
        block.set("mParticipantInfo[0].mCurrentLap", 5).set("mParticipantInfo[0].mCurrentLapDistance", 812);
        block.set("mLapsInvalidated", 0, 1).set("mPitModes", 0, 4).set("mRaceStates", 0, 3);
        final CarStateDecoder car = map(block, 0);
        assertThat(car.lapTime()).as("the other car's").isNaN();
        assertThat(car.lap()).isEqualTo(5);
        assertThat(car.lapDistance()).isEqualTo(812f);
        assertThat(car.pitMode()).isEqualTo((short) 4);
        assertThat(car.raceState()).isEqualTo((short) 3);
        assertThat(car.flags().lapInvalidated()).isTrue();
    }

    @Test
    void shouldMapFlags() {
        final Blocks block = new Blocks();
        block.set("mCarFlags", 0x01 | 0x04 | 0x08 | 0x20)
                .set("mAntiLockActive", 1)
                .set("mGear", -1);
        block.set("mCurrentTime", 12).set("mLapInvalidated", 1);
        for (int i = 0; i < 4; i++) {
            block.set("mTyreFlags", i, 0x03);
        }
        final CarStateDecoder car = map(block, 0);
        assertThat(car.flags().headlights()).isTrue();
        assertThat(car.flags().engineActive()).isFalse();
        assertThat(car.flags().engineWarning()).isTrue();
        assertThat(car.flags().pitLimiter()).isTrue();
        assertThat(car.flags().handbrake()).isTrue();
        assertThat(car.flags().abs()).isTrue();
        assertThat(car.flags().airborne()).isTrue();
        assertThat(car.flags().lapInvalidated()).isTrue();
        assertThat(car.gear()).isEqualTo((byte) -1);
        block.set("mTyreFlags", 2, 0x07);
        assertThat(map(block, 0).flags().airborne()).as("one wheel down").isFalse();
    }
}
