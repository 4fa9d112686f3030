package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;

/**
 * The part of a session that is played, and one frame at a time of it: fetched, then taken. Times are ns since the Unix epoch.
 * Single-threaded.
 */
final class Track {
    private static final long FIRST_LOOK_BACK_NS = 50_000_000L;

    private final FrameCursor cursor;
    private final long startNs;
    private final long first;
    private final long last;
    private final long sessionEnd;
    private LoopRegion region;
    private boolean ready;
    private long passedDamaged;

    Track(FrameCursor cursor, SessionReader session, Player.Options options) {
        this.cursor = cursor;
        this.startNs = session.startNs();
        this.first = startNs + options.fromNs();
        this.last = options.forNs() >= Long.MAX_VALUE - first ? Long.MAX_VALUE : first + options.forNs();
        this.sessionEnd = session.endNs();
    }

    void region(LoopRegion newRegion) {
        region = newRegion;
    }

    LoopRegion region() {
        return region;
    }

    /** Where what is played now begins. */
    long from() {
        return region == null ? first : Math.max(first, startNs + region.fromNs());
    }

    /** Where what is played now ends; that moment belongs to it. */
    long end() {
        return region == null ? last : Math.min(last, startNs + region.toNs());
    }

    /** The same, within the session. */
    long to() {
        return Math.max(from(), Math.min(end(), sessionEnd));
    }

    void toStart() {
        if (first > startNs) {
            move(first);
        }
        ready = false;
    }

    /** Stands on the next frame; false if it is behind the end. */
    boolean fetch() {
        if (!ready) {
            ready = cursor.next();
        }
        return ready && cursor.timestamp() <= end();
    }

    /** Takes the frame that it stands on; gives its time. */
    long take() {
        ready = false;
        return cursor.timestamp();
    }

    long timestamp() {
        return cursor.timestamp();
    }

    long ordinal() {
        return cursor.ordinal();
    }

    /** Frames that were to be played and could not be; not those that were passed on the way to a place. */
    long damaged() {
        return cursor.damaged() - passedDamaged;
    }

    private void move(long timestamp) {
        final long before = cursor.damaged();
        if (timestamp > startNs) {
            cursor.toTime(timestamp);
            passedDamaged += cursor.damaged() - before;
        } else {
            // Nothing is passed on the way to the start: what is damaged there is missing from what is played.
            cursor.toStart();
        }
    }

    /** Stands on the first frame that is not before a time; false if that is behind the end. */
    boolean toTime(long timestamp) {
        move(timestamp);
        ready = false;
        return fetch();
    }

    /** Stands on the last frame that is played; false if there is none. */
    boolean toLast() {
        for (long back = FIRST_LOOK_BACK_NS; ; back *= 4) {
            final long look = Math.max(from(), to() - back);
            long found = Long.MIN_VALUE;
            final long before = damaged();
            if (toTime(look)) {
                do {
                    found = take();
                } while (fetch());
                passedDamaged += damaged() - before;
            }
            if (found != Long.MIN_VALUE) {
                return toTime(found);
            }
            if (look == from()) {
                return false;
            }
        }
    }

    /** Whether any frame is played; it stands there then. */
    boolean hasFrame() {
        return toTime(from());
    }

    /** Stands on a frame, or on the next that is whole; false if that is not in what is played. */
    boolean toFrame(long wanted) {
        final long before = cursor.damaged();
        cursor.toFrame(wanted);
        passedDamaged += cursor.damaged() - before;
        ready = false;
        return fetch() && cursor.timestamp() >= from();
    }

    /** Where a frame that is not in what is played would be. */
    long passed() {
        return ready ? cursor.timestamp() : Long.MAX_VALUE;
    }

    /** Stands some frames before one; on the first if there are not as many. Damaged ones between do not count. */
    boolean backFrom(long frame, long count) {
        // Where those before are damaged, the way back leads past them.
        for (long back = count; ; back *= 2) {
            final long wanted = Math.max(0, frame - back);
            final boolean there = toFrame(wanted);
            if (there && cursor.ordinal() < frame) {
                return true;
            }
            if (wanted == 0 || (ready && cursor.timestamp() < from())) {
                return toTime(from());
            }
        }
    }
}
