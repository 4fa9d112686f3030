package io.slipstream.telemetry.simulator;

import java.util.SplittableRandom;

/**
 * What the player's car does on its wheels: load transfer, springs, attitude, temperatures and wear, all driven by the
 * forces of {@link Car}. Wheels are numbered as in the game: front left, front right, rear left, rear right.
 *
 * <p>Not safe for several threads.
 */
final class Chassis {
    static final int WHEELS = 4;
    static final double KELVIN = 273.15;
    static final double AMBIENT_C = 22.4;
    static final double TRACK_C = 31.6;

    private static final double SPRING = 130_000;
    private static final double STATIC_TRAVEL = 0.055;
    private static final double SPRING_RATE = 38;
    private static final double SPRING_DAMPING = 0.55;
    private static final double ROUGHNESS_M = 0.0022;
    private static final int BUMPS = 4096;
    private static final double BUMP_PER_M = 1 / 1.6;
    private static final double DISC_HEAT_CAPACITY = 5_200;

    private final Car car;
    private final double[] bumps = new double[BUMPS];
    private final double[] travel = {STATIC_TRAVEL, STATIC_TRAVEL, STATIC_TRAVEL, STATIC_TRAVEL};
    private final double[] travelVelocity = new double[WHEELS];
    private final double[] load = new double[WHEELS];
    private final double[] discC = {340, 340, 290, 290};
    private final double[] treadC = {78, 78, 80, 80};
    private final double[] layerC = {77, 77, 79, 79};
    private final double[] carcassC = {76, 76, 77, 77};
    private final double[] rimC = {82, 82, 76, 76};
    private final double[] airC = {78, 78, 77, 77};
    private final double[] wear = new double[WHEELS];
    private double oilC = 88;
    private double waterC = 81;
    private double clutchC = 92;
    private double steering;
    private double steeringRate;
    private double pitch;
    private double roll;
    private double pitchRate;
    private double rollRate;

    Chassis(final Car car, final SplittableRandom random) {
        this.car = car;
        for (int i = 0; i < BUMPS; i++) {
            bumps[i] = ROUGHNESS_M * (random.nextDouble() + random.nextDouble() - 1);
        }
    }

    void step(final double dt) {
        springs(dt);
        heat(dt);
        steer(dt);
    }

    private void springs(final double dt) {
        final CarSpec spec = car.spec();
        final double mass = car.massKg();
        final double speed = car.speed();
        final double at = car.track().withinLap(car.distance());
        final double bounce = speed * speed * car.track().slopeRate(at);
        final double vertical = mass * (CarSpec.GRAVITY + bounce) + spec.downforcePerSpeedSquared() * speed * speed;
        final double diving = -mass * car.acceleration() * spec.centreOfGravity() / spec.wheelbase();
        final double rolling = mass * car.lateralAcceleration() * spec.centreOfGravity() / spec.trackWidth();
        for (int wheel = 0; wheel < WHEELS; wheel++) {
            final boolean front = wheel < 2;
            final double share = front ? spec.frontWeight() : 1 - spec.frontWeight();
            final double outer = (wheel & 1) == 0 ? -rolling : rolling;
            final double transfer = (front ? diving : -diving) / 2 + outer * share;
            load[wheel] = Math.max(200, vertical * share / 2 + transfer);
            final double rest = mass * CarSpec.GRAVITY * share / 2;
            final double contact = car.odometer() + (front ? spec.wheelbase() : 0);
            final double wanted = STATIC_TRAVEL + (load[wheel] - rest) / SPRING + bump(contact, wheel & 1);
            travelVelocity[wheel] += ((wanted - travel[wheel]) * SPRING_RATE * SPRING_RATE
                            - 2 * SPRING_DAMPING * SPRING_RATE * travelVelocity[wheel])
                    * dt;
            travel[wheel] += travelVelocity[wheel] * dt;
        }
        final double nose = (travel[2] + travel[3] - travel[0] - travel[1]) / (2 * spec.wheelbase());
        final double lean = (travel[1] + travel[3] - travel[0] - travel[2]) / (2 * spec.trackWidth());
        pitchRate = (nose - pitch) / dt;
        rollRate = (lean - roll) / dt;
        pitch = nose;
        roll = lean;
    }

    /** Height of the road's roughness under a wheel: the same on both axles, different on the two sides. */
    private double bump(final double metres, final int side) {
        final double index = metres * BUMP_PER_M;
        final long low = (long) index;
        final double t = index - low;
        final double eased = t * t * (3 - 2 * t);
        final int offset = side * 1777;
        final double a = bumps[(int) ((low + offset) & (BUMPS - 1))];
        final double b = bumps[(int) ((low + offset + 1) & (BUMPS - 1))];
        return a + eased * (b - a);
    }

    private void heat(final double dt) {
        final CarSpec spec = car.spec();
        final double speed = car.speed();
        final double slide = Math.abs(car.lateralAcceleration()) / (spec.grip() * CarSpec.GRAVITY);
        for (int wheel = 0; wheel < WHEELS; wheel++) {
            final boolean front = wheel < 2;
            final double bias = front ? spec.brakeBias() : 1 - spec.brakeBias();
            final double braking = car.brakeForce() * bias / 2 * speed;
            discC[wheel] += (braking / DISC_HEAT_CAPACITY - (discC[wheel] - AMBIENT_C) * (0.003 + 0.0003 * speed)) * dt;
            final double share = load[wheel] / 3_600;
            final double working = Math.sqrt(share) * (7 * slide * slide + 40 * Math.abs(car.slip(front)));
            treadC[wheel] +=
                    (working + (layerC[wheel] - treadC[wheel]) * 0.35 - (treadC[wheel] - TRACK_C) * 0.075) * dt;
            layerC[wheel] += ((treadC[wheel] - layerC[wheel]) * 0.12 + (carcassC[wheel] - layerC[wheel]) * 0.05) * dt;
            carcassC[wheel] += ((layerC[wheel] - carcassC[wheel]) * 0.02 + share * 0.03) * dt;
            rimC[wheel] += ((discC[wheel] - rimC[wheel]) * 0.0006 - (rimC[wheel] - AMBIENT_C) * 0.003) * dt;
            airC[wheel] += ((carcassC[wheel] - airC[wheel]) * 0.012 + (rimC[wheel] - airC[wheel]) * 0.006) * dt;
            wear[wheel] = Math.min(1, wear[wheel] + working * 1e-6 * dt);
        }
        final double power = Math.max(0, car.engineTorque()) * car.engineSpeed() / 350_000;
        oilC += ((84 + 26 * power - oilC) * 0.02) * dt;
        waterC += ((76 + 16 * power - waterC) * 0.03) * dt;
        final double slipping = car.gearbox().isShifting() ? 14 : 0;
        clutchC += (slipping - (clutchC - 70) * 0.03) * dt;
    }

    private void steer(final double dt) {
        final double speed = car.speed();
        final double wheelAngle = car.curvature() * (car.spec().wheelbase() + 0.0022 * speed * speed);
        final double wanted = Math.max(-1, Math.min(1, -wheelAngle / 0.42));
        steeringRate += ((wanted - steering) * 400 - 32 * steeringRate) * dt;
        steering += steeringRate * dt;
    }

    /** -1 full left, 1 full right. */
    double steering() {
        return steering;
    }

    /** Compression of a spring from full droop, m. */
    double travel(final int wheel) {
        return travel[wheel];
    }

    double travelVelocity(final int wheel) {
        return travelVelocity[wheel];
    }

    /** Vertical force on a wheel, N. */
    double load(final int wheel) {
        return load[wheel];
    }

    /** Ground clearance at a wheel, m. */
    double rideHeight(final int wheel) {
        return Math.max(0.008, 0.062 - (travel[wheel] - STATIC_TRAVEL));
    }

    /** rad/s of a wheel, positive rolling forward. */
    double wheelSpeed(final int wheel) {
        final double half = car.spec().trackWidth() / 2;
        final double side = (wheel & 1) == 0 ? half : -half;
        final double there = car.speed() * (1 - car.curvature() * side);
        return there * (1 + car.slip(wheel < 2)) / car.spec().wheelRadius();
    }

    /** Speed of the tread over the road, m/s. */
    double slipSpeed(final int wheel) {
        final double along = car.speed() * car.slip(wheel < 2);
        final double across = car.lateralAcceleration() * 0.055;
        return Math.sqrt(along * along + across * across);
    }

    double discCelsius(final int wheel) {
        return discC[wheel];
    }

    double treadCelsius(final int wheel) {
        return treadC[wheel];
    }

    double layerCelsius(final int wheel) {
        return layerC[wheel];
    }

    double carcassCelsius(final int wheel) {
        return carcassC[wheel];
    }

    double rimCelsius(final int wheel) {
        return rimC[wheel];
    }

    double airCelsius(final int wheel) {
        return airC[wheel];
    }

    double wear(final int wheel) {
        return wear[wheel];
    }

    double oilCelsius() {
        return oilC;
    }

    double waterCelsius() {
        return waterC;
    }

    double clutchCelsius() {
        return clutchC;
    }

    /** Of the body against the road, rad, positive nose up. */
    double pitch() {
        return pitch;
    }

    /** Of the body against the road, rad, positive left side up. */
    double roll() {
        return roll;
    }

    double pitchRate() {
        return pitchRate;
    }

    double rollRate() {
        return rollRate;
    }
}
