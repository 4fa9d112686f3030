package io.slipstream.telemetry.simulator;

import java.util.SplittableRandom;

/**
 * Who presses the pedals: looks a little ahead, knows how fast the track can be taken, and is a little different from the
 * others and from himself a lap ago.
 *
 * <p>Not safe for several threads.
 */
final class Driver {
    private static final double THROTTLE_ON_PER_S = 6;
    private static final double THROTTLE_OFF_PER_S = 14;
    private static final double BRAKE_ON_PER_S = 11;
    private static final double BRAKE_OFF_PER_S = 6;
    private static final double LAP_SPREAD = 0.0025;

    private final SplittableRandom random;
    private final double basePace;
    private final double reaction;
    private double pace;
    private double paceWanted;
    private double throttle;
    private double brake;

    /**
     * @param random of this driver alone
     * @param basePace share of the ideal speed
     */
    Driver(final SplittableRandom random, final double basePace) {
        this.random = random;
        this.basePace = basePace;
        this.reaction = 0.13 + 0.05 * random.nextDouble();
        this.pace = basePace;
        nextLap();
        this.pace = paceWanted;
    }

    /** A new lap: a little better or worse than the last. */
    void nextLap() {
        final double spread = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
        paceWanted = basePace + LAP_SPREAD * spread;
    }

    /** How far ahead the driver looks, seconds. */
    double horizon() {
        return reaction;
    }

    double pace() {
        return pace;
    }

    double throttle() {
        return throttle;
    }

    double brake() {
        return brake;
    }

    /**
     * Move the pedals towards a wanted force.
     *
     * @param dt seconds
     * @param wanted force at the wheels, N
     * @param closed force at the wheels with the throttle closed, N
     * @param full force at the wheels with the throttle open, N
     * @param traction largest driving force that the tyres carry, N
     * @param braking largest braking force that the tyres carry, N
     * @param pedalForce braking force at full pedal, N
     */
    void step(
            final double dt,
            final double wanted,
            final double closed,
            final double full,
            final double traction,
            final double braking,
            final double pedalForce) {
        pace += (paceWanted - pace) * Math.min(1, dt / 2);
        double throttleWanted = 0;
        double brakeWanted = 0;
        if (wanted > closed) {
            throttleWanted = clamp((Math.min(wanted, traction) - closed) / (full - closed));
        } else {
            brakeWanted = clamp(Math.min(closed - wanted, braking) / pedalForce);
        }
        throttle = approach(throttle, throttleWanted, dt * THROTTLE_ON_PER_S, dt * THROTTLE_OFF_PER_S);
        brake = throttle > 0.3
                ? approach(brake, 0, 0, dt * BRAKE_OFF_PER_S)
                : approach(brake, brakeWanted, dt * BRAKE_ON_PER_S, dt * BRAKE_OFF_PER_S);
    }

    private static double clamp(final double share) {
        return Math.min(1, Math.max(0, share));
    }

    private static double approach(final double is, final double wanted, final double up, final double down) {
        return wanted > is ? Math.min(wanted, is + up) : Math.max(wanted, is - down);
    }
}
