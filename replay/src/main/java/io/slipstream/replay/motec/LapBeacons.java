package io.slipstream.replay.motec;

import io.slipstream.telemetry.session.LapSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns laps into beacons, whose differences are what i2 shows as lap times.
 *
 * <p>A session knows two things of a lap: its time, which the game measured to the millisecond, and the first frame after it,
 * which was captured up to a frame later than the line was crossed. The first beacon stands where the frames have it; from there
 * on every lap adds its time, so that the differences are the game's times and not the frames'. The two clocks drift apart by
 * less than a frame in a race. Where they do not agree, by more than a quarter of a second, because the game was paused in the
 * lap, the lap's end goes where the frames have it, and a beacon of its own begins it: the lap has the game's time, and the
 * pause shows as a stretch before it. Where even that cannot be, the frames win, and {@link #mismatched()} counts it.
 */
final class LapBeacons {
    private static final double AGREEMENT_US = 250_000;
    private static final double US = 1e6;

    private final List<LdxFile.Beacon> beacons = new ArrayList<>();
    private final long startNs;
    private final long endNs;
    private final long nearNs;
    private double fastestTime = Double.NaN;
    private long fastestLap = -1;
    private int mismatched;

    /** Of a log from one time to another, ns since the Unix epoch; a lap that ends less than {@code nearNs} behind it is in it. */
    LapBeacons(long startNs, long endNs, long nearNs) {
        this.startNs = startNs;
        this.endNs = endNs;
        this.nearNs = nearNs;
    }

    /** Adds the laps of the log, in order. */
    LapBeacons add(List<LapSpan> laps) {
        for (LapSpan lap : laps) {
            // The line that ends the log's last lap may be the first frame that the log does not have.
            if (lap.complete() && lap.endNs() > startNs && lap.endNs() - endNs < nearNs) {
                add(lap);
            }
        }
        return this;
    }

    private void add(LapSpan lap) {
        final double end = (lap.endNs() - startNs) / 1e3;
        final boolean timed = lap.whole() && !Double.isNaN(lap.time());
        final double time = lap.time() * US;
        final double previous =
                beacons.isEmpty() ? Double.NaN : beacons.getLast().micros();
        if (!timed) {
            put(LdxFile.LAP, lap, Math.max(end, beacons.isEmpty() ? 0 : previous));
            return;
        }
        if (beacons.isEmpty()) {
            // The log cannot begin with a whole lap before its own start.
            final double begin = end - time;
            if (begin < -AGREEMENT_US) {
                mismatch(lap, end);
                return;
            }
            put(LdxFile.START, lap, Math.max(0, begin));
            put(LdxFile.LAP, lap, Math.max(0, begin) + time);
        } else if (Math.abs(previous + time - end) <= AGREEMENT_US) {
            put(LdxFile.LAP, lap, previous + time);
        } else if (end - time > previous) {
            put(LdxFile.START, lap, end - time);
            put(LdxFile.LAP, lap, end);
        } else {
            mismatch(lap, Math.max(end, previous));
            return;
        }
        if (lap.valid() && !(fastestTime <= lap.time())) {
            fastestTime = lap.time();
            fastestLap = lap.lap();
        }
    }

    private void mismatch(LapSpan lap, double at) {
        mismatched++;
        put(LdxFile.LAP, lap, at);
    }

    private void put(String kind, LapSpan lap, double micros) {
        beacons.add(new LdxFile.Beacon(kind + lap.lap(), micros));
    }

    /** Laps whose time the beacons cannot show. */
    int mismatched() {
        return mismatched;
    }

    LdxFile file() {
        return new LdxFile(beacons, beacons.size() + 1, fastestTime, fastestLap);
    }
}
