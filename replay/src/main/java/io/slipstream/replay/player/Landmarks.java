package io.slipstream.replay.player;

import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.List;

/** The places in a session that people name: laps and markers. Immutable. */
final class Landmarks {
    /** So shortly behind a place, back means the place before. */
    private static final long JUST_PASSED_NS = 1_000_000_000L;

    private final long startNs;
    private final long frames;
    private final List<LapSpan> laps;
    private final List<SessionInfo.Marker> markers;

    Landmarks(SessionReader session) {
        startNs = session.startNs();
        frames = session.frameCount();
        laps = List.copyOf(session.laps());
        markers = List.copyOf(session.markers());
    }

    /** Refuses what the session does not have. */
    void check(SeekTarget target) {
        switch (target) {
            case SeekTarget.Lap lap -> lapStart(lap.lap());
            case SeekTarget.Marker marker -> {
                if (marker.index() < 0 || marker.index() >= markers.size()) {
                    throw new IllegalArgumentException("no marker " + marker.index() + ": " + itsMarkers());
                }
            }
            case SeekTarget.MarkerNamed marker -> marker(marker.label());
            case SeekTarget.Frame frame -> {
                if (frame.ordinal() < 0 || frame.ordinal() >= frames) {
                    throw new IllegalArgumentException(
                            "no frame " + frame.ordinal() + ": the session has frames 0 to " + (frames - 1));
                }
            }
            default -> {
                // Times are moved into the session.
            }
        }
    }

    /** Where a target is that is neither a frame nor an end of the part being played; ns since the Unix epoch. */
    long timestampOf(SeekTarget target, long position) {
        return switch (target) {
            case SeekTarget.Time time -> saturatedAdd(startNs, time.positionNs());
            case SeekTarget.Relative relative -> saturatedAdd(position, relative.deltaNs());
            case SeekTarget.Lap lap -> lapStart(lap.lap());
            case SeekTarget.LapsAway away -> lapAway(position, away.count());
            case SeekTarget.Marker marker -> markers.get(marker.index()).timestampNs();
            case SeekTarget.MarkerNamed marker -> marker(marker.label());
            case SeekTarget.MarkersAway away -> markerAway(position, away.count());
            case SeekTarget.Frame _, SeekTarget.Start _, SeekTarget.End _ ->
                throw new IllegalArgumentException(target + " is not found by its time");
        };
    }

    private long lapStart(long number) {
        for (LapSpan lap : laps) {
            if (lap.lap() == number) {
                return lap.startNs();
            }
        }
        throw new IllegalArgumentException("no lap " + number + ": "
                + (laps.isEmpty()
                        ? "the session has none"
                        : "the session has laps " + laps.getFirst().lap() + " to "
                                + laps.getLast().lap()));
    }

    private long marker(String label) {
        for (SessionInfo.Marker marker : markers) {
            if (marker.label().equals(label)) {
                return marker.timestampNs();
            }
        }
        throw new IllegalArgumentException("no marker '" + label + "': " + itsMarkers());
    }

    private String itsMarkers() {
        return markers.isEmpty()
                ? "the session has none"
                : "the session has " + markers.size() + ", from 0: "
                        + String.join(
                                ", ",
                                markers.stream()
                                        .limit(20)
                                        .map(SessionInfo.Marker::label)
                                        .toList());
    }

    private long lapAway(long position, int count) {
        if (laps.isEmpty() || count == 0) {
            return position;
        }
        int index = lapIndex(position);
        if (count < 0 && position - laps.get(index).startNs() > JUST_PASSED_NS) {
            index++;
        }
        final long wanted = (long) index + count;
        // Behind the last lap there is nothing to go to.
        return wanted >= laps.size()
                ? position
                : laps.get((int) Math.max(0, wanted)).startNs();
    }

    private long markerAway(long position, int count) {
        if (count == 0) {
            return position;
        }
        final long from = count > 0 ? position : position - JUST_PASSED_NS;
        // The first marker behind; those of one moment are one.
        int index = 0;
        while (index < markers.size()
                && (count > 0
                        ? markers.get(index).timestampNs() <= from
                        : markers.get(index).timestampNs() < from)) {
            index++;
        }
        final long wanted = count > 0 ? index + (count - 1L) : (long) index + count;
        return wanted < 0 || wanted >= markers.size()
                ? position
                : markers.get((int) wanted).timestampNs();
    }

    private int lapIndex(long timestamp) {
        int index = laps.size() - 1;
        while (index > 0 && laps.get(index).startNs() > timestamp) {
            index--;
        }
        return index;
    }

    /** Number of the lap at a time; 0 if there is none. */
    long lapAt(long timestamp) {
        return laps.isEmpty() ? 0 : laps.get(lapIndex(timestamp)).lap();
    }

    List<SessionInfo.Marker> markers() {
        return markers;
    }

    private static long saturatedAdd(long a, long b) {
        final long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? (b < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }
}
