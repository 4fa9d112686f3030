package io.slipstream.telemetry.simulator;

import java.util.List;

/**
 * What a car is made of. SI units unless a name says otherwise.
 *
 * @param name as the game would show it
 * @param className as the game would show it
 * @param massKg without fuel, with driver
 * @param dragPerSpeedSquared N per (m/s)^2
 * @param downforcePerSpeedSquared N per (m/s)^2
 * @param rollingResistance as a share of the weight
 * @param grip friction coefficient of the tyres
 * @param brakeForce of all wheels together at full pedal, N
 * @param brakeBias share of the brake force at the front
 * @param frontWeight share of the weight at the front
 * @param wheelRadius m
 * @param wheelbase m
 * @param trackWidth m
 * @param centreOfGravity height above ground, m
 * @param finalDrive of the differential
 * @param gears ratios of the gearbox, first gear first
 * @param drivelineEfficiency share of the engine's torque that arrives at the wheels
 * @param engineInertia kg.m^2
 * @param idleRpm at which the engine turns when nothing drives it
 * @param limitRpm at which the limiter cuts in; what the game calls mMaxRPM
 * @param torque at full throttle over rpm
 * @param fuelCapacityLitres of the tank
 * @param joulesPerLitre of work that the crankshaft gets out of the fuel
 */
record CarSpec(
        String name,
        String className,
        double massKg,
        double dragPerSpeedSquared,
        double downforcePerSpeedSquared,
        double rollingResistance,
        double grip,
        double brakeForce,
        double brakeBias,
        double frontWeight,
        double wheelRadius,
        double wheelbase,
        double trackWidth,
        double centreOfGravity,
        double finalDrive,
        List<Double> gears,
        double drivelineEfficiency,
        double engineInertia,
        double idleRpm,
        double limitRpm,
        TorqueCurve torque,
        double fuelCapacityLitres,
        double joulesPerLitre) {
    static final double GRAVITY = 9.81;
    static final double FUEL_KG_PER_LITRE = 0.745;
    static final double RPM_TO_RAD_PER_SECOND = 2 * Math.PI / 60;

    /** A light sports prototype of about 350 kW with a naturally aspirated engine, an invented make. */
    static CarSpec prototype() {
        return new CarSpec(
                "Halcyon SP3",
                "SP3",
                980,
                0.80,
                2.1,
                0.015,
                1.75,
                24_000,
                0.58,
                0.45,
                0.33,
                2.78,
                1.62,
                0.36,
                3.35,
                List.of(2.75, 2.10, 1.68, 1.39, 1.18, 1.02),
                0.94,
                0.11,
                1_100,
                7_900,
                TorqueCurve.naturallyAspirated(),
                95,
                0.31 * 32.0e6);
    }

    /** Engine revolutions per wheel revolution. */
    double ratio(final int gear) {
        return gears.get(gear - 1) * finalDrive;
    }
}
