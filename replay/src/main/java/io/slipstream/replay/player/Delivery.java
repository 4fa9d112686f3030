package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.List;

/**
 * Hands frames, markers and the clock to the sink, with time stamps that never go back: after a jump they are shifted by as much
 * as that takes, and by nothing where the recording's own times serve. Single-threaded.
 */
final class Delivery {
    private static final long CLOCK_INTERVAL_NS = 100_000_000L;

    private final Player player;
    private final FrameCursor cursor;
    private final FrameSink sink;
    private final List<SessionInfo.Marker> markers;
    private int nextMarker;
    private boolean jump;
    private boolean any;
    private long shift;
    private long lastStamp;
    private long nextClockNs;

    Delivery(Player player, FrameCursor cursor) {
        this.player = player;
        this.cursor = cursor;
        this.sink = player.sink();
        this.markers = player.landmarks().markers();
        this.nextClockNs = player.options().timer().nanoTime();
    }

    /** Markers from this time on are to come. */
    void continueFrom(long timestamp) {
        nextMarker = 0;
        while (nextMarker < markers.size() && markers.get(nextMarker).timestampNs() < timestamp) {
            nextMarker++;
        }
    }

    /** The next frame is the first from this time on, and does not follow the one before. */
    void jumpTo(long timestamp) {
        jump = any;
        continueFrom(timestamp);
    }

    boolean isJump() {
        return jump || !any;
    }

    void dropped() {
        sink.onDropped();
    }

    /** The frame that the cursor stands on. */
    void deliver(long timestamp, long now) {
        final boolean jumped = jump;
        if (jumped) {
            jump = false;
            shift = Math.max(0, lastStamp + PlaybackLoop.LOOP_GAP_NS - timestamp);
            sink.onJump(lastStamp);
        }
        markers(timestamp);
        any = true;
        sink.onFrame(cursor, stamp(timestamp));
        if (jumped) {
            clock(now);
        } else {
            tick(now);
        }
    }

    /** Those up to a time that have not been played yet. */
    void markers(long timestamp) {
        while (nextMarker < markers.size() && markers.get(nextMarker).timestampNs() <= timestamp) {
            final SessionInfo.Marker marker = markers.get(nextMarker++);
            sink.onMarker(marker.label(), stamp(marker.timestampNs()));
        }
    }

    private long stamp(long timestamp) {
        lastStamp = any ? Math.max(lastStamp, timestamp + shift) : timestamp + shift;
        return lastStamp;
    }

    /** Tells the sink the time if it has not been told for a while. */
    void tick(long now) {
        if (now - nextClockNs >= 0) {
            clock(now);
        }
    }

    /** Tells the sink the time now. */
    void clock(long now) {
        nextClockNs = now + CLOCK_INTERVAL_NS;
        if (any) {
            final PlaybackState state = player.state();
            final long position = player.session().startNs() + state.positionNs();
            // A jump that has not been played yet is not shifted yet.
            sink.onClock(state, jump ? lastStamp : stamp(position));
        }
    }
}
