package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.telemetry.schema.ParticipantDecoder;
import io.slipstream.telemetry.schema.ParticipantEncoder;
import io.slipstream.telemetry.schema.StandingsDecoder;
import io.slipstream.telemetry.schema.StandingsEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ParticipantsTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
    private final ParticipantRoster roster = new ParticipantRoster(Blocks.FORMAT);
    private final PlayerAnchor anchor = new PlayerAnchor(Blocks.FORMAT);

    private ParticipantDecoder encode(final int index) {
        roster.encode(index, new ParticipantEncoder().wrap(buffer, 0));
        return new ParticipantDecoder()
                .wrap(buffer, 0, ParticipantDecoder.BLOCK_LENGTH, ParticipantDecoder.SCHEMA_VERSION);
    }

    @Test
    void shouldYieldOnlyWhatChanged() {
        final Blocks block = new Blocks();
        assertThat(roster.update(block.buffer, 14, 0)).as("all new").isEqualTo(0b11);
        assertThat(roster.update(block.buffer, 14, 0)).as("nothing new").isZero();
        block.text("mCarNames[1]", "Lotus");
        assertThat(roster.update(block.buffer, 14, 0)).as("a car").isEqualTo(0b10);
        block.text("mCarClassNames[0]", "F1");
        assertThat(roster.update(block.buffer, 14, 0)).as("a class").isEqualTo(0b01);
        assertThat(roster.update(block.buffer, 14, 1)).as("another player").isEqualTo(0b11);
        block.set("mParticipantInfo[1].mIsActive", 0);
        assertThat(roster.update(block.buffer, 14, 0))
                .as("one left, one is the player")
                .isEqualTo(0b01);
        assertThat(roster.active()).isEqualTo(0b01);
        block.set("mParticipantInfo[1].mIsActive", 1);
        assertThat(roster.update(block.buffer, 14, 0)).as("and came back").isEqualTo(0b10);
        final ParticipantDecoder bob = encode(1);
        assertThat(bob.index()).isEqualTo(1);
        assertThat(bob.player()).isZero();
        assertThat(bob.name()).isEqualTo("Bob");
        assertThat(bob.car()).isEqualTo("Lotus");
        assertThat(bob.carClass()).isEmpty();
    }

    @Test
    void shouldTurnBothEncodingsOfAGameIntoUtf8() {
        final Blocks block = new Blocks();
        block.text("mParticipantInfo[0].mName", "Sébastien 車");
        block.bytes(
                "mParticipantInfo[1].mName",
                "Räikkönen \u20AC".getBytes(java.nio.charset.Charset.forName("windows-1252")));
        roster.update(block.buffer, 14, 0);
        assertThat(encode(0).name()).isEqualTo("Sébastien 車");
        assertThat(encode(1).name()).isEqualTo("Räikkönen €");
        block.bytes("mParticipantInfo[1].mName", "cut \u00E9".getBytes(StandardCharsets.ISO_8859_1));
        roster.update(block.buffer, 14, 0);
        assertThat(encode(1).name()).as("a lead byte at the end").isEqualTo("cut é");
    }

    @Test
    void shouldAnchorThePlayerByName() {
        final Blocks block = new Blocks();
        block.set("mViewedParticipantIndex", -1);
        assertThat(anchor.update(block.buffer, 14)).as("menus").isEqualTo(PlayerAnchor.NONE);
        block.set("mViewedParticipantIndex", 1);
        assertThat(anchor.update(block.buffer, 14)).as("anchored to Bob").isEqualTo(1);
        block.set("mViewedParticipantIndex", 0);
        assertThat(anchor.update(block.buffer, 14)).as("camera on Ada").isEqualTo(1);
        block.text("mParticipantInfo[0].mName", "Bob").text("mParticipantInfo[1].mName", "Ada");
        assertThat(anchor.update(block.buffer, 14)).as("Bob moved to 0").isZero();
        block.set("mViewedParticipantIndex", -1);
        assertThat(anchor.update(block.buffer, 14)).as("camera on nobody").isZero();
        block.text("mParticipantInfo[0].mName", "Bo");
        assertThat(anchor.update(block.buffer, 14)).as("Bob is gone").isEqualTo(PlayerAnchor.NONE);
        anchor.reset();
        block.set("mViewedParticipantIndex", 0);
        assertThat(anchor.update(block.buffer, 14)).as("new session").isZero();
    }

    @Test
    void shouldListTheRealGrid() throws IOException {
        final Blocks block = Blocks.dump("ams2-v13-race-paused.bin");
        final StandingsMapper mapper = new StandingsMapper(Blocks.FORMAT);
        assertThat(mapper.map(block.buffer, block.version(), 0, 5, new StandingsEncoder().wrap(buffer, 0)))
                .isEqualTo(21);
        final StandingsDecoder standings =
                new StandingsDecoder().wrap(buffer, 0, StandingsDecoder.BLOCK_LENGTH, StandingsDecoder.SCHEMA_VERSION);
        assertThat(standings.frameNumber()).isEqualTo(5);
        assertThat(standings.player()).isZero();
        final StandingsDecoder.CarsDecoder cars = standings.cars();
        assertThat(cars.count()).isEqualTo(21);
        cars.next().next();
        assertThat(cars.index()).isEqualTo(1);
        assertThat(cars.racePosition()).isEqualTo(9);
        assertThat(cars.lap()).isEqualTo(1);
        assertThat(cars.position().x()).isEqualTo(1347.0382f);
        assertThat(cars.speed()).isEqualTo(0.06370358f);
        assertThat(cars.lastLapTime()).as("-123 in the block").isNaN();
        assertThat(cars.fastestLapTime()).as("-123 in the block").isNaN();
        assertThat(cars.sector()).isEqualTo((byte) 2);
        assertThat(cars.raceState()).isEqualTo((short) 1);
    }

    @Test
    void shouldListOnlyActiveCars() {
        final Blocks block = new Blocks();
        block.set("mParticipantInfo[0].mIsActive", 0);
        final StandingsMapper mapper = new StandingsMapper(Blocks.FORMAT);
        assertThat(mapper.map(block.buffer, 14, -1, 5, new StandingsEncoder().wrap(buffer, 0)))
                .isEqualTo(1);
        block.set("mNumParticipants", -1);
        assertThat(mapper.map(block.buffer, 14, -1, 5, new StandingsEncoder().wrap(buffer, 0)))
                .as("menus")
                .isZero();
        block.set("mNumParticipants", 1_000_000);
        assertThat(mapper.map(block.buffer, 14, -1, 5, new StandingsEncoder().wrap(buffer, 0)))
                .as("a damaged count")
                .isEqualTo(1);
    }
}
