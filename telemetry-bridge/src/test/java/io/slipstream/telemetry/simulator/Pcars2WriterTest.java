package io.slipstream.telemetry.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FieldType;
import io.slipstream.telemetry.formats.GameFormats;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pcars2WriterTest {
    private final BlockFormat format = GameFormats.load("pcars2");

    /** A race and the block it is written to, one frame at a time. */
    private final class Game {
        final Pcars2Writer writer = new Pcars2Writer(format);
        final UnsafeBuffer block = new UnsafeBuffer(new byte[format.length(Pcars2Writer.VERSION)]);
        final Race race;
        final double dt;

        Game(final Circuit circuit, final int cars, final long seed, final int hz) {
            race = new Race(circuit.track(), CarSpec.prototype(), cars, seed);
            dt = 1.0 / hz;
            writer.prepare(block, race, Roster.draw(cars, seed));
            writer.write(block, race, Pcars2Writer.PLAYING);
        }

        void frame() {
            race.step(dt);
            writer.write(block, race, Pcars2Writer.PLAYING);
        }

        double raw(final String path) {
            return format.field(path).raw(block, 0);
        }

        double raw(final String path, final int index) {
            return format.field(path).raw(block, 0, index);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 165, 1000})
    void shouldWriteTheSameBytesForTheSameSeed(final int hz) {
        final Game one = new Game(Circuit.CLUB, 24, 42, hz);
        final Game two = new Game(Circuit.CLUB, 24, 42, hz);
        for (int frame = 0; frame < 5_000; frame++) {
            one.frame();
            two.frame();
            if (!Arrays.equals(one.block.byteArray(), two.block.byteArray())) {
                final int at = Arrays.mismatch(one.block.byteArray(), two.block.byteArray());
                throw new AssertionError("frame " + frame + " differs at byte " + at);
            }
        }
    }

    @Test
    void shouldWriteOtherBytesForAnotherSeed() {
        final Game one = new Game(Circuit.CLUB, 24, 42, 60);
        final Game two = new Game(Circuit.CLUB, 24, 43, 60);
        for (int frame = 0; frame < 100; frame++) {
            one.frame();
            two.frame();
        }
        assertThat(one.block.byteArray()).isNotEqualTo(two.block.byteArray());
        assertThat(one.raw("mSpeed")).isNotEqualTo(two.raw("mSpeed"));
    }

    @Test
    void shouldNeverWriteAnythingButNumbers() {
        final Game game = new Game(Circuit.GRAND_PRIX, 64, 5, 60);
        for (int frame = 0; frame < 60 * 100; frame++) {
            game.frame();
            if (frame % 20 != 0) {
                continue;
            }
            for (final Field field : format.fields()) {
                if (field.type() != FieldType.F32) {
                    continue;
                }
                for (int i = 0; i < Math.max(1, field.count()); i++) {
                    final double value = field.raw(game.block, 0, i);
                    if (!Double.isFinite(value) || Math.abs(value) > 1e5) {
                        throw new AssertionError(field.path() + "[" + i + "] is " + value + " in frame " + frame);
                    }
                }
            }
        }
    }

    @Test
    void shouldAgreeWithItself() {
        final Game game = new Game(Circuit.CLUB, 24, 9, 165);
        for (int frame = 0; frame < 165 * 60; frame++) {
            game.frame();
            final double engine = game.raw("mRpm") * 2 * Math.PI / 60;
            assertThat(game.raw("mEngineSpeed")).isCloseTo(engine, within(engine * 1e-6));
            final double speed = game.raw("mSpeed");
            assertThat(length(game, "mLocalVelocity")).isCloseTo(speed, within(speed * 1e-5));
            assertThat(length(game, "mWorldVelocity")).isCloseTo(speed, within(speed * 1e-5));
            assertThat(length(game, "mLocalAcceleration")).isCloseTo(length(game, "mWorldAcceleration"), within(1e-3));
            assertThat(game.raw("mLocalVelocity", 2)).as("forward is -z").isNegative();
            assertThat(game.raw("mSpeeds", 0)).isEqualTo(speed);
            assertThat(game.raw("mTyreRPS", 2)).as("a wheel that rolls forward").isNegative();
            assertThat(game.raw("mFuelLevel")).isBetween(0.0, 1.0);
            assertThat(game.raw("mThrottle")).isBetween(0.0, 1.0);
            assertThat(game.raw("mBrake")).isBetween(0.0, 1.0);
            assertThat(game.raw("mClutch")).isBetween(0.0, 1.0);
            assertThat(game.raw("mSteering")).isBetween(-1.0, 1.0);
            assertThat(game.raw("mRpm")).isLessThan(game.raw("mMaxRPM"));
        }
    }

    @Test
    void shouldSteerTheWayItTurns() {
        final Game game = new Game(Circuit.GRAND_PRIX, 1, 9, 165);
        int cornering = 0;
        for (int frame = 0; frame < 165 * 90; frame++) {
            game.frame();
            final double lateral = game.raw("mLocalAcceleration", 0);
            if (Math.abs(lateral) < 12) {
                continue;
            }
            cornering++;
            // As recorded in the real game: +x is left, steering is positive to the right.
            assertThat(Math.signum(game.raw("mSteering"))).isEqualTo(-Math.signum(lateral));
            assertThat(Math.signum(game.raw("mAngularVelocity", 1))).isEqualTo(-Math.signum(lateral));
        }
        assertThat(cornering).isGreaterThan(500);
    }

    @Test
    void shouldMoveEveryCarNoFurtherThanItsSpeed() {
        final Game game = new Game(Circuit.CLUB, 32, 17, 100);
        final double[] x = new double[32];
        final double[] z = new double[32];
        final Field[] positions = new Field[32];
        for (int i = 0; i < 32; i++) {
            positions[i] = format.field("mParticipantInfo[" + i + "].mWorldPosition");
        }
        for (int frame = 0; frame < 100 * 45; frame++) {
            game.frame();
            for (int i = 0; i < 32; i++) {
                final double nowX = positions[i].raw(game.block, 0, 0);
                final double nowZ = positions[i].raw(game.block, 0, 2);
                if (frame > 0) {
                    final double step = Math.hypot(nowX - x[i], nowZ - z[i]);
                    assertThat(step)
                            .as("metres of car %d in frame %d", i, frame)
                            .isBetween(
                                    game.race.car(i).speed() * game.dt * 0.9,
                                    game.race.car(i).speed() * game.dt * 1.1);
                }
                x[i] = nowX;
                z[i] = nowZ;
            }
        }
    }

    @Test
    void shouldShowUnsetTimesAsTheGameDoes() {
        final Game game = new Game(Circuit.CLUB, 2, 1, 165);
        assertThat(game.raw("mCurrentTime")).isEqualTo(-1);
        assertThat(game.raw("mLastLapTime")).isEqualTo(-1);
        assertThat(game.raw("mBestLapTime")).isEqualTo(-1);
        assertThat(game.raw("mFastestLapTimes", 0)).isEqualTo(-123);
        assertThat(game.raw("mLastLapTimes", 1)).isEqualTo(-123);
        assertThat(game.raw("mLastLapTimes", 2)).as("a place that nobody takes").isEqualTo(-1);
        assertThat(game.raw("mLapInvalidated")).isEqualTo(1);
        assertThat(game.raw("mParticipantInfo[0].mCurrentSector")).isEqualTo(2);
        assertThat(game.raw("mParticipantInfo[0].mCurrentLap")).isEqualTo(1);
        assertThat(game.raw("mParticipantInfo[2].mCurrentSector")).isEqualTo(-1);
        assertThat(game.raw("mViewedParticipantIndex")).isZero();
        assertThat(game.raw("mNumParticipants")).isEqualTo(2);
    }

    @Test
    void shouldShowALapOnceItIsDone() {
        final Game game = new Game(Circuit.CLUB, 24, 1, 165);
        while (game.raw("mParticipantInfo[0].mLapsCompleted") < 2) {
            game.frame();
        }
        assertThat(game.raw("mParticipantInfo[0].mCurrentLap")).isEqualTo(3);
        assertThat(game.raw("mLapInvalidated")).isZero();
        final double last = game.raw("mLastLapTime");
        assertThat(last).isBetween(15.0, 20.0).isEqualTo(game.raw("mLastLapTimes", 0));
        assertThat(game.raw("mCurrentSector1Time") + game.raw("mCurrentSector2Time") + game.raw("mCurrentSector3Time"))
                .as("sectors of the lap")
                .isCloseTo(last, within(1e-3));
        assertThat(game.raw("mBestLapTime"))
                .isLessThanOrEqualTo(last)
                .isEqualTo(game.raw("mFastestLapTimes", 0))
                .isGreaterThanOrEqualTo(game.raw("mWorldFastestLapTime"));
        assertThat(game.raw("mCurrentTime")).isBetween(0.0, game.dt);
        assertThat(game.raw("mParticipantInfo[0].mCurrentLapDistance"))
                .as("metres after the line: the time since, at the speed")
                .isCloseTo(game.raw("mCurrentTime") * game.raw("mSpeed"), within(0.05));
    }

    @Test
    void shouldNameCarsTrackAndDrivers() {
        final Game game = new Game(Circuit.CLUB, 64, 2, 60);
        assertThat(format.field("mTrackLocation").text(game.block, 0)).isEqualTo("Slipstream Club Circuit");
        assertThat(format.field("mCarName").text(game.block, 0)).isEqualTo("Halcyon SP3");
        assertThat(format.field("mCarNames").text(game.block, 0, 63)).isEqualTo("Halcyon SP3");
        final String[] names = new String[64];
        for (int i = 0; i < 64; i++) {
            names[i] = format.field("mParticipantInfo[" + i + "].mName").text(game.block, 0);
        }
        assertThat(names).doesNotHaveDuplicates().isEqualTo(Roster.draw(64, 2));
    }

    @Test
    void shouldLeaveTheSequenceNumberAlone() {
        final Game game = new Game(Circuit.CLUB, 4, 2, 60);
        final int sequence = format.field("mSequenceNumber").offset();
        game.block.putInt(sequence, 4_711);
        game.writer.prepare(game.block, game.race, Roster.draw(4, 2));
        game.frame();
        assertThat(game.block.getInt(sequence)).isEqualTo(4_711);
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        final Game game = new Game(Circuit.CLUB, 64, 2, 1000);
        for (int frame = 0; frame < 20_000; frame++) {
            game.frame();
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int frame = 0; frame < 2_000; frame++) {
            game.frame();
        }
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated by 2,000 frames of 64 cars").isLessThan(2_000);
    }

    private static double length(final Game game, final String path) {
        final double x = game.raw(path, 0);
        final double y = game.raw(path, 1);
        final double z = game.raw(path, 2);
        return Math.sqrt(x * x + y * y + z * z);
    }
}
