package io.slipstream.telemetry.session;

import io.slipstream.telemetry.schema.LapCompletedDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where laps begin and end in a session: at every line that the player crossed, and where the game began a session anew.
 * Single-threaded.
 */
final class LapLines {
    private static final int COMPLETED = 1;
    private static final int WHOLE = 2;
    private static final int VALID = 4;
    private static final double NS = 1e9;
    /** What the game's times and the capture times may differ by. */
    private static final double TOLERANCE_NS = 0.05 * NS;

    private final List<Line> lines = new ArrayList<>();

    /** The first frame behind a line; of a session that began anew, its first frame, and then no lap and time. */
    private record Line(long kind, long lap, double time, long timestampNs, long frame) {
        boolean is(int bit) {
            return (kind & bit) != 0;
        }
    }

    void onLap(LapCompletedDecoder lap, long timestampNs, long frame) {
        lines.add(new Line(
                COMPLETED | (lap.whole() == 1 ? WHOLE : 0) | (lap.invalidated() == 0 ? VALID : 0),
                lap.lap(),
                lap.time(),
                timestampNs,
                frame));
    }

    void onSessionStarted(long timestampNs, long frame) {
        lines.add(new Line(0, 0, Double.NaN, timestampNs, frame));
    }

    /** The laps of a session whose frames go from one time to another. */
    List<LapSpan> spans(long firstNs, long lastNs, long frames) {
        final List<LapSpan> spans = new ArrayList<>();
        long start = firstNs;
        long frame = 0;
        long lap = 1;
        boolean begun = false;
        for (Line line : lines) {
            // A line outside of what there is, or that goes back, is damaged: the laps around it are one.
            if (line.frame < frame || line.frame > frames || line.timestampNs < start) {
                continue;
            }
            if (line.is(COMPLETED)) {
                spans.add(new LapSpan(
                        line.lap,
                        line.time,
                        true,
                        line.is(WHOLE) && (begun || line.timestampNs - line.time * NS >= firstNs - TOLERANCE_NS),
                        line.is(VALID),
                        start,
                        line.timestampNs,
                        frame,
                        line.frame));
                lap = line.lap + 1;
            } else {
                if (line.frame > frame) {
                    spans.add(new LapSpan(
                            lap, Double.NaN, false, false, true, start, line.timestampNs, frame, line.frame));
                }
                lap = 1;
            }
            // From here on every lap begins in this session; the first may have begun before it.
            begun = true;
            start = line.timestampNs;
            frame = line.frame;
        }
        if (frame < frames) {
            spans.add(new LapSpan(lap, Double.NaN, false, false, true, start, lastNs + 1, frame, frames));
        }
        return List.copyOf(spans);
    }

    int encodedLength() {
        return Long.BYTES + lines.size() * SessionIndexDescriptor.LINE_LENGTH;
    }

    void encode(ByteBuffer into) {
        into.putLong(lines.size());
        for (Line line : lines) {
            into.putLong(line.kind)
                    .putLong(line.lap)
                    .putDouble(line.time)
                    .putLong(line.timestampNs)
                    .putLong(line.frame);
        }
    }

    void decode(ByteBuffer from, int count) {
        for (int i = 0; i < count; i++) {
            lines.add(new Line(from.getLong(), from.getLong(), from.getDouble(), from.getLong(), from.getLong()));
        }
    }
}
