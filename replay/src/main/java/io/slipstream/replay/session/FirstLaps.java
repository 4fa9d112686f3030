package io.slipstream.replay.session;

import io.slipstream.telemetry.session.LapSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds where first laps began: no line was crossed there, the cars stood on the grid or the recording began on the way. The game's
 * own time of such a lap tells, counted back from the line at its end.
 */
final class FirstLaps {
    /** A difference between the game's time and the capture times that is no more than their noise. */
    private static final long NOISE_NS = 100_000_000L;

    private FirstLaps() {}

    static List<LapSpan> fromTheirLine(List<LapSpan> spans, SessionReader session) {
        final List<LapSpan> all = new ArrayList<>();
        boolean afterLine = false;
        for (LapSpan lap : spans) {
            final long began = lap.endNs() - Math.round(lap.time() * 1e9);
            if (!afterLine && lap.complete() && lap.whole() && lap.time() > 0 && began - lap.startNs() > NOISE_NS) {
                split(lap, began, session, all);
            } else {
                all.add(lap);
            }
            afterLine = lap.complete();
        }
        return List.copyOf(all);
    }

    private static void split(LapSpan lap, long began, SessionReader session, List<LapSpan> all) {
        try (FrameCursor cursor = session.frames()) {
            if (!cursor.toTime(began).next() || cursor.ordinal() >= lap.endFrame()) {
                all.add(lap);
                return;
            }
            final long ns = cursor.timestamp();
            final long frame = cursor.ordinal();
            all.add(new LapSpan(
                    lap.lap() - 1, Double.NaN, false, false, true, lap.startNs(), ns, lap.firstFrame(), frame));
            all.add(new LapSpan(
                    lap.lap(), lap.time(), true, true, lap.valid(), ns, lap.endNs(), frame, lap.endFrame()));
        }
    }
}
