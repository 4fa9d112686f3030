package io.slipstream.telemetry.simulator;

/**
 * One car on its line: engine, gearbox, tyres, brakes, drag, slope and fuel, in fixed small steps.
 *
 * <p>The speed is that along the car's own path, which may lie to one side of the track's line; {@link #distance()} is the
 * distance along the track's line, 0 at the first crossing of the start line. Not safe for several threads.
 */
final class Car {
    private static final double LATERAL_STIFFNESS = 5;
    private static final double SLIP_STIFFNESS = 18;
    private static final double SLIP_SECONDS = 0.025;
    private static final double WHEEL_INERTIA = 4.4;
    /** Yaw of the body into the bend, radians per m/s^2: how a rear axle on slicks carries its side force. */
    private static final double BODY_SLIP = -0.0035;

    private final Track track;
    private final CarSpec spec;
    private final SpeedProfile profile;
    private final Driver driver;
    private final Gearbox gearbox;

    private double distance;
    private double speed;
    private double lateral;
    private double lateralRate;
    private double lateralWanted;
    private double driven;
    private double fuel;
    private double odometer;
    private double slipFront;
    private double slipRear;
    private double acceleration;
    private double lateralAcceleration;
    private double curvature;
    private double engineTorque;
    private double brakeForce;
    private double throttle;
    private boolean antiLock;

    Car(
            final Track track,
            final CarSpec spec,
            final SpeedProfile profile,
            final Driver driver,
            final double distance,
            final double lateral,
            final double fuel) {
        this.track = track;
        this.spec = spec;
        this.profile = profile;
        this.driver = driver;
        this.gearbox = new Gearbox(spec);
        this.distance = distance;
        this.lateral = lateral;
        this.lateralWanted = lateral;
        this.fuel = fuel;
        this.speed = Math.min(0.97 * profile.at(track.withinLap(distance)), 34);
        gearbox.engageFor(speed / spec.wheelRadius());
    }

    /** Move time on by a few milliseconds at most. */
    void step(final double dt) {
        final double at = track.withinLap(distance);
        lateralRate +=
                ((lateralWanted - lateral) * LATERAL_STIFFNESS - 2 * Math.sqrt(LATERAL_STIFFNESS) * lateralRate) * dt;
        lateral += lateralRate * dt;
        final double stretch = 1 - track.curvature(at) * lateral;
        curvature = track.curvature(at) / stretch;
        lateralAcceleration = speed * speed * curvature;

        final double mass = massKg();
        final double normal = mass * CarSpec.GRAVITY + spec.downforcePerSpeedSquared() * speed * speed;
        final double used = mass * lateralAcceleration / (spec.grip() * normal);
        final double left = Math.sqrt(Math.max(0.03, 1 - used * used));
        final double braking = spec.grip() * normal * left;
        final double rearLoad = normal * (1 - spec.frontWeight())
                + Math.max(0, acceleration) * mass * spec.centreOfGravity() / spec.wheelbase();
        final double traction = spec.grip() * rearLoad * left * 0.95;
        final double resistance = spec.dragPerSpeedSquared() * speed * speed
                + spec.rollingResistance() * normal
                + mass * CarSpec.GRAVITY * track.slope(at);
        final double inertia = gearbox.isShifting() ? 0 : spec.engineInertia() * gearbox.ratio() * gearbox.ratio();
        final double moving = mass + (inertia + WHEEL_INERTIA) / (spec.wheelRadius() * spec.wheelRadius());

        final double rpm = engineSpeed() / CarSpec.RPM_TO_RAD_PER_SECOND;
        final double perNewtonMetre = gearbox.ratio() * spec.drivelineEfficiency() / spec.wheelRadius();
        final double full = fuel > 0 ? spec.torque().full(rpm) : 0;
        final double overrun = spec.torque().overrun(rpm);
        driver.step(
                dt,
                moving * wantedAcceleration() + resistance,
                overrun * perNewtonMetre,
                Math.max(full, 1) * perNewtonMetre,
                traction,
                braking * 0.96,
                spec.brakeForce());
        burn(dt, rpm, full, overrun);
        final double driveForce = engineTorque * perNewtonMetre * (1 - gearbox.clutch());
        final double pressed = driver.brake() * spec.brakeForce();
        antiLock = pressed > braking;
        brakeForce = Math.min(pressed, braking);

        acceleration = (driveForce - brakeForce - resistance) / moving;
        final double before = speed;
        speed = Math.max(0.1, speed + acceleration * dt);
        final double path = (before + speed) / 2 * dt;
        driven += path;
        odometer += path;
        final double forward = Math.sqrt(Math.max(0, path * path - lateralRate * lateralRate * dt * dt));
        distance += forward / stretch;

        final double blend = Math.min(1, dt / SLIP_SECONDS);
        final double front = normal * spec.frontWeight();
        slipFront += (-brakeForce * spec.brakeBias() / (SLIP_STIFFNESS * front) - slipFront) * blend;
        slipRear +=
                ((driveForce - brakeForce * (1 - spec.brakeBias())) / (SLIP_STIFFNESS * rearLoad) - slipRear) * blend;
        gearbox.step(dt, drivenWheelSpeed(), driver.throttle() > 0.5);
    }

    /** What would bring the car to the speed that the track allows at the driver's horizon. */
    private double wantedAcceleration() {
        final double ahead = Math.max(1, speed * driver.horizon());
        final double there = track.withinLap(distance + ahead);
        final double squeeze = Math.sqrt(Math.max(0.2, 1 - track.curvature(there) * lateral));
        final double allowed = profile.at(there) * driver.pace() * squeeze;
        return (allowed * allowed - speed * speed) / (2 * ahead);
    }

    private void burn(final double dt, final double rpm, final double full, final double overrun) {
        throttle = driver.throttle();
        if (gearbox.isShifting()) {
            // A cut for the next gear up, a blip to meet the speed of the next one down.
            throttle = gearbox.isShiftingDown() ? Math.max(throttle, 0.35 * gearbox.clutch()) : 0;
        }
        final boolean limited = rpm > spec.limitRpm();
        engineTorque = overrun + (limited ? 0 : throttle) * (full - overrun);
        final double work = Math.max(0, engineTorque) * engineSpeed() + 9_000;
        fuel = Math.max(0, fuel - work / spec.joulesPerLitre() * dt);
    }

    /** Where this car should be beside the track's line, metres to the left. */
    void keepTo(final double offset) {
        lateralWanted = offset;
    }

    Track track() {
        return track;
    }

    CarSpec spec() {
        return spec;
    }

    Driver driver() {
        return driver;
    }

    double distance() {
        return distance;
    }

    double speed() {
        return speed;
    }

    /** Metres to the left of the track's line. */
    double lateral() {
        return lateral;
    }

    double lateralRate() {
        return lateralRate;
    }

    double massKg() {
        return spec.massKg() + fuel * CarSpec.FUEL_KG_PER_LITRE;
    }

    double fuelLitres() {
        return fuel;
    }

    /** Metres driven along the car's own path. */
    double driven() {
        return driven;
    }

    double odometer() {
        return odometer;
    }

    void odometer(final double metres) {
        odometer = metres;
    }

    /** m/s^2 along the path, positive when it gains speed. */
    double acceleration() {
        return acceleration;
    }

    /** m/s^2 across the path, positive to the left. */
    double lateralAcceleration() {
        return lateralAcceleration;
    }

    /** 1/m of the car's own path, positive to the left. */
    double curvature() {
        return curvature;
    }

    /** rad, how far the body points out of the path; grows to the right like a yaw. */
    double bodySlip() {
        return BODY_SLIP * lateralAcceleration;
    }

    double engineTorque() {
        return engineTorque;
    }

    /** rad/s of the crankshaft. */
    double engineSpeed() {
        return gearbox.engineSpeed(drivenWheelSpeed());
    }

    /** N of all wheels together. */
    double brakeForce() {
        return brakeForce;
    }

    /** As the engine's management sees it: cut or blipped while a gear changes. */
    double throttle() {
        return throttle;
    }

    Gearbox gearbox() {
        return gearbox;
    }

    boolean antiLockActive() {
        return antiLock;
    }

    /** rad/s, mean of the rear wheels. */
    double drivenWheelSpeed() {
        return speed * (1 + slipRear) / spec.wheelRadius();
    }

    /** Slip ratio of an axle, positive when driven. */
    double slip(final boolean front) {
        return front ? slipFront : slipRear;
    }
}
