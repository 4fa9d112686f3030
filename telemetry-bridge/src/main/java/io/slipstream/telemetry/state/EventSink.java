package io.slipstream.telemetry.state;

/**
 * Takes what an {@link EventDetector} finds. Every method is called on the detector's thread, in the order of time: the
 * {@code timestamp} is that of the frame with which the event became certain, in ns since the Unix epoch, and never decreases. The
 * frame number is that of the frame in which it happened, which for laps and sectors can lie two seconds back.
 */
public interface EventSink {

    /**
     * Driving begins.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame of the session.
     * @param session what is driven.
     */
    void onSessionStarted(long timestamp, long frameNumber, SessionDetails session);

    /**
     * Driving has ended. Laps that were still waiting for their time were reported before.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame that is no longer of the session; the last frame seen if the source was lost.
     * @param lapsCompleted by the player, as the block counted them.
     */
    void onSessionEnded(long timestamp, long frameNumber, long lapsCompleted);

    /**
     * The player crossed the line.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame of the next lap.
     * @param lap the lap that ended, from 1.
     * @param time s; NaN if nothing tells.
     * @param sector1 s; NaN if unknown.
     * @param sector2 s; NaN if unknown.
     * @param sector3 s; NaN if unknown.
     * @param invalidated the game does not count the lap.
     * @param whole the lap was seen from line to line.
     */
    void onLapCompleted(
            long timestamp,
            long frameNumber,
            long lap,
            double time,
            float sector1,
            float sector2,
            float sector3,
            boolean invalidated,
            boolean whole);

    /**
     * The player finished a sector.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame of the next sector.
     * @param lap the lap that the sector is in, from 1.
     * @param sector from 1.
     * @param time s; NaN if nothing tells.
     */
    void onSectorCompleted(long timestamp, long frameNumber, long lap, int sector, float time);

    /**
     * Another flag is shown to the player.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame with it.
     * @param flag the block's number.
     */
    void onFlagChanged(long timestamp, long frameNumber, int flag);

    /**
     * The player's pit mode changed.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame with it.
     * @param mode the block's number.
     */
    void onPitChanged(long timestamp, long frameNumber, int mode);

    /**
     * The game wrote frames that nobody saw.
     *
     * @param timestamp ns since the Unix epoch.
     * @param frameNumber first frame after the gap.
     * @param missed how many.
     * @param duration ns between the frames on either side.
     */
    void onGap(long timestamp, long frameNumber, long missed, long duration);

    /**
     * What a session is about.
     *
     * @param lapLength m; NaN if the block does not say.
     * @param lapsInEvent 0 in a race against time.
     * @param sessionState the block's number.
     * @param car that the player drives.
     * @param carClass of the car.
     * @param track where.
     * @param variation which layout of the track.
     */
    record SessionDetails(
            float lapLength,
            long lapsInEvent,
            int sessionState,
            String car,
            String carClass,
            String track,
            String variation) {}
}
