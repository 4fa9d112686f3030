package io.slipstream.replay.player;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the playback is, and its schedule. The player's thread alone changes it, between {@link #begin} and {@link #end}; any
 * may copy it without a lock, so that whoever asks never holds a frame up: the version is odd while fields change, and a reader
 * whose fields changed meanwhile reads again.
 *
 * <p>When frames are due is counted from one anchor, where a moment of the clock and a moment of the session meet, so that no
 * error adds up however long the playback is.
 */
final class Progress {
    private final AtomicLong version = new AtomicLong();

    PlaybackState.Phase phase = PlaybackState.Phase.READY;
    /** Where it stands while it is not paced; ns since the Unix epoch, as the two below. */
    long standing;
    /** It is not before this: the frame played last, or where it jumped to. */
    long reached;
    /** It is not behind this: the frame that is due next. */
    long next;

    /** A moment of the timer. */
    long anchorWallNs;
    /** The moment of the session that is due then. */
    long anchorSession;

    double rate;
    double measuredRate;
    boolean loop;
    LoopRegion region;
    long frame = -1;
    long loops;
    long played;
    long dropped;
    long damaged;
    long shiftedNs;

    Progress begin() {
        version.setPlain(version.getPlain() + 1);
        VarHandle.storeStoreFence();
        return this;
    }

    void end() {
        version.setRelease(version.getPlain() + 1);
    }

    Progress copy() {
        final Progress copy = new Progress();
        long seen = version.getAcquire();
        copy.take(this);
        VarHandle.loadLoadFence();
        while ((seen & 1) != 0 || version.getOpaque() != seen) {
            Thread.onSpinWait();
            seen = version.getAcquire();
            copy.take(this);
            VarHandle.loadLoadFence();
        }
        return copy;
    }

    private void take(Progress other) {
        phase = other.phase;
        standing = other.standing;
        reached = other.reached;
        next = other.next;
        anchorWallNs = other.anchorWallNs;
        anchorSession = other.anchorSession;
        rate = other.rate;
        measuredRate = other.measuredRate;
        loop = other.loop;
        region = other.region;
        frame = other.frame;
        loops = other.loops;
        played = other.played;
        dropped = other.dropped;
        damaged = other.damaged;
        shiftedNs = other.shiftedNs;
    }

    boolean isPaced() {
        return rate != Double.POSITIVE_INFINITY;
    }

    /** The time of the timer at which a moment of the session is due. */
    long dueNs(long session) {
        return anchorWallNs + Math.round((session - anchorSession) / rate);
    }

    /** Where the playback is at a time of the timer. */
    long position(long wallNs) {
        if (phase != PlaybackState.Phase.PLAYING || !isPaced()) {
            return standing;
        }
        final long now = anchorSession + Math.round((wallNs - anchorWallNs) * rate);
        return Math.max(reached, Math.min(now, next));
    }
}
