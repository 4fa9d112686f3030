package io.slipstream.telemetry.simulator;

import static io.slipstream.telemetry.simulator.ParticipantFields.TEXT;
import static io.slipstream.telemetry.simulator.ParticipantFields.UNSET;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.MutableDirectBuffer;

/**
 * What the block says of the session, the weather and the player's times. Offsets are looked up once, here. Not safe for
 * several threads.
 */
final class SessionFields {
    private static final int BUILD = 14_000;
    private static final int SESSION_RACE = 5;
    private static final int RACING = 2;
    private static final int FINISHED = 3;
    private static final double SLOWEST_FOR_A_GAP = 5;

    private final BlockWriter out = new BlockWriter();
    private final int gameState;
    private final int raceState;
    private final int lapInvalidated;
    private final int bestLapTime;
    private final int lastLapTime;
    private final int currentTime;
    private final int splitTimeAhead;
    private final int splitTimeBehind;
    private final int splitTime;
    private final int personalFastestLap;
    private final int worldFastestLap;
    private final int[] currentSector;
    private final int[] fastestSector;
    private final int[] personalFastestSector;
    private final int[] worldFastestSector;
    private final int highestFlagColour;
    private final int highestFlagReason;

    SessionFields(final BlockFormat format) {
        gameState = format.field("mGameState").offset();
        raceState = format.field("mRaceState").offset();
        lapInvalidated = format.field("mLapInvalidated").offset();
        bestLapTime = format.field("mBestLapTime").offset();
        lastLapTime = format.field("mLastLapTime").offset();
        currentTime = format.field("mCurrentTime").offset();
        splitTimeAhead = format.field("mSplitTimeAhead").offset();
        splitTimeBehind = format.field("mSplitTimeBehind").offset();
        splitTime = format.field("mSplitTime").offset();
        personalFastestLap = format.field("mPersonalFastestLapTime").offset();
        worldFastestLap = format.field("mWorldFastestLapTime").offset();
        currentSector = sectors(format, "mCurrentSector%dTime");
        fastestSector = sectors(format, "mFastestSector%dTime");
        personalFastestSector = sectors(format, "mPersonalFastestSector%dTime");
        worldFastestSector = sectors(format, "mWorldFastestSector%dTime");
        highestFlagColour = format.field("mHighestFlagColour").offset();
        highestFlagReason = format.field("mHighestFlagReason").offset();
    }

    private static int[] sectors(final BlockFormat format, final String pattern) {
        return new int[] {
            format.field(pattern.formatted(1)).offset(),
            format.field(pattern.formatted(2)).offset(),
            format.field(pattern.formatted(3)).offset()
        };
    }

    /** Write what stays the same over a race. */
    void prepare(final MutableDirectBuffer block, final BlockFormat format, final Race race) {
        out.wrap(block);
        final Track track = race.track();
        out.i32(format.field("mVersion").offset(), Pcars2Writer.VERSION);
        out.i32(format.field("mBuildVersionNumber").offset(), BUILD);
        out.i32(format.field("mSessionState").offset(), SESSION_RACE);
        out.i32(format.field("mViewedParticipantIndex").offset(), 0);
        out.i32(format.field("mNumParticipants").offset(), race.size());
        out.i32(format.field("mLapsInEvent").offset(), race.laps());
        out.text(format.field("mTrackLocation").offset(), TEXT, track.location());
        out.text(format.field("mTrackVariation").offset(), TEXT, track.variation());
        out.text(format.field("mTranslatedTrackLocation").offset(), TEXT, track.location());
        out.text(
                format.field("mTranslatedTrackVariation").offset(),
                TEXT,
                track.variation().replace('_', ' '));
        out.f32(format.field("mTrackLength").offset(), track.length());
        out.i32(format.field("mNumSectors").offset(), LapTimer.SECTORS);
        out.f32(format.field("mEventTimeRemaining").offset(), UNSET);
        out.f32(format.field("mAmbientTemperature").offset(), Chassis.AMBIENT_C);
        out.f32(format.field("mTrackTemperature").offset(), Chassis.TRACK_C);
        out.f32(format.field("mWindSpeed").offset(), 1.8);
        out.f32(format.field("mWindDirectionX").offset(), 0.8);
        out.f32(format.field("mWindDirectionY").offset(), 0.6);
        out.f32(format.field("mCloudBrightness").offset(), 1.6);
    }

    /** Write what moves. */
    void write(final MutableDirectBuffer block, final Race race, final int state) {
        out.wrap(block);
        final LapTimer timer = race.timer(0);
        out.i32(gameState, state);
        out.i32(raceState, race.isOver() ? FINISHED : RACING);
        out.bool8(lapInvalidated, timer.lapsStarted() == 0);
        out.time(currentTime, timer.currentLap(race.time()), UNSET);
        out.time(lastLapTime, timer.lastLap(), UNSET);
        out.time(bestLapTime, timer.bestLap(), UNSET);
        out.time(personalFastestLap, timer.bestLap(), UNSET);
        out.f32(splitTime, timer.split());
        out.f32(splitTimeAhead, gap(race, race.position(0) - 1));
        out.f32(splitTimeBehind, gap(race, race.position(0) + 1));
        out.time(worldFastestLap, fastestOfAll(race, -1), UNSET);
        for (int sector = 0; sector < LapTimer.SECTORS; sector++) {
            out.time(currentSector[sector], timer.lastSector(sector), UNSET);
            out.time(fastestSector[sector], timer.bestLapSector(sector), UNSET);
            out.time(personalFastestSector[sector], timer.bestSector(sector), UNSET);
            out.time(worldFastestSector[sector], fastestOfAll(race, sector), UNSET);
        }
        out.i32(highestFlagColour, race.marshals().flag());
        out.i32(highestFlagReason, race.marshals().reason());
    }

    /** Seconds to the car in a position, at the speed of whichever of the two is behind. */
    private static double gap(final Race race, final int position) {
        if (position < 1 || position > race.size()) {
            return UNSET;
        }
        final Car player = race.car(0);
        final Car other = race.car(race.inPosition(position));
        final double metres = player.distance() - other.distance();
        final Car behind = metres > 0 ? other : player;
        return Math.abs(metres) / Math.max(SLOWEST_FOR_A_GAP, behind.speed());
    }

    /** Best time of the field: nobody has driven here but this field, so it is the world's. */
    private static double fastestOfAll(final Race race, final int sector) {
        double fastest = Double.NaN;
        for (int i = 0; i < race.size(); i++) {
            final LapTimer timer = race.timer(i);
            final double time = sector < 0 ? timer.bestLap() : timer.bestSector(sector);
            if (!(fastest <= time)) {
                fastest = Double.isNaN(time) ? fastest : time;
            }
        }
        return fastest;
    }
}
