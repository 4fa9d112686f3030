package io.slipstream.telemetry.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Two dumps of the real mapping. What they hold was read off them with other tools, at offsets from the compiled header. */
class RealBlockTest {
    private static final Path CAPTURES =
            Path.of(System.getProperty("slipstream.root", ".")).resolve("../shared/captures");

    private final BlockFormat format = GameFormats.load("pcars2");

    @Test
    void shouldReadAPausedRace() throws IOException {
        final UnsafeBuffer block = capture("ams2-v13-race-paused.bin");

        assertThat(format.version(block, 0)).isEqualTo(13);
        assertThat(integer(block, "mBuildVersionNumber")).isEqualTo(2_267);
        assertThat(name(block, "mGameState")).isEqualTo("GAME_INGAME_PAUSED");
        assertThat(name(block, "mSessionState")).isEqualTo("SESSION_RACE");
        assertThat(name(block, "mRaceState")).isEqualTo("RACESTATE_NOT_STARTED");
        assertThat(name(block, "mCarFlags")).isEqualTo("CAR_ENGINE_ACTIVE");
        assertThat(name(block, "mTyreFlags[TYRE_REAR_RIGHT]"))
                .isEqualTo("TYRE_ATTACHED|TYRE_INFLATED|TYRE_IS_ON_GROUND");
        assertThat(integer(block, "mNumParticipants")).isEqualTo(21);
        assertThat(integer(block, "mSequenceNumber")).isEqualTo(2_224);
        assertThat(integer(block, "mLapsInEvent")).isEqualTo(10);
        assertThat(integer(block, "mGear")).isZero();
        assertThat(integer(block, "mNumGears")).isEqualTo(5);
        assertThat(integer(block, "mLapInvalidated")).isEqualTo(1);

        assertThat(text(block, "mTrackLocation")).isEqualTo("Bathurst");
        assertThat(text(block, "mTranslatedTrackVariation")).isEqualTo("Bathurst Historic 1983");
        assertThat(text(block, "mCarName")).isEqualTo("Chevrolet Omega Stock Car 1999");
        assertThat(text(block, "mCarClassName")).isEqualTo("StockCar99");
        assertThat(text(block, "mParticipantInfo[0].mName")).isEqualTo("Scott Deakin");
        assertThat(text(block, "mParticipantInfo[11].mName")).isEqualTo("Dale Earnhardt Sr.");
        assertThat(text(block, "mParticipantInfo[20].mName")).isEqualTo("Bill Elliott");
        assertThat(text(block, "mParticipantInfo[21].mName")).isEmpty();
        assertThat(format.field("mCarNames").text(block, 0, 20)).isEqualTo("Chevrolet Omega Stock Car 1999");
        assertThat(text(block, "mTyreCompound[3]")).isEqualTo("Slick");
        assertThat(integer(block, "mParticipantInfo[20].mRacePosition")).isEqualTo(6);
    }

    @Test
    void shouldConvertAPausedRaceToSi() throws IOException {
        final UnsafeBuffer block = capture("ams2-v13-race-paused.bin");

        assertThat(si(block, "mTrackLength")).isEqualTo(6_157.43896484375);
        assertThat(format.field("mRpm").raw(block, 0)).isEqualTo(1_164.019287109375);
        assertThat(si(block, "mRpm"))
                .as("mRpm in rad/s against mEngineSpeed")
                .isCloseTo(si(block, "mEngineSpeed"), within(121.9 * 1e-6));
        assertThat(si(block, "mMaxRPM")).isCloseTo(649.2625, within(1e-3));
        assertThat(si(block, "mEngineTorque")).as("negative on overrun").isEqualTo(-0.5759647488594055);
        assertThat(si(block, "mFuelCapacity")).isCloseTo(0.12, within(1e-9));
        assertThat(si(block, "mFuelLevel")).isEqualTo(0.5);
        assertThat(si(block, "mOilTempCelsius")).isCloseTo(336.63016, within(1e-4));
        assertThat(si(block, "mOilPressureKPa")).isCloseTo(65_268.677, within(1e-2));
        assertThat(si(block, "mTyreTemp[0]")).isCloseTo(334.63966, within(1e-4));
        assertThat(si(block, "mTyreTreadTemp[0]"))
                .as("tread in K is the surface in degC, to a hundredth")
                .isCloseTo(si(block, "mTyreTemp[0]"), within(0.01));
        assertThat(format.field("mTyreTreadTemp").si(block, 0, 3)).isEqualTo(334.6464538574219);
        assertThat(si(block, "mAirPressure[2]")).isCloseTo(154_790.77, within(1e-1));
        assertThat(si(block, "mRideHeight[2]")).isCloseTo(0.0719170, within(1e-6));
        assertThat(si(block, "mOdometerKM")).isCloseTo(461_192.657, within(1e-2));
        assertThat(si(block, "mTurboBoostPressure")).isEqualTo(13_766.916015625);
        assertThat(si(block, "mWorldFastestLapTime")).isEqualTo(143.2060089111328);
        assertThat(si(block, "mOrientation[VEC_Y]")).isEqualTo(2.800933599472046);
        assertThat(si(block, "mOrientations[1][1]")).isEqualTo(1.7629785537719727);
        assertThat(format.field("mOrientations").si(block, 0, 4)).isEqualTo(1.7629785537719727);
        assertThat(si(block, "mParticipantInfo[3].mWorldPosition[0]")).isEqualTo(1_348.0601806640625);

        for (final String unset : List.of(
                "mCurrentTime",
                "mLastLapTime",
                "mBestLapTime",
                "mEventTimeRemaining",
                "mSessionDuration",
                "mEnforcedPitStopLap",
                "mFastestLapTimes[0]",
                "mLastLapTimes[20]",
                "mLastLapTimes[21]",
                "mCurrentSector1Times[0]",
                "mAntiLockSetting")) {
            assertThat(si(block, unset)).as("%s holds a sentinel", unset).isNaN();
        }
    }

    @Test
    void shouldReadAFrontEndThatHasNothingSet() throws IOException {
        final UnsafeBuffer block = capture("ams2-v13-front-end.bin");

        assertThat(format.version(block, 0)).isEqualTo(13);
        assertThat(name(block, "mGameState")).isEqualTo("GAME_FRONT_END");
        assertThat(name(block, "mYellowFlagState")).isEqualTo("YFS_INVALID");
        assertThat(integer(block, "mViewedParticipantIndex")).isEqualTo(-1);
        assertThat(text(block, "mTrackLocation")).isEmpty();
        for (final String unset : List.of(
                "mViewedParticipantIndex",
                "mNumParticipants",
                "mNumSectors",
                "mTrackLength",
                "mCurrentTime",
                "mMaxRPM",
                "mNumGears",
                "mOdometerKM",
                "mFuelCapacity",
                "mTyreTemp[0]",
                "mTyreTreadTemp[3]",
                "mBrakeBias",
                "mTurboBoostPressure",
                "mClutchTemp",
                "mParticipantInfo[0].mCurrentSector",
                "mTractionControlSetting")) {
            assertThat(si(block, unset)).as("%s holds a sentinel", unset).isNaN();
        }
        assertThat(si(block, "mRpm")).isZero();
        assertThat(si(block, "mSpeed")).isZero();
    }

    @Test
    void shouldDescribeAWholeBlock() throws IOException {
        final Map<String, Object> block = format.describe(capture("ams2-v13-race-paused.bin"), 13);

        assertThat(block)
                .containsEntry("mVersion", 13L)
                .containsEntry("mGameState", "GAME_INGAME_PAUSED")
                .containsEntry("mCarFlags", List.of("CAR_ENGINE_ACTIVE"))
                .containsEntry("mTrackVariation", "Bathurst_1983")
                .containsEntry("mLapInvalidated", true)
                .containsEntry("mCurrentTime", null)
                .containsEntry("mTyreCompound", List.of("Slick", "Slick", "Slick", "Slick"))
                .doesNotContainKey("mLaunchStage");
        assertThat((List<?>) block.get("mParticipantInfo"))
                .hasSize(64)
                .element(1)
                .satisfies(participant -> assertThat(Objects.toString(participant))
                        .startsWith("{mIsActive=true, mName=Tim Richmond, mWorldPosition=[1347.0382080078125,"));
        assertThat((List<?>) block.get("mOrientations"))
                .hasSize(64)
                .element(0)
                .isEqualTo(List.of(-0.0185127854347229, 2.800933599472046, -9.306376450695097E-4));
        assertThat(block.keySet()).as("fields of version 13").hasSize((int)
                format.fields().stream().filter(field -> field.since() <= 13).count());
    }

    @Test
    void shouldRefuseToDescribeAShortBlock() {
        assertThatThrownBy(() -> format.describe(new UnsafeBuffer(new byte[20_691]), 13))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("20691 bytes")
                .hasMessageContaining("version 13 needs 20692");
    }

    private long integer(final UnsafeBuffer block, final String path) {
        return format.field(path).integer(block, 0);
    }

    private double si(final UnsafeBuffer block, final String path) {
        return format.field(path).si(block, 0);
    }

    private String text(final UnsafeBuffer block, final String path) {
        return format.field(path).text(block, 0);
    }

    private String name(final UnsafeBuffer block, final String path) {
        final Field field = format.field(path);
        return format.enumName(field, field.integer(block, 0));
    }

    private static UnsafeBuffer capture(final String name) throws IOException {
        final Path file = CAPTURES.resolve(name);
        assumeTrue(Files.exists(file), "skipped: the capture " + file + " is not on this machine");
        return new UnsafeBuffer(Files.readAllBytes(file));
    }
}
