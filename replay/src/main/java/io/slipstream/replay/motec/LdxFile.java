package io.slipstream.replay.motec;

import java.util.List;

/**
 * What an {@code .ldx} file says of the laps of the log beside it.
 *
 * @param beacons when the line was crossed, in order of time.
 * @param totalLaps laps, the one before the first beacon and the one after the last included; -1 if it does not say.
 * @param fastestTime s; NaN if it does not say.
 * @param fastestLap its number; -1 if it does not say.
 */
public record LdxFile(List<Beacon> beacons, int totalLaps, double fastestTime, long fastestLap) {
    /** Name of a beacon that ends a lap, with the lap's number behind. */
    public static final String LAP = "Manual.";

    /** Name of a beacon that begins a lap where none ends, with the number of that lap behind. */
    public static final String START = "Start.";

    /** Keeps the beacons as they are now. */
    public LdxFile {
        beacons = List.copyOf(beacons);
    }

    /**
     * A beacon.
     *
     * @param name what it is called; other programs have names of their own.
     * @param micros us after the log's start.
     */
    public record Beacon(String name, double micros) {}
}
