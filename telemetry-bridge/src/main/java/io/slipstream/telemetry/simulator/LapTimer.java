package io.slipstream.telemetry.simulator;

/**
 * Lap and sector times of one car. Crossings are placed within a step by linear interpolation, so times do not depend on
 * where a step happens to end, and the sectors of a lap add up to it.
 *
 * <p>All times are seconds; {@code NaN} means not set. Not safe for several threads.
 */
final class LapTimer {
    static final int SECTORS = 3;

    private final Track track;
    private final double[] lastSector = {Double.NaN, Double.NaN, Double.NaN};
    private final double[] bestSector = {Double.NaN, Double.NaN, Double.NaN};
    private final double[] bestLapSector = {Double.NaN, Double.NaN, Double.NaN};
    private double lapStart = Double.NaN;
    private double sectorStart = Double.NaN;
    private double lastLap = Double.NaN;
    private double bestLap = Double.NaN;
    private double split;
    private int sector = SECTORS - 1;
    private int lapsStarted;

    LapTimer(final Track track) {
        this.track = track;
    }

    /**
     * A car went a little further.
     *
     * @param before distance at the start of the step
     * @param after distance at its end
     * @param time at the start of the step
     * @param dt length of the step
     * @return whether a lap began
     */
    boolean advance(final double before, final double after, final double time, final double dt) {
        final double boundary = lapsStarted == 0 ? 0 : (lapsStarted - 1) * track.length() + track.sectorEnd(sector);
        if (after < boundary) {
            return false;
        }
        final double crossed = time + dt * (boundary - before) / (after - before);
        if (lapsStarted > 0) {
            endSector(crossed);
        }
        sectorStart = crossed;
        sector = (sector + 1) % SECTORS;
        if (sector != 0) {
            return false;
        }
        lapStart = crossed;
        lapsStarted++;
        return true;
    }

    private void endSector(final double crossed) {
        lastSector[sector] = crossed - sectorStart;
        if (!(bestSector[sector] <= lastSector[sector])) {
            bestSector[sector] = lastSector[sector];
        }
        double delta = 0;
        for (int i = 0; i <= sector; i++) {
            delta += lastSector[i] - bestLapSector[i];
        }
        split = Double.isNaN(delta) ? 0 : delta;
        if (sector == SECTORS - 1) {
            lastLap = crossed - lapStart;
            if (!(bestLap <= lastLap)) {
                bestLap = lastLap;
                System.arraycopy(lastSector, 0, bestLapSector, 0, SECTORS);
            }
        }
    }

    /** Time of the running lap. */
    double currentLap(final double now) {
        return now - lapStart;
    }

    /** 0, 1 or 2; 2 before the first crossing of the line, as in the game. */
    int sector() {
        return sector;
    }

    /** Laps begun: 0 before the first crossing of the line. */
    int lapsStarted() {
        return lapsStarted;
    }

    int lapsCompleted() {
        return Math.max(0, lapsStarted - 1);
    }

    double lastLap() {
        return lastLap;
    }

    double bestLap() {
        return bestLap;
    }

    /** The newest time of a sector: it stays until the sector is driven again. */
    double lastSector(final int of) {
        return lastSector[of];
    }

    double bestSector(final int of) {
        return bestSector[of];
    }

    double bestLapSector(final int of) {
        return bestLapSector[of];
    }

    /** Seconds behind the car's best lap at the last split; negative when ahead of it. */
    double split() {
        return split;
    }
}
