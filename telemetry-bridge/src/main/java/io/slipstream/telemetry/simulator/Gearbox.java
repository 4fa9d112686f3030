package io.slipstream.telemetry.simulator;

/**
 * A sequential gearbox with its clutch: which gear is in, whether one is being changed, and how fast the engine turns for a
 * given speed of the driven wheels. With the clutch closed the engine is locked to the wheels.
 *
 * <p>Not safe for several threads.
 */
final class Gearbox {
    private static final double UP_SECONDS = 0.11;
    private static final double DOWN_SECONDS = 0.16;
    private static final double SETTLE_SECONDS = 0.18;
    private static final double CLUTCH_OPEN = 0.2;
    private static final double CLUTCH_CLOSING = 0.7;
    /** A lower gear is taken only when it leaves this much room below its own shift point. */
    private static final double DOWN_SHIFT_ROOM = 0.86;

    private final CarSpec spec;
    private final double[] upShiftRpm;
    private int gear = 1;
    private int from = 1;
    private double progress = 1;
    private double settled = SETTLE_SECONDS;

    Gearbox(final CarSpec spec) {
        this.spec = spec;
        final int count = spec.gears().size();
        upShiftRpm = new double[count + 1];
        for (int of = 1; of < count; of++) {
            upShiftRpm[of] = bestShift(of);
        }
        upShiftRpm[count] = Double.MAX_VALUE;
    }

    /** Where the next gear's wheel torque overtakes this one's, or just short of the limiter. */
    private double bestShift(final int of) {
        final double latest = spec.limitRpm() - 180;
        final double step = spec.ratio(of + 1) / spec.ratio(of);
        for (double rpm = latest * 0.7; rpm < latest; rpm += 10) {
            if (spec.torque().full(rpm * step) * step >= spec.torque().full(rpm)) {
                return rpm;
            }
        }
        return latest;
    }

    /** Put in the gear that suits a speed, at once. */
    void engageFor(final double wheelSpeed) {
        gear = 1;
        while (gear < spec.gears().size() && rpm(wheelSpeed, gear) > upShiftRpm[gear] * 0.88) {
            gear++;
        }
        from = gear;
        progress = 1;
    }

    /**
     * Move time on.
     *
     * @param dt seconds
     * @param wheelSpeed of the driven wheels, rad/s
     * @param accelerating whether the driver is on the throttle
     */
    void step(final double dt, final double wheelSpeed, final boolean accelerating) {
        if (progress < 1) {
            progress = Math.min(1, progress + dt / (gear > from ? UP_SECONDS : DOWN_SECONDS));
            settled = 0;
            return;
        }
        settled += dt;
        if (settled < SETTLE_SECONDS) {
            return;
        }
        final double rpm = rpm(wheelSpeed, gear);
        if (accelerating && rpm > upShiftRpm[gear]) {
            change(gear + 1);
        } else if (gear > 1 && rpm(wheelSpeed, gear - 1) < upShiftRpm[gear - 1] * DOWN_SHIFT_ROOM) {
            change(gear - 1);
        }
    }

    private void change(final int to) {
        from = gear;
        gear = to;
        progress = 0;
    }

    private double rpm(final double wheelSpeed, final int in) {
        return wheelSpeed * spec.ratio(in) / CarSpec.RPM_TO_RAD_PER_SECOND;
    }

    /** The gear that is in, 0 between two. */
    int gear() {
        if (progress < 0.25) {
            return from;
        }
        return progress < 0.5 ? 0 : gear;
    }

    boolean isShifting() {
        return progress < 1;
    }

    boolean isShiftingDown() {
        return progress < 1 && gear < from;
    }

    /** Clutch pedal: 0 closed, 1 open. */
    double clutch() {
        if (progress < CLUTCH_OPEN) {
            return progress / CLUTCH_OPEN;
        }
        return progress < CLUTCH_CLOSING ? 1 : (1 - progress) / (1 - CLUTCH_CLOSING);
    }

    /** Engine revolutions per wheel revolution of the gear that is in or going in. */
    double ratio() {
        return spec.ratio(progress < 0.5 ? from : gear);
    }

    /** Speed of the engine for a speed of the driven wheels, both rad/s. */
    double engineSpeed(final double wheelSpeed) {
        final double locked = wheelSpeed * spec.ratio(gear);
        final double idle = spec.idleRpm() * CarSpec.RPM_TO_RAD_PER_SECOND;
        if (progress >= 1) {
            return Math.max(idle, locked);
        }
        final double t = Math.min(1, Math.max(0, (progress - CLUTCH_OPEN / 2) / (CLUTCH_CLOSING - CLUTCH_OPEN / 2)));
        final double eased = t * t * (3 - 2 * t);
        final double before = wheelSpeed * spec.ratio(from);
        return Math.max(idle, before + eased * (locked - before));
    }
}
