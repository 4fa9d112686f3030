package io.slipstream.replay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Channels of blocks whose values are known. */
final class ChannelCatalogueTest {
    private static final BlockFormat FORMAT = GameFormats.load("pcars2");
    private static final Path CAPTURES = Path.of(System.getProperty("slipstream.root", ".."), "../shared/captures");

    private final ChannelCatalogue catalogue = ChannelCatalogue.of(FORMAT, 14);
    private final UnsafeBuffer block = new UnsafeBuffer(new byte[FORMAT.length(14)]);

    private static UnsafeBuffer capture(String name) throws IOException {
        final Path file = CAPTURES.resolve(name);
        assumeTrue(Files.exists(file), file + " is not there");
        return new UnsafeBuffer(Files.readAllBytes(file));
    }

    private Channel channel(String name) {
        return catalogue.select(List.of(name)).getFirst();
    }

    private void set(String path, double value) {
        block.putFloat(FORMAT.field(path).offset(), (float) value, ByteOrder.LITTLE_ENDIAN);
    }

    private void set(String path, int value) {
        block.putInt(FORMAT.field(path).offset(), value, ByteOrder.LITTLE_ENDIAN);
    }

    private void name(int participant, String name) {
        block.putBytes(
                FORMAT.field("mParticipantInfo[" + participant + "].mName").offset(),
                name.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldReadTheRealCapture() throws IOException {
        final UnsafeBuffer real = capture("ams2-v13-race-paused.bin");
        final ChannelCatalogue of13 = ChannelCatalogue.of(FORMAT, 13);
        // Hand-read from the file with the offsets of the game's own header.
        assertValue(of13, real, "engine_speed", 1164.019287109375);
        assertValue(of13, real, "brake", 100);
        assertValue(of13, real, "clutch", 100);
        assertValue(of13, real, "throttle", 0);
        assertValue(of13, real, "fuel_level", 60);
        assertValue(of13, real, "oil_temperature", 63.48016357421875);
        assertValue(of13, real, "water_temperature", 39.3741455078125);
        assertValue(of13, real, "oil_pressure", 65.2686767578125);
        assertValue(of13, real, "tyre_temperature_fl", 61.489662170410156);
        assertValue(of13, real, "tyre_temperature_rr", 61.499656677246094);
        assertValue(of13, real, "tyre_tread_temperature_fl", 334.6380615234375 - 273.15);
        assertValue(of13, real, "tyre_pressure_rl", 154.790771484375);
        assertValue(of13, real, "brake_temperature_fr", 121.34252166748047);
        assertValue(of13, real, "suspension_travel_rl", 83.46261084079742);
        assertValue(of13, real, "engine_torque", -0.5759647488594055);
        assertValue(of13, real, "engine_power", -0.5759647488594055 * 121.89582061767578 / 1000);
        assertValue(of13, real, "g_force_long", 0.001714104670099914 / 9.80665);
        assertValue(of13, real, "g_force_lat", 0.0003008244384545833 / 9.80665);
        assertValue(of13, real, "wheel_speed_rl", -0.0005190463270992041 * 60 / (2 * Math.PI));
        assertValue(of13, real, "odometer", 461_192.6574707031);
        assertValue(of13, real, "gear", 0);
        assertValue(of13, real, "game_state", 3);
        assertThat(value(of13, real, "current_lap_time")).isNaN();
        assertThat(value(of13, real, "best_lap_time")).isNaN();
        assertValue(of13, real, "mTyreTemp[0]", 61.489662170410156);
        assertValue(of13, real, "mWorldFastestLapTime", 143.2060089111328);
        assertThat(value(of13, real, "mLastLapTime")).isNaN();
    }

    @Test
    void shouldHaveNothingOfTheFrontEnd() throws IOException {
        final UnsafeBuffer real = capture("ams2-v13-front-end.bin");
        final ChannelCatalogue of13 = ChannelCatalogue.of(FORMAT, 13);
        for (String name :
                List.of("lap_distance", "position_x", "race_position", "current_lap_time", "oil_temperature")) {
            assertThat(value(of13, real, name)).as(name).isNaN();
        }
    }

    private static double value(ChannelCatalogue catalogue, UnsafeBuffer block, String name) {
        return catalogue.select(List.of(name)).getFirst().value(block);
    }

    private static void assertValue(ChannelCatalogue catalogue, UnsafeBuffer block, String name, double expected) {
        assertThat(value(catalogue, block, name)).as(name).isCloseTo(expected, within(Math.abs(expected) * 1e-7));
    }

    @Test
    void shouldTurnTheAxesToDriverAndRoad() {
        set("mLocalAcceleration[0]", -9.80665);
        set("mLocalAcceleration[1]", 9.80665);
        set("mLocalAcceleration[2]", -19.6133);
        assertThat(channel("g_force_lat").value(block)).as("to the right").isEqualTo(1, within(1e-6));
        assertThat(channel("g_force_vert").value(block)).as("upwards").isEqualTo(1, within(1e-6));
        assertThat(channel("g_force_long").value(block)).as("accelerating").isEqualTo(2, within(1e-6));
        set("mSpeed", 10.0);
        assertThat(channel("speed").value(block)).isEqualTo(36, within(1e-5));
        set("mTyreRPS[0]", -2 * Math.PI);
        assertThat(channel("wheel_speed_fl").value(block)).as("rolling forward").isEqualTo(60, within(1e-4));
        assertThat(channel("wheel_speed_fr").value(block))
                .as("no negative zero")
                .isEqualTo(0.0);
    }

    @Test
    void shouldFollowThePlayerAndNotTheCamera() {
        set("mVersion", 14);
        set("mNumParticipants", 2);
        name(0, "Ann");
        name(1, "Bob");
        set("mParticipantInfo[0].mCurrentLapDistance", 100.0);
        set("mParticipantInfo[1].mCurrentLapDistance", 900.0);
        set("mCurrentTime", 12.5);
        set("mViewedParticipantIndex", 1);
        assertThat(channel("lap_distance").value(block)).isEqualTo(900);
        assertThat(channel("current_lap_time").value(block)).isEqualTo(12.5);
        set("mViewedParticipantIndex", 0);
        assertThat(channel("lap_distance").value(block)).as("still Bob's").isEqualTo(900);
        assertThat(channel("current_lap_time").value(block)).as("is Ann's now").isNaN();
    }

    @Test
    void shouldSelectByNameWildcardAndPath() {
        assertThat(names("speed", "tyre_pressure_*", "speed"))
                .containsExactly(
                        "speed", "tyre_pressure_fl", "tyre_pressure_fr", "tyre_pressure_rl", "tyre_pressure_rr");
        assertThat(names("mTyreTemp[TYRE_REAR_LEFT]")).containsExactly("mTyreTemp[2]");
        assertThat(names("mTyreTemp[*]"))
                .containsExactly("mTyreTemp[0]", "mTyreTemp[1]", "mTyreTemp[2]", "mTyreTemp[3]");
        assertThat(names("mParticipantInfo[*].mRacePosition"))
                .hasSize(64)
                .startsWith("mParticipantInfo[0].mRacePosition")
                .endsWith("mParticipantInfo[63].mRacePosition");
        assertThat(names("*")).hasSameSizeAs(catalogue.all());
        assertThat(channel("mTyreTemp[2]").unit()).isEqualTo("degC");
        assertThat(channel("mParticipantInfo[3].mRacePosition").type()).isEqualTo(ChannelType.LONG);
        assertThat(channel("speed").title()).isEqualTo("Ground Speed");
        assertThat(channel("tyre_temperature_fl").title()).isEqualTo("Tyre Temp FL");
    }

    private List<String> names(String... patterns) {
        return catalogue.select(List.of(patterns)).stream().map(Channel::name).toList();
    }

    @Test
    void shouldSayWhatIsNearAWrongName() {
        assertRefused("sped", "'sped'", "speed");
        assertRefused("tyre_temprature_fl", "tyre_temperature_fl");
        assertRefused("xyz*", "'xyz*'", "--list-channels");
        assertRefused("mTyreTemp", "4 numbers", "mTyreTemp[0]", "mTyreTemp[*]");
        assertRefused("mTyreTemp[4]", "'mTyreTemp[4]'");
        assertRefused("mCarName", "a text");
        assertRefused("mParticipantInfo[0]", "a struct");
        assertRefused("x".repeat(100_000), "...");
    }

    private void assertRefused(String name, String... texts) {
        assertThatThrownBy(() -> catalogue.select(List.of(name)))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(texts);
    }

    @Test
    void shouldLeaveOutWhatAnOldBlockDoesNotHave() {
        final ChannelCatalogue old = ChannelCatalogue.of(FORMAT, 9);
        assertThat(old.all()).extracting(Channel::name).contains("speed").doesNotContain("ride_height_fl", "drs_state");
        assertThat(old.defaults()).extracting(Channel::name).doesNotContain("ride_height_fl");
        assertThatThrownBy(() -> old.select(List.of("mRideHeight[0]")))
                .hasMessageContainingAll("version 10", "version 9");
        final UnsafeBuffer short9 = new UnsafeBuffer(new byte[FORMAT.length(9)]);
        old.all().forEach(channel -> channel.value(short9));
        final UnsafeBuffer shortest = new UnsafeBuffer(new byte[FORMAT.length(8)]);
        ChannelCatalogue.of(FORMAT, 8).all().forEach(channel -> channel.value(shortest));
    }

    @Test
    void shouldGiveEachNumberOfAFormatWithoutACatalogue() {
        final BlockFormat own = BlockFormat.parse("own.format", """
            format own "A program's own"
            unit m/s
            struct Wheel
              f32 load
            end
            object own "own"
              f64 speed unit m/s unset -1
              u64 ticks
              u8 gear
              char8 name[8]
              Wheel wheels[2]
              u8 buffer[5000]
            end
            """);
        final ChannelCatalogue channels = ChannelCatalogue.of(own, 0);
        assertThat(channels.all())
                .extracting(Channel::name)
                .containsExactly("speed", "ticks", "gear", "wheels[0].load", "wheels[1].load");
        assertThat(channels.defaults()).isEqualTo(channels.all());
        assertThat(channels.all())
                .extracting(Channel::type)
                .containsExactly(
                        ChannelType.DOUBLE, ChannelType.DOUBLE, ChannelType.LONG, ChannelType.FLOAT, ChannelType.FLOAT);
        assertThat(channels.all().getFirst().unit()).isEqualTo("m/s");
        assertThat(channels.select(List.of("buffer[99]"))).hasSize(1);
        assertThatThrownBy(() -> channels.select(List.of("buffer[*]")))
                .hasMessageContainingAll("more than 4096", "narrow it");
        final UnsafeBuffer values = new UnsafeBuffer(new byte[own.length(0)]);
        values.putDouble(own.field("speed").offset(), -1, ByteOrder.LITTLE_ENDIAN);
        assertThat(channels.all().getFirst().value(values)).isNaN();
    }

    @Test
    void shouldNameOnlyFieldsThatTheGamesFormatHas() throws IOException {
        final long statements;
        try (InputStream in = ChannelCatalogue.class.getResourceAsStream("pcars2.channels")) {
            statements = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .mapToLong(line -> line.startsWith("channel ") ? 1 : line.startsWith("wheels ") ? 4 : 0)
                    .sum();
        }
        assertThat(catalogue.all()).hasSize((int) statements);
    }

    @Test
    void shouldLeaveOutWhatASessionsOwnFormatDoesNotHave() {
        final BlockFormat own = BlockFormat.parse("pcars2.format", """
            format pcars2 "Less of it"
            unit m/s
            object own "own"
              f32 mSpeed unit m/s
              char8 mGear[8]
            end
            """);
        assertThat(ChannelCatalogue.of(own, 0).all()).extracting(Channel::name).containsExactly("speed");
    }

    @Test
    void shouldReadNothingBehindTheEndOfABlock() {
        set("mNumParticipants", 2);
        name(0, "Ann");
        for (int length = 0; length < block.capacity(); length += 97) {
            final UnsafeBuffer cut = new UnsafeBuffer(block, 0, length);
            ChannelCatalogue.of(FORMAT, 14).all().forEach(channel -> channel.value(cut));
        }
        final UnsafeBuffer empty = new UnsafeBuffer(new byte[0]);
        assertThat(catalogue.all())
                .allSatisfy(channel ->
                        assertThat(channel.value(empty)).as(channel.name()).isNaN());
        assertThat(channel("mTyreTemp[0]").value(empty)).isNaN();
        assertThat(channel("lap_distance").value(block)).as("of a whole one").isZero();
    }

    @Test
    void shouldNotBeDrawnAcrossALeapInALogThatNamesItsOwnFields() {
        final BlockFormat log = BlockFormat.parse("log.format", """
            format log "A log"
            unit m
            unit km m 1000 0
            unit deg rad 0.0174532925 0
            object log "log"
              f64 lap_distance unit m
              f64 yaw unit deg
              f64 position_x unit km
              f64 oil
            end
            """);
        final List<Channel> channels = ChannelCatalogue.of(log, 0).all();
        assertThat(channels.get(0).title()).isEqualTo("Lap Distance");
        assertThat(channels.get(0).between(4300, 4310, 0.5)).isEqualTo(4305);
        assertThat(channels.get(0).between(4310, 2, 0.5)).as("at the line").isEqualTo(4310);
        assertThat(channels.get(1).between(-179, 179, 0.5)).as("once round").isEqualTo(-179);
        assertThat(channels.get(2).between(1, 2, 0.5))
                .as("what a leap is in km, nobody said")
                .isEqualTo(1);
        assertThat(channels.get(3).between(1, 2, 0.5)).isEqualTo(1.5);
        assertThat(channels.get(3).title()).isEqualTo("oil");
    }

    @Test
    void shouldNotBeDrawnAcrossALeap() {
        final Channel distance = channel("lap_distance");
        assertThat(distance.between(4300, 4310, 0.5)).isEqualTo(4305);
        assertThat(distance.between(4310, 2, 0.5)).as("at the line").isEqualTo(4310);
        assertThat(channel("yaw").between(-179, 179, 0.5)).as("once round").isEqualTo(-179);
        assertThat(channel("gear").between(3, 4, 0.9)).isEqualTo(3);
        assertThat(channel("speed").between(Double.NaN, 4, 0.5)).isNaN();
        assertThat(channel("speed").between(4, Double.NaN, 0.5)).isNaN();
        assertThat(channel("mParticipantInfo[0].mCurrentLapDistance").between(1, 2, 0.5))
                .as("nothing is known of a raw field")
                .isEqualTo(1);
    }

    @Test
    void shouldSayWhichLineOfACatalogueIsFaulty() {
        assertFaulty("chanel speed \"Speed\" m/s mSpeed", "x.channels:2", "no statement");
        assertFaulty("channel speed \"Speed\" m/s mSpeed often", "'often'");
        assertFaulty("channel speed \"Speed\" rad mSpeed", "in rad", "in m/s");
        assertFaulty("channel speed", "NAME");
        assertFaulty("channel a \"A\" m/s mSpeed\nchannel a \"A\" m/s mSpeed", "x.channels:3", "two channels");
        assertFaulty("channel a \"A\" m/s mSpeed jump", "no number");
    }

    private static void assertFaulty(String text, String... problems) {
        assertThatThrownBy(() -> new CatalogueParser("x.channels", FORMAT, 14).parse("# A comment\n" + text))
                .isInstanceOf(FormatException.class)
                .hasMessageContainingAll(problems);
    }
}
