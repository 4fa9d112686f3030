package io.slipstream.telemetry.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AttitudeTest {
    private final Attitude attitude = new Attitude();

    @Test
    void shouldTurnVectorsAsARecordedPacketDoes() {
        // Orientation, world acceleration and local acceleration of one car in one packet of Project CARS 2.
        attitude.set(-0.019488, 0.0029625, 0.0120387);
        attitude.toBody(0.858252, -0.933083, 2.511836);
        assertThat(attitude.x()).isCloseTo(0.837208, within(0.005));
        assertThat(attitude.y()).isCloseTo(-0.991227, within(0.005));
        assertThat(attitude.z()).isCloseTo(2.496686, within(0.005));
    }

    @Test
    void shouldAgreeWithTheLibraryAtEveryHeading() {
        for (double yaw = -Math.PI; yaw <= Math.PI; yaw += 0.01) {
            attitude.set(0, yaw, 0);
            attitude.toBody(-StrictMath.sin(yaw), 0, -StrictMath.cos(yaw));
            assertThat(attitude.x()).as("sideways at yaw %.2f", yaw).isCloseTo(0, within(1e-14));
            assertThat(attitude.z()).as("forward at yaw %.2f", yaw).isCloseTo(-1, within(1e-14));
        }
    }
}
