package io.slipstream.replay.channel;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.DirectBuffer;

/** The frames of the chosen laps within the chosen time. Single-threaded; allocates nothing a frame. */
final class SelectedFrames implements AutoCloseable {
    /** A part of a lap, in ns since the Unix epoch; the end is exclusive. */
    private record Stretch(LapSpan lap, long fromNs, long toNs) {}

    private final FrameCursor cursor;
    private final List<Stretch> stretches;
    private int at;
    private boolean sought;
    private boolean follows;
    private long damagedBefore;
    private boolean broken;
    private long count;

    SelectedFrames(SessionReader reader, SampleSelection selection) {
        this.stretches = stretches(reader, selection);
        this.cursor = reader.frames();
        this.sought = !stretches.isEmpty() && stretches.getFirst().fromNs <= reader.startNs();
    }

    private static List<Stretch> stretches(SessionReader reader, SampleSelection selection) {
        final List<LapSpan> all = reader.laps();
        final List<LapSpan> laps = new ArrayList<>(selection.laps().isEmpty() ? all : selection.laps());
        laps.sort(Comparator.comparingLong(LapSpan::startNs));
        final List<Stretch> stretches = new ArrayList<>();
        for (LapSpan lap : laps) {
            // The last lap goes on to the last frame, also of a session whose summary does not know of it yet.
            final long end = lap.equals(all.getLast()) ? Long.MAX_VALUE : lap.endNs();
            final long from = Math.max(lap.startNs(), selection.fromNs());
            final long to = Math.min(end, selection.toNs());
            if (from < to) {
                stretches.add(new Stretch(lap, from, to));
            }
        }
        return stretches;
    }

    /** Moves to the next frame; false at the end. */
    boolean next() {
        follows = count > 0;
        while (at < stretches.size()) {
            if (!sought) {
                cursor.toTime(stretches.get(at).fromNs);
                sought = true;
                follows = false;
            }
            if (!cursor.next()) {
                at = stretches.size();
                return false;
            }
            if (isIn()) {
                broken = cursor.damaged() != damagedBefore;
                damagedBefore = cursor.damaged();
                count++;
                return true;
            }
        }
        return false;
    }

    /** Is the cursor's frame in a stretch? Moves on to the first that does not end before it. */
    private boolean isIn() {
        final long time = cursor.timestamp();
        if (time < stretches.get(at).fromNs) {
            return false;
        }
        while (time >= stretches.get(at).toNs) {
            if (++at == stretches.size()) {
                return false;
            }
            // Unless the next one follows at once, the time up to it is passed over.
            sought = time >= stretches.get(at).fromNs;
            if (!sought) {
                return false;
            }
        }
        return true;
    }

    /** Did nothing that was not chosen lie between the frame before and this one? */
    boolean follows() {
        return follows;
    }

    /** Were damaged frames passed over since the frame before? */
    boolean broken() {
        return broken;
    }

    long timestamp() {
        return cursor.timestamp();
    }

    long ordinal() {
        return cursor.ordinal();
    }

    DirectBuffer block() {
        return cursor.block();
    }

    LapSpan lap() {
        return stretches.get(at).lap;
    }

    long count() {
        return count;
    }

    long damaged() {
        return cursor.damaged();
    }

    /** Share of the chosen time that has been read. */
    double progress() {
        double all = 0;
        double passed = 0;
        for (int i = 0; i < stretches.size(); i++) {
            final Stretch stretch = stretches.get(i);
            final double length = Math.max(1, Math.min(stretch.toNs, stretch.lap.endNs()) - stretch.fromNs);
            all += length;
            if (i < at) {
                passed += length;
            } else if (i == at) {
                passed += Math.clamp((double) (cursor.timestamp() - stretch.fromNs), 0, length);
            }
        }
        return all == 0 ? 1 : passed / all;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
