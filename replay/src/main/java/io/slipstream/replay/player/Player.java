package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Plays a session's frames into a sink: as fast as they were captured, faster or slower, or without a pause. Waits asleep
 * until shortly before a frame is due, then spins. {@link #run} belongs to one thread; the counts may be asked from any.
 */
public final class Player {
    private static final long SPIN_NS = 150_000;
    /** Between the last frame of a round and the first of the next. */
    private static final long LOOP_GAP_NS = 6_000_000;

    private static final long MAX_PARK_NS = 50_000_000;

    private final SessionReader session;
    private final FrameSink sink;
    private final Options options;
    private long played;
    private volatile long frames;
    private volatile long damaged;
    private volatile long positionNs;
    private int loops;
    private long lastTimestamp;

    /**
     * How to play.
     *
     * @param speed times the recording's own; {@link #UNPACED} for without a pause.
     * @param fromNs where to start, ns after the session's start.
     * @param forNs how much to play, ns of the recording's time; {@link Long#MAX_VALUE} for all.
     * @param loop true to begin again at the end, for ever.
     */
    public record Options(double speed, long fromNs, long forNs, boolean loop) {
        /** As fast as the sink takes frames. */
        public static final double UNPACED = Double.POSITIVE_INFINITY;

        /** The whole session, once, at its own speed. */
        public static final Options DEFAULT = new Options(1, 0, Long.MAX_VALUE, false);
    }

    /**
     * Creates a player.
     *
     * @param session to play; stays the caller's to close.
     * @param sink to play into; stays the caller's to close.
     * @param options how to play.
     */
    public Player(SessionReader session, FrameSink sink, Options options) {
        if (!(options.speed() > 0)) {
            throw new IllegalArgumentException("speed " + options.speed() + " is not above 0");
        }
        this.session = session;
        this.sink = sink;
        this.options = options;
    }

    /**
     * Plays until the end, or until told to stop.
     *
     * @param stop asked before every frame, and now and then while it waits; must be cheap.
     */
    public void run(BooleanSupplier stop) {
        final long start = session.info().startedNs() + options.fromNs();
        final long end = options.forNs() >= Long.MAX_VALUE - start ? Long.MAX_VALUE : start + options.forNs();
        try (FrameCursor cursor = session.frames()) {
            long shift = 0;
            do {
                if (options.fromNs() > 0 || loops > 0) {
                    cursor.toTime(start);
                }
                final long first = play(cursor, end, shift, stop);
                damaged = cursor.damaged();
                if (first == Long.MIN_VALUE) {
                    return;
                }
                shift += Math.max(0, lastTimestamp - first) + LOOP_GAP_NS;
                loops++;
            } while (options.loop() && !stop.getAsBoolean());
        }
    }

    /** Plays once; gives the first frame's time. */
    private long play(FrameCursor cursor, long end, long shift, BooleanSupplier stop) {
        long first = Long.MIN_VALUE;
        long began = 0;
        while (!stop.getAsBoolean() && cursor.next() && cursor.timestamp() <= end) {
            final long timestamp = cursor.timestamp();
            if (first == Long.MIN_VALUE) {
                first = timestamp;
                began = System.nanoTime();
            } else if (options.speed() != Options.UNPACED) {
                waitUntil(began + (long) ((timestamp - first) / options.speed()), stop);
            }
            sink.onFrame(cursor, timestamp + shift);
            played++;
            frames = played;
            lastTimestamp = timestamp;
            positionNs = timestamp - session.info().startedNs();
        }
        return first;
    }

    private static void waitUntil(long due, BooleanSupplier stop) {
        for (long left = due - System.nanoTime(); left > 0 && !stop.getAsBoolean(); left = due - System.nanoTime()) {
            if (left > SPIN_NS) {
                LockSupport.parkNanos(Math.min(left - SPIN_NS, MAX_PARK_NS));
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Frames played.
     *
     * @return count, over all rounds.
     */
    public long frames() {
        return frames;
    }

    /**
     * Frames that could not be restored and were left out.
     *
     * @return count, over all rounds.
     */
    public long damaged() {
        return damaged;
    }

    /**
     * Where the playback is.
     *
     * @return ns after the session's start.
     */
    public long positionNs() {
        return positionNs;
    }
}
