package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventDetectorTest {
    private static final String START = "started Spa GP Kart 5";

    static Stream<Arguments> stories() {
        return Stream.of(
                story("playing starts", List.of(START), d -> {}),
                story("exit ends", List.of(START, "ended 0"), d -> d.state(0).seconds(1)),
                story(
                        "front end ends",
                        List.of(START, "ended 0"),
                        d -> d.state(1).seconds(1)),
                story(
                        "front end replay ends",
                        List.of(START, "ended 0"),
                        d -> d.state(7).seconds(1)),
                story(
                        "pause does not end",
                        List.of(START),
                        d -> d.state(3).seconds(1).state(2).seconds(1)),
                story(
                        "menu with time ticking does not end",
                        List.of(START),
                        d -> d.state(4).seconds(1)),
                story(
                        "restart starts anew",
                        List.of(START, "ended 0", START),
                        d -> d.state(5).seconds(1).state(2).seconds(1)),
                story("other session", List.of(START, "ended 0", "started Spa GP Kart 3"), d -> {
                    d.block.set("mSessionState", 3);
                    d.seconds(1);
                }),
                story("session gone", List.of(START, "ended 0"), d -> {
                    d.block.set("mSessionState", 0);
                    d.seconds(1);
                }),
                story("other track", List.of(START, "ended 0", "started Monza GP Kart 5"), d -> {
                    d.block.text("mTrackLocation", "Monza");
                    d.seconds(1);
                }),
                story("other layout", List.of(START, "ended 0", "started Spa 1966 Kart 5"), d -> {
                    d.block.text("mTrackVariation", "1966");
                    d.seconds(1);
                }),
                story("race set back to its start", List.of(START, "ended 0", START), d -> {
                    d.block.set("mRaceStates[0]", 1);
                    d.seconds(1);
                }),
                story("replay neither ends nor laps", List.of(START), d -> {
                    d.state(6);
                    d.lap = 9;
                    d.block.set("mHighestFlagColour", 6).set("mPitMode", 2);
                    d.seconds(1);
                    d.lap = 1;
                    d.block.set("mHighestFlagColour", 0).set("mPitMode", 0);
                    d.state(2).seconds(1);
                }),
                story("flags", List.of(START, "flag 6", "flag 0"), d -> {
                    d.block.set("mHighestFlagColour", 6);
                    d.seconds(1);
                    d.block.set("mHighestFlagColour", 0);
                    d.seconds(1);
                }),
                story("pits", List.of(START, "pit 1", "pit 2"), d -> {
                    d.block.set("mPitMode", 1);
                    d.seconds(1);
                    d.block.set("mPitMode", 2);
                    d.seconds(1);
                }),
                story("another's flag and pits", List.of(START, "pit 3"), d -> {
                    d.block
                            .set("mViewedParticipantIndex", 1)
                            .set("mHighestFlagColour", 2)
                            .set("mPitMode", 2)
                            .set("mPitModes[0]", 3);
                    d.seconds(1);
                }),
                story("gap", List.of(START, "gap 3 10000000"), d -> {
                    d.now += 0.01 - 1 / 100.0;
                    d.missed = 3;
                    d.frame();
                }));
    }

    private static Arguments story(final String name, final List<String> events, final Consumer<Drive> drive) {
        return Arguments.of(name, events, drive);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    void shouldTell(final String name, final List<String> events, final Consumer<Drive> story) {
        final Drive drive = new Drive(100);
        drive.seconds(1);
        story.accept(drive);
        assertThat(drive.events).as(name).isEqualTo(events);
        assertThat(drive.laps).as("laps in: %s", name).isEmpty();
    }

    @Test
    void shouldNotStartInMenusPauseOrReplay() {
        final Drive drive = new Drive();
        for (final int state : new int[] {0, 1, 3, 4, 5, 6, 7}) {
            drive.state(state).seconds(1);
        }
        assertThat(drive.events).isEmpty();
    }

    @Test
    void shouldStartAnewWhenTheLapsBeginAgain() {
        final Drive drive = new Drive();
        drive.lap().seconds(20);
        drive.lap = 1;
        drive.origin = -1;
        drive.seconds(5);
        assertThat(drive.events).containsExactly(START, "lap 1", "ended 1", START);
    }

    @Test
    void shouldEndTheSessionOfALostSourceOnceAndMakeNoLapOfItsReturn() {
        final Drive drive = new Drive();
        drive.lap().seconds(20);
        drive.detector.onSourceLost(2_000_000_000_000_000_000L);
        drive.detector.onSourceLost(2_000_000_000_000_000_000L);
        assertThat(drive.events).containsExactly(START, "lap 1", "ended 1");
        assertThat(drive.detector.player()).isEqualTo(PlayerAnchor.NONE);
        drive.lap = 7;
        drive.seconds(20);
        assertThat(drive.events).containsExactly(START, "lap 1", "ended 1", START);
        assertThat(drive.laps).hasSize(1);
    }

    @Test
    void shouldTellThePlayerBeforeAndInTheSession() {
        final Drive drive = new Drive();
        drive.state(3).frame();
        assertThat(drive.detector.player())
                .as("viewed, in a pause before the session")
                .isZero();
        drive.state(2).frame();
        drive.block.set("mViewedParticipantIndex", 1);
        drive.frame();
        assertThat(drive.detector.player()).as("anchored by name").isZero();
        drive.block.set("mViewedParticipantIndex", -1);
        drive.state(1).frame();
        assertThat(drive.detector.player()).isEqualTo(PlayerAnchor.NONE);
    }
}
