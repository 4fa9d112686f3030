package io.slipstream.telemetry.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.telemetry.simulator.TrackBuilder.Corner;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrackTest {
    private static final double STEP_M = 0.1;

    @ParameterizedTest
    @EnumSource
    void shouldMeasureDistanceAlongTheLine(final Circuit circuit) {
        final Track track = circuit.track();
        double driven = 0;
        for (double at = 0; at < track.length(); at += STEP_M) {
            driven += chord(track, at, track.withinLap(at + STEP_M));
        }
        assertThat(driven).as("metres round %s", circuit.id()).isCloseTo(track.length(), within(STEP_M * 2));
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseWithoutAJump(final Circuit circuit) {
        final Track track = circuit.track();
        assertThat(chord(track, track.length() - 0.05, 0.05))
                .as("gap at the line")
                .isCloseTo(0.1, within(0.005));
        assertThat(Track.wrap(track.yaw(track.length() - 0.05) - track.yaw(0.05)))
                .as("turn at the line")
                .isCloseTo(0, within(0.01));
    }

    @ParameterizedTest
    @EnumSource
    void shouldTurnAsMuchAsItsCurvatureSays(final Circuit circuit) {
        final Track track = circuit.track();
        double turned = 0;
        for (double at = 0; at < track.length(); at += STEP_M) {
            turned += track.curvature(at) * STEP_M;
        }
        assertThat(Math.abs(turned)).as("radians in a lap").isCloseTo(2 * Math.PI, within(0.02));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBendSmoothly(final Circuit circuit) {
        final Track track = circuit.track();
        double sharpest = 0;
        for (double at = 0; at < track.length(); at += STEP_M) {
            final double change = track.curvature(track.withinLap(at + 1)) - track.curvature(at);
            sharpest = Math.max(sharpest, Math.abs(change));
        }
        assertThat(sharpest).as("change of curvature over a metre, 1/m").isLessThan(0.006);
    }

    @Test
    void shouldBeAsLongAsPromised() {
        assertThat(Circuit.CLUB.track().length()).isBetween(550.0, 650.0);
        assertThat(Circuit.GRAND_PRIX.track().length()).isBetween(4_200.0, 4_400.0);
    }

    @Test
    void shouldCallLeftWhatTheGameCallsLeft() {
        // The club circuit runs anticlockwise: its first corner is a left. Facing -z the game has +x on the left.
        final Track track = Circuit.CLUB.track();
        final double corner = 100;
        assertThat(track.curvature(corner))
                .as("a left-hand corner bends positively")
                .isPositive();
        final double ahead = corner + 20;
        final double towardsLeft = (track.x(ahead) - track.x(corner)) * track.leftX(corner)
                + (track.z(ahead) - track.z(corner)) * track.leftZ(corner);
        assertThat(towardsLeft).as("metres to the left after 20 m of it").isGreaterThan(1);
        final double forward = (track.x(ahead) - track.x(corner)) * -StrictMath.sin(track.yaw(corner))
                + (track.z(ahead) - track.z(corner)) * -StrictMath.cos(track.yaw(corner));
        assertThat(forward).as("metres forward along the heading").isGreaterThan(15);
    }

    @Test
    void shouldRefuseACornerThatDoesNotFit() {
        final List<Corner> corners = List.of(
                new Corner(0, 0, 10, 0),
                new Corner(100, 0, 90, 0),
                new Corner(100, 100, 10, 0),
                new Corner(0, 100, 10, 0));
        assertThatThrownBy(() -> TrackBuilder.build(corners, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(100.0, 0.0)")
                .hasMessageContaining("lower its radius");
    }

    @Test
    void shouldNameTheCircuitsThereAre() {
        assertThat(Circuit.of("club")).isEqualTo(Circuit.CLUB);
        assertThat(Circuit.of("grand-prix")).isEqualTo(Circuit.GRAND_PRIX);
        assertThatThrownBy(() -> Circuit.of("moon"))
                .hasMessageContaining("'moon'")
                .hasMessageContaining("club");
    }

    private static double chord(final Track track, final double from, final double to) {
        final double x = track.x(to) - track.x(from);
        final double y = track.y(to) - track.y(from);
        final double z = track.z(to) - track.z(from);
        return Math.sqrt(x * x + y * y + z * z);
    }
}
