package io.slipstream.telemetry.simulator;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.MutableDirectBuffer;

/**
 * What the block says of the player's four wheels. Offsets are looked up once, here. Not safe for several threads.
 */
final class WheelFields {
    private static final int WORD = BlockWriter.WORD;
    private static final int COMPOUND_TEXT = 40;
    private static final int ATTACHED_INFLATED_ON_GROUND = 7;
    /** What the game shows of a car at rest: hub and contact patch go down as the spring is pressed. */
    private static final double HUB_AT_DROOP = 0.027;

    private static final double CONTACT_AT_DROOP = 0.120;
    private static final double COLD_PRESSURE_KPA = 150;
    private static final double COLD_KELVIN = 335;

    private final BlockWriter out = new BlockWriter();
    private final int tyreY;
    private final int tyreRps;
    private final int slipSpeed;
    private final int tyreTemp;
    private final int tyreGrip;
    private final int heightAboveGround;
    private final int lateralStiffness;
    private final int tyreWear;
    private final int brakeTemp;
    private final int treadTemp;
    private final int layerTemp;
    private final int carcassTemp;
    private final int rimTemp;
    private final int airTemp;
    private final int localPositionY;
    private final int suspensionTravel;
    private final int suspensionVelocity;
    private final int airPressure;
    private final int tempLeft;
    private final int tempCentre;
    private final int tempRight;
    private final int rideHeight;

    WheelFields(final BlockFormat format) {
        tyreY = format.field("mTyreY").offset();
        tyreRps = format.field("mTyreRPS").offset();
        slipSpeed = format.field("mTyreSlipSpeed").offset();
        tyreTemp = format.field("mTyreTemp").offset();
        tyreGrip = format.field("mTyreGrip").offset();
        heightAboveGround = format.field("mTyreHeightAboveGround").offset();
        lateralStiffness = format.field("mTyreLateralStiffness").offset();
        tyreWear = format.field("mTyreWear").offset();
        brakeTemp = format.field("mBrakeTempCelsius").offset();
        treadTemp = format.field("mTyreTreadTemp").offset();
        layerTemp = format.field("mTyreLayerTemp").offset();
        carcassTemp = format.field("mTyreCarcassTemp").offset();
        rimTemp = format.field("mTyreRimTemp").offset();
        airTemp = format.field("mTyreInternalAirTemp").offset();
        localPositionY = format.field("mWheelLocalPositionY").offset();
        suspensionTravel = format.field("mSuspensionTravel").offset();
        suspensionVelocity = format.field("mSuspensionVelocity").offset();
        airPressure = format.field("mAirPressure").offset();
        tempLeft = format.field("mTyreTempLeft").offset();
        tempCentre = format.field("mTyreTempCenter").offset();
        tempRight = format.field("mTyreTempRight").offset();
        rideHeight = format.field("mRideHeight").offset();
    }

    void prepare(final MutableDirectBuffer block, final BlockFormat format) {
        out.wrap(block);
        final int flags = format.field("mTyreFlags").offset();
        final int compound = format.field("mTyreCompound").offset();
        for (int wheel = 0; wheel < Chassis.WHEELS; wheel++) {
            out.i32(flags + wheel * WORD, ATTACHED_INFLATED_ON_GROUND);
            out.text(compound + wheel * COMPOUND_TEXT, COMPOUND_TEXT, "Slick");
        }
    }

    void write(final MutableDirectBuffer block, final Car car, final Chassis chassis) {
        out.wrap(block);
        final double lean = 0.25 * car.lateralAcceleration();
        for (int wheel = 0; wheel < Chassis.WHEELS; wheel++) {
            final int word = wheel * WORD;
            final double travel = chassis.travel(wheel);
            final double tread = chassis.treadCelsius(wheel);
            // Negative when the car rolls forward, and rad/s, whatever the header says.
            out.f32(tyreRps + word, -chassis.wheelSpeed(wheel));
            out.f32(slipSpeed + word, chassis.slipSpeed(wheel));
            out.f32(tyreGrip + word, 1 - 0.004 * Math.min(10, chassis.slipSpeed(wheel)) - 0.2 * chassis.wear(wheel));
            out.f32(tyreY + word, CONTACT_AT_DROOP - travel);
            out.f32(localPositionY + word, HUB_AT_DROOP - travel);
            out.f32(heightAboveGround + word, -0.014 - 2.8e-6 * chassis.load(wheel));
            out.f32(lateralStiffness + word, 0);
            out.f32(tyreWear + word, chassis.wear(wheel));
            out.f32(brakeTemp + word, chassis.discCelsius(wheel));
            out.f32(tyreTemp + word, tread);
            out.f32(tempCentre + word, tread);
            // The outer shoulders work harder: in a left-hand bend the right edge of each tyre.
            out.f32(tempLeft + word, tread - lean + camber(wheel));
            out.f32(tempRight + word, tread + lean - camber(wheel));
            out.f32(treadTemp + word, tread + Chassis.KELVIN);
            out.f32(layerTemp + word, chassis.layerCelsius(wheel) + Chassis.KELVIN);
            out.f32(carcassTemp + word, chassis.carcassCelsius(wheel) + Chassis.KELVIN);
            out.f32(rimTemp + word, chassis.rimCelsius(wheel) + Chassis.KELVIN);
            final double air = chassis.airCelsius(wheel) + Chassis.KELVIN;
            out.f32(airTemp + word, air);
            out.f32(airPressure + word, COLD_PRESSURE_KPA * air / COLD_KELVIN);
            out.f32(suspensionTravel + word, travel);
            out.f32(suspensionVelocity + word, chassis.travelVelocity(wheel));
            out.f32(rideHeight + word, chassis.rideHeight(wheel) * 100);
        }
    }

    /** Negative camber heats the inner edge: the right one of a left wheel. */
    private static double camber(final int wheel) {
        return (wheel & 1) == 0 ? -2.5 : 2.5;
    }
}
