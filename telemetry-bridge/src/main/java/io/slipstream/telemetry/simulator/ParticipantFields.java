package io.slipstream.telemetry.simulator;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.MutableDirectBuffer;

/**
 * What the block says of every car, the player's among them. Offsets are looked up once, here.
 *
 * <p>Not safe for several threads.
 */
final class ParticipantFields {
    static final int SLOTS = 64;
    static final int TEXT = 64;
    static final double UNSET = -1;
    /** What the game shows in the lap-time arrays for a car that races and has no lap yet. */
    static final double NO_LAP_YET = -123;

    private static final int RACING = 2;
    private static final int FINISHED = 3;
    private static final int WORD = BlockWriter.WORD;
    private static final double ROLL_PER_LATERAL = 0.0011;

    private final BlockWriter out = new BlockWriter();
    private final int firstInfo;
    private final int infoStride;
    private final int name;
    private final int worldPosition;
    private final int lapDistance;
    private final int racePosition;
    private final int lapsCompleted;
    private final int currentLap;
    private final int currentSector;
    private final int[] currentSectorTimes;
    private final int[] fastestSectorTimes;
    private final int fastestLapTimes;
    private final int lastLapTimes;
    private final int lapsInvalidated;
    private final int raceStates;
    private final int orientations;
    private final int speeds;
    private final int carNames;
    private final int carClassNames;
    private final int highestFlagColours;
    private final int highestFlagReasons;

    ParticipantFields(final BlockFormat format) {
        firstInfo = format.field("mParticipantInfo[0].mIsActive").offset();
        infoStride = format.field("mParticipantInfo[1].mIsActive").offset() - firstInfo;
        name = info(format, "mName");
        worldPosition = info(format, "mWorldPosition");
        lapDistance = info(format, "mCurrentLapDistance");
        racePosition = info(format, "mRacePosition");
        lapsCompleted = info(format, "mLapsCompleted");
        currentLap = info(format, "mCurrentLap");
        currentSector = info(format, "mCurrentSector");
        currentSectorTimes = new int[] {
            format.field("mCurrentSector1Times").offset(),
            format.field("mCurrentSector2Times").offset(),
            format.field("mCurrentSector3Times").offset()
        };
        fastestSectorTimes = new int[] {
            format.field("mFastestSector1Times").offset(),
            format.field("mFastestSector2Times").offset(),
            format.field("mFastestSector3Times").offset()
        };
        fastestLapTimes = format.field("mFastestLapTimes").offset();
        lastLapTimes = format.field("mLastLapTimes").offset();
        lapsInvalidated = format.field("mLapsInvalidated").offset();
        raceStates = format.field("mRaceStates").offset();
        orientations = format.field("mOrientations").offset();
        speeds = format.field("mSpeeds").offset();
        carNames = format.field("mCarNames").offset();
        carClassNames = format.field("mCarClassNames").offset();
        highestFlagColours = format.field("mHighestFlagColours").offset();
        highestFlagReasons = format.field("mHighestFlagReasons").offset();
    }

    private int info(final BlockFormat format, final String field) {
        return format.field("mParticipantInfo[0]." + field).offset() - firstInfo;
    }

    /** Write what stays the same over a race, and the unset values of the places that nobody takes. */
    void prepare(final MutableDirectBuffer block, final Race race, final String[] names) {
        out.wrap(block);
        for (int i = 0; i < race.size(); i++) {
            out.bool8(firstInfo + i * infoStride, true);
            out.text(firstInfo + i * infoStride + name, TEXT, names[i]);
            out.text(carNames + i * TEXT, TEXT, race.spec().name());
            out.text(carClassNames + i * TEXT, TEXT, race.spec().className());
        }
        for (int i = race.size(); i < SLOTS; i++) {
            out.i32(firstInfo + i * infoStride + currentSector, -1);
            for (int sector = 0; sector < LapTimer.SECTORS; sector++) {
                out.f32(currentSectorTimes[sector] + i * WORD, UNSET);
                out.f32(fastestSectorTimes[sector] + i * WORD, UNSET);
            }
            out.f32(fastestLapTimes + i * WORD, UNSET);
            out.f32(lastLapTimes + i * WORD, UNSET);
        }
    }

    /** Write what moves. */
    void write(final MutableDirectBuffer block, final Race race) {
        out.wrap(block);
        for (int i = 0; i < race.size(); i++) {
            place(i, race);
            times(i, race.timer(i));
            out.i32(raceStates + i * WORD, race.timer(i).lapsCompleted() >= race.laps() ? FINISHED : RACING);
        }
        out.i32(highestFlagColours, race.marshals().flag());
        out.i32(highestFlagReasons, race.marshals().reason());
    }

    private void place(final int index, final Race race) {
        final Car car = race.car(index);
        final LapTimer timer = race.timer(index);
        final Track track = race.track();
        final double at = track.withinLap(car.distance());
        final int info = firstInfo + index * infoStride;
        out.vector(
                info + worldPosition,
                track.x(at) + car.lateral() * track.leftX(at),
                track.y(at),
                track.z(at) + car.lateral() * track.leftZ(at));
        out.f32(info + lapDistance, lapDistance(car, timer));
        out.i32(info + racePosition, race.position(index));
        out.i32(info + lapsCompleted, timer.lapsCompleted());
        out.i32(info + currentLap, Math.max(1, timer.lapsStarted()));
        out.i32(info + currentSector, timer.sector());
        final boolean player = index == 0;
        out.vector(
                orientations + index * 3 * WORD,
                track.slope(at) + (player ? race.chassis().pitch() : 0),
                yaw(car, at),
                player ? race.chassis().roll() : ROLL_PER_LATERAL * car.lateralAcceleration());
        out.f32(speeds + index * WORD, car.speed());
    }

    private void times(final int index, final LapTimer timer) {
        for (int sector = 0; sector < LapTimer.SECTORS; sector++) {
            out.time(currentSectorTimes[sector] + index * WORD, timer.lastSector(sector), UNSET);
            out.time(fastestSectorTimes[sector] + index * WORD, timer.bestSector(sector), UNSET);
        }
        out.time(fastestLapTimes + index * WORD, timer.bestLap(), NO_LAP_YET);
        out.time(lastLapTimes + index * WORD, timer.lastLap(), NO_LAP_YET);
        out.bool8(lapsInvalidated + index, timer.lapsStarted() == 0);
    }

    /** Metres of the running lap; 0 before the first, as in the game. */
    static double lapDistance(final Car car, final LapTimer timer) {
        if (timer.lapsStarted() == 0) {
            return 0;
        }
        return Math.max(0, car.distance() - timer.lapsCompleted() * car.track().length());
    }

    /** Where the body points: along its path, a little into the bend. */
    static double yaw(final Car car, final double at) {
        return Track.wrap(car.track().yaw(at) + car.bodySlip() - car.lateralRate() / car.speed());
    }
}
