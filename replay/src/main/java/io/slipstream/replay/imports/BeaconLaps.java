package io.slipstream.replay.imports;

import io.slipstream.replay.motec.LdxFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns beacons into laps: each ends one, and what lies between two of them is its time. */
final class BeaconLaps {
    private static final Pattern NUMBERED = Pattern.compile(".*?(\\d{1,6})");

    /** A log of some laps ends with the last frame before the line. */
    private static final long NEAR_NS = 500_000_000L;

    private BeaconLaps() {}

    /** The laps of a log that is so long; beacons far behind its end are of no lap. */
    static List<LogLap> of(List<LdxFile.Beacon> beacons, long lengthNs) {
        final List<LogLap> laps = new ArrayList<>();
        double previous = Double.NaN;
        long lap = 0;
        for (LdxFile.Beacon beacon : beacons) {
            final long ns = Math.round(beacon.micros() * 1e3);
            if (ns > lengthNs + NEAR_NS) {
                break;
            }
            if (!beacon.name().startsWith(LdxFile.START)) {
                lap = number(beacon.name(), lap);
                // The stretch before the first beacon is a lap that the log does not have from the line on.
                laps.add(new LogLap(lap, ns, (beacon.micros() - previous) / 1e6));
            }
            previous = beacon.micros();
        }
        return laps;
    }

    /** The number in a beacon's name, if the laps go on with it; else the next. */
    private static long number(String name, long last) {
        final Matcher matcher = NUMBERED.matcher(name);
        if (name.startsWith(LdxFile.LAP) && matcher.matches()) {
            final long named = Long.parseLong(matcher.group(1));
            if (named > last) {
                return named;
            }
        }
        return last + 1;
    }
}
