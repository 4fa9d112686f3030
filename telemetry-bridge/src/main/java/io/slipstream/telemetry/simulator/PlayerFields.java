package io.slipstream.telemetry.simulator;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.MutableDirectBuffer;

/**
 * What the block says of the player's car: pedals, engine, motion and wheels, in the units that the game really writes,
 * which are not always those its header names. Offsets are looked up once, here. Not safe for several threads.
 */
final class PlayerFields {
    private static final int WORD = BlockWriter.WORD;
    private static final int ENGINE_ACTIVE = 2;
    private static final int ABS = 16;

    private final BlockWriter out = new BlockWriter();
    private final Attitude attitude = new Attitude();
    private final WheelFields wheels;
    private final int unfilteredThrottle;
    private final int unfilteredBrake;
    private final int unfilteredSteering;
    private final int carFlags;
    private final int oilTemp;
    private final int oilPressure;
    private final int waterTemp;
    private final int waterPressure;
    private final int fuelPressure;
    private final int fuelLevel;
    private final int speed;
    private final int rpm;
    private final int brake;
    private final int throttle;
    private final int clutch;
    private final int steering;
    private final int gear;
    private final int odometer;
    private final int antiLockActive;
    private final int orientation;
    private final int localVelocity;
    private final int worldVelocity;
    private final int angularVelocity;
    private final int localAcceleration;
    private final int worldAcceleration;
    private final int engineSpeed;
    private final int engineTorque;
    private final int clutchTemp;
    private final int clutchSlipping;

    PlayerFields(final BlockFormat format) {
        wheels = new WheelFields(format);
        unfilteredThrottle = format.field("mUnfilteredThrottle").offset();
        unfilteredBrake = format.field("mUnfilteredBrake").offset();
        unfilteredSteering = format.field("mUnfilteredSteering").offset();
        carFlags = format.field("mCarFlags").offset();
        oilTemp = format.field("mOilTempCelsius").offset();
        oilPressure = format.field("mOilPressureKPa").offset();
        waterTemp = format.field("mWaterTempCelsius").offset();
        waterPressure = format.field("mWaterPressureKPa").offset();
        fuelPressure = format.field("mFuelPressureKPa").offset();
        fuelLevel = format.field("mFuelLevel").offset();
        speed = format.field("mSpeed").offset();
        rpm = format.field("mRpm").offset();
        brake = format.field("mBrake").offset();
        throttle = format.field("mThrottle").offset();
        clutch = format.field("mClutch").offset();
        steering = format.field("mSteering").offset();
        gear = format.field("mGear").offset();
        odometer = format.field("mOdometerKM").offset();
        antiLockActive = format.field("mAntiLockActive").offset();
        orientation = format.field("mOrientation").offset();
        localVelocity = format.field("mLocalVelocity").offset();
        worldVelocity = format.field("mWorldVelocity").offset();
        angularVelocity = format.field("mAngularVelocity").offset();
        localAcceleration = format.field("mLocalAcceleration").offset();
        worldAcceleration = format.field("mWorldAcceleration").offset();
        engineSpeed = format.field("mEngineSpeed").offset();
        engineTorque = format.field("mEngineTorque").offset();
        clutchTemp = format.field("mClutchTemp").offset();
        clutchSlipping = format.field("mClutchSlipping").offset();
    }

    /** Write what stays the same over a race. */
    void prepare(final MutableDirectBuffer block, final BlockFormat format, final CarSpec spec) {
        out.wrap(block);
        out.text(format.field("mCarName").offset(), ParticipantFields.TEXT, spec.name());
        out.text(format.field("mCarClassName").offset(), ParticipantFields.TEXT, spec.className());
        out.f32(format.field("mFuelCapacity").offset(), spec.fuelCapacityLitres());
        out.f32(format.field("mMaxRPM").offset(), spec.limitRpm());
        out.i32(format.field("mNumGears").offset(), spec.gears().size());
        out.f32(format.field("mBrakeBias").offset(), spec.brakeBias());
        out.vector(format.field("mExtentsCentre").offset(), 0, 0.52, -0.06);
        final int wings = format.field("mWings").offset();
        out.f32(wings, 0.4);
        out.f32(wings + WORD, 0.6);
        out.i32(format.field("mLastOpponentCollisionIndex").offset(), -1);
        out.i32(format.field("mAntiLockSetting").offset(), -1);
        out.i32(format.field("mTractionControlSetting").offset(), -1);
        wheels.prepare(block, format);
    }

    /** Write what moves. */
    void write(final MutableDirectBuffer block, final Race race) {
        out.wrap(block);
        final Car car = race.car(0);
        controls(car, race.chassis());
        engine(car, race.chassis());
        motion(car, race.chassis(), race.track());
        wheels.write(block, car, race.chassis());
    }

    private void controls(final Car car, final Chassis chassis) {
        out.f32(unfilteredThrottle, car.driver().throttle());
        out.f32(unfilteredBrake, car.driver().brake());
        out.f32(unfilteredSteering, chassis.steering());
        out.f32(throttle, car.throttle());
        out.f32(brake, car.driver().brake());
        out.f32(steering, chassis.steering());
        out.f32(clutch, car.gearbox().clutch());
        out.i32(gear, car.gearbox().gear());
        out.i32(carFlags, ENGINE_ACTIVE | (car.antiLockActive() ? ABS : 0));
        out.bool8(antiLockActive, car.antiLockActive());
    }

    private void engine(final Car car, final Chassis chassis) {
        final double turning = car.engineSpeed();
        final double inRpm = turning / CarSpec.RPM_TO_RAD_PER_SECOND;
        out.f32(rpm, inRpm);
        out.f32(engineSpeed, turning);
        out.f32(engineTorque, car.engineTorque());
        out.f32(oilTemp, chassis.oilCelsius());
        out.f32(oilPressure, 70 + 0.052 * (inRpm - 1_100));
        out.f32(waterTemp, chassis.waterCelsius());
        out.f32(waterPressure, 38 + 0.6 * (chassis.waterCelsius() - 40));
        // The game's own value at rest and driving; 58 psi is what a fuel rail has, whatever the field is called.
        out.f32(fuelPressure, car.fuelLitres() > 0 ? 58.5 : 0);
        out.f32(fuelLevel, car.fuelLitres() / car.spec().fuelCapacityLitres());
        out.f32(odometer, car.odometer() / 1_000);
        out.f32(clutchTemp, chassis.clutchCelsius() + Chassis.KELVIN);
        out.bool8(clutchSlipping, car.gearbox().isShifting());
    }

    private void motion(final Car car, final Chassis chassis, final Track track) {
        final double at = track.withinLap(car.distance());
        final double velocity = car.speed();
        final double pitch = track.slope(at) + chassis.pitch();
        final double yaw = ParticipantFields.yaw(car, at);
        attitude.set(pitch, yaw, chassis.roll());
        out.f32(speed, velocity);
        out.vector(orientation, pitch, yaw, chassis.roll());

        // Left is (leftX, leftZ), so forward along the level is (leftZ, -leftX).
        final double climb = track.slope(at);
        final double level = Math.sqrt(1 - climb * climb);
        final double forwardX = track.leftZ(at) * level;
        final double forwardZ = -track.leftX(at) * level;
        final double velocityX = velocity * forwardX;
        final double velocityY = velocity * climb;
        final double velocityZ = velocity * forwardZ;
        out.vector(worldVelocity, velocityX, velocityY, velocityZ);
        attitude.toBody(velocityX, velocityY, velocityZ);
        out.vector(localVelocity, attitude.x(), attitude.y(), attitude.z());

        final double along = car.acceleration();
        final double across = car.lateralAcceleration();
        final double accelerationX = along * forwardX + across * track.leftX(at);
        final double accelerationY = along * climb + velocity * velocity * track.slopeRate(at);
        final double accelerationZ = along * forwardZ + across * track.leftZ(at);
        out.vector(worldAcceleration, accelerationX, accelerationY, accelerationZ);
        attitude.toBody(accelerationX, accelerationY, accelerationZ);
        out.vector(localAcceleration, attitude.x(), attitude.y(), attitude.z());
        out.vector(
                angularVelocity,
                chassis.pitchRate() + velocity * track.slopeRate(at),
                -velocity * car.curvature(),
                chassis.rollRate());
    }
}
