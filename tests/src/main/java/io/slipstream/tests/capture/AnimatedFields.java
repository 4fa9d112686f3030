package io.slipstream.tests.capture;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;

/** The fields of a block that the Montreal rows move: the player's, who is the first participant. Immutable. */
final class AnimatedFields {
    private static final int PLAYER = 0;
    private static final int SECTORS = 3;

    final Field gameState;
    final Field sequence;
    final Field position;
    final Field acceleration;
    final Field speed;
    final Field speeds;
    final Field rpm;
    final Field maxRpm;
    final Field engineSpeed;
    final Field gear;
    final Field gears;
    final Field throttle;
    final Field brake;
    final Field clutch;
    final Field steering;
    final Field throttleInput;
    final Field brakeInput;
    final Field clutchInput;
    final Field steeringInput;
    final Field fuelLevel;
    final Field fuelCapacity;
    final Field brakeBias;
    final Field raceState;
    final Field raceStates;
    final Field lap;
    final Field lapsCompleted;
    final Field lapDistance;
    final Field currentTime;
    final Field sector;
    final Field invalidated;
    final Field invalidatedOfAll;
    final Field[] sectorTime = new Field[SECTORS];
    final Field[] sectorTimes = new Field[SECTORS];

    AnimatedFields(final BlockFormat format) {
        final String player = "mParticipantInfo[" + PLAYER + "].";
        final String place = "[" + PLAYER + "]";
        gameState = format.field("mGameState");
        sequence = format.field("mSequenceNumber");
        position = format.field(player + "mWorldPosition");
        acceleration = format.field("mLocalAcceleration");
        speed = format.field("mSpeed");
        speeds = format.field("mSpeeds" + place);
        rpm = format.field("mRpm");
        maxRpm = format.field("mMaxRPM");
        engineSpeed = format.field("mEngineSpeed");
        gear = format.field("mGear");
        gears = format.field("mNumGears");
        throttle = format.field("mThrottle");
        brake = format.field("mBrake");
        clutch = format.field("mClutch");
        steering = format.field("mSteering");
        throttleInput = format.field("mUnfilteredThrottle");
        brakeInput = format.field("mUnfilteredBrake");
        clutchInput = format.field("mUnfilteredClutch");
        steeringInput = format.field("mUnfilteredSteering");
        fuelLevel = format.field("mFuelLevel");
        fuelCapacity = format.field("mFuelCapacity");
        brakeBias = format.field("mBrakeBias");
        raceState = format.field("mRaceState");
        raceStates = format.field("mRaceStates" + place);
        lap = format.field(player + "mCurrentLap");
        lapsCompleted = format.field(player + "mLapsCompleted");
        lapDistance = format.field(player + "mCurrentLapDistance");
        currentTime = format.field("mCurrentTime");
        sector = format.field(player + "mCurrentSector");
        invalidated = format.field("mLapInvalidated");
        invalidatedOfAll = format.field("mLapsInvalidated" + place);
        for (int i = 0; i < SECTORS; i++) {
            sectorTime[i] = format.field("mCurrentSector" + (i + 1) + "Time");
            sectorTimes[i] = format.field("mCurrentSector" + (i + 1) + "Times" + place);
        }
    }
}
