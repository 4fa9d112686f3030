package io.slipstream.replay.session;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.session.SegmentChecksum;
import io.slipstream.telemetry.session.SessionIndex;

/** Holds a session's messages against the checksums that the recorder kept of each stretch. Single-threaded. */
public final class SegmentCheck {
    private static final int NONE = -1;

    private final SessionIndex index;
    private final int segments;
    private final SegmentChecksum sum = new SegmentChecksum();
    private int next;
    private int current = NONE;
    private long checksum;
    private long messages;
    private long agreeing;
    private int differing = NONE;

    /**
     * Begins a check.
     *
     * @param saved index of the session, as it was saved: it must not have caught up with anything since.
     */
    public SegmentCheck(SessionIndex saved) {
        this.index = saved;
        this.segments = saved.segments();
    }

    /**
     * Takes the next message.
     *
     * @param message of the session, in order from the first.
     * @return true if a segment came to its end that differs: {@link #differing()}.
     */
    public boolean onMessage(Message message) {
        boolean differs = false;
        if (next < segments && message.position() >= index.place(next)) {
            differs = endCurrent();
            // A keyframe that is not where it was.
            while (next < segments && index.place(next) < message.position()) {
                differing = next++;
                differs = true;
            }
            // Whatever stands there now: the checksum tells.
            if (next < segments && index.place(next) == message.position()) {
                current = next++;
                checksum = 0;
                messages = 0;
            }
        }
        // The last segment may have grown since the index was saved.
        if (current != NONE && messages < index.messages(current)) {
            checksum = sum.next(checksum, message);
            messages++;
        }
        return differs;
    }

    /**
     * Ends the check, at the session's end.
     *
     * @return true if it differs: {@link #differing()}.
     */
    public boolean end() {
        final boolean differs = endCurrent();
        if (next < segments) {
            differing = next;
            next = segments;
            return true;
        }
        return differs;
    }

    private boolean endCurrent() {
        if (current == NONE) {
            return false;
        }
        final boolean same = checksum == index.checksum(current) && messages == index.messages(current);
        differing = current;
        current = NONE;
        if (same) {
            agreeing++;
        }
        return !same;
    }

    /**
     * The segment that {@link #onMessage} or {@link #end} found to differ.
     *
     * @return from 0.
     */
    public int differing() {
        return differing;
    }

    /**
     * Segments that are as they were recorded.
     *
     * @return count so far.
     */
    public long agreeing() {
        return agreeing;
    }
}
