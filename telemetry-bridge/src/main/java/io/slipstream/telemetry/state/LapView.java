package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.DirectBuffer;

/**
 * What one frame says of the player's lap. Filled in again for each frame; single-threaded; allocates nothing.
 *
 * <p>The block times one car besides its arrays: the one that is viewed. While that is not the player, only the arrays count.
 */
final class LapView {
    static final int SECTORS = 3;

    private final Slot viewed;
    private final Slot currentTime;
    private final Slot lastLapTime;
    private final Slot lastLapTimes;
    private final Slot lapInvalidated;
    private final Slot lapsInvalidated;
    private final Slot raceStates;
    private final Slot[] sectorTime = new Slot[SECTORS];
    private final Slot[] sectorTimes = new Slot[SECTORS];
    private final ParticipantSlots participants;

    long frameNumber;
    long timestamp;
    int missed;

    /** The block's own clock is the player's. */
    boolean own;

    /** Laps behind the player, as the counters that come first have it. */
    long progress;

    /** Laps behind the player, as the game counts them. */
    long lapsCompleted;

    /** s into the lap; NaN while none is timed, or another car is viewed. */
    float time;

    boolean invalidated;

    /** From 0; -1 for none. */
    int sector;

    int raceState;

    /** s; NaN for unset. Of the array, and of the player's own field. */
    float lastTimeOfArray;

    float lastTimeOfOwn;
    final float[] sectors = new float[SECTORS];

    LapView(final BlockFormat format) {
        viewed = new Slot(format, "mViewedParticipantIndex");
        currentTime = new Slot(format, "mCurrentTime");
        lastLapTime = new Slot(format, "mLastLapTime");
        lastLapTimes = new Slot(format, "mLastLapTimes");
        lapInvalidated = new Slot(format, "mLapInvalidated");
        lapsInvalidated = new Slot(format, "mLapsInvalidated");
        raceStates = new Slot(format, "mRaceStates");
        for (int i = 0; i < SECTORS; i++) {
            sectorTime[i] = new Slot(format, "mCurrentSector" + (i + 1) + "Time");
            sectorTimes[i] = new Slot(format, "mCurrentSector" + (i + 1) + "Times");
        }
        participants = new ParticipantSlots(format);
    }

    void read(
            final long frame,
            final long captured,
            final int missedFrames,
            final DirectBuffer block,
            final long version,
            final int player) {
        frameNumber = frame;
        timestamp = captured;
        missed = missedFrames;
        own = viewed.integer(block, version) == player;
        lapsCompleted = Math.max(0, participants.lapsCompleted[player].integer(block, version));
        // The number of the new lap can come a frame before or after the count of the old ones.
        progress = Math.max(lapsCompleted, participants.lap[player].integer(block, version) - 1);
        time = own ? positive(currentTime.si(block, version)) : Float.NaN;
        invalidated = own ? lapInvalidated.isSet(block, version) : lapsInvalidated.isSet(block, version, player);
        sector = (int) Math.max(-1, participants.sector[player].integer(block, version));
        raceState = (int) Math.max(0, raceStates.integer(block, version, player));
        lastTimeOfArray = positive(lastLapTimes.si(block, version, player));
        lastTimeOfOwn = own ? positive(lastLapTime.si(block, version)) : Float.NaN;
        for (int i = 0; i < SECTORS; i++) {
            final float ofArray = positive(sectorTimes[i].si(block, version, player));
            sectors[i] = own && Float.isNaN(ofArray) ? positive(sectorTime[i].si(block, version)) : ofArray;
        }
    }

    /** Whatever a game writes for unset, no time is negative or without end. */
    private static float positive(final float time) {
        return time >= 0 && time < Float.POSITIVE_INFINITY ? time : Float.NaN;
    }
}
