package io.slipstream.telemetry.state;

/**
 * Times the player's laps. A lap ends when the game's counters grow. Its time is then
 *
 * <ol>
 *   <li>the game's own, if one appears from half a second before to two seconds after the frame that shows the new lap, and
 *       agrees with the game's clock; the event waits for it that long;
 *   <li>else, if the lap was seen from line to line, the time between its {@link LapOrigin} and the next lap's. As the old lap's
 *       origin is taken from its last frames, a pause or a rewind in the lap has moved it already and costs nothing;
 *   <li>else, if the game stood still right at the line, the last lap time that it showed, which is less than a frame short.
 * </ol>
 *
 * <p><b>Threads:</b> one. Allocates nothing.
 */
final class LapTimer {
    private static final long EARLY_NS = 500_000_000L;
    private static final long LATE_NS = 2_000_000_000L;

    /** Frames that nobody saw for longer than this leave a hole in a lap. */
    private static final long HOLE_NS = 1_000_000_000L;

    /** The game wrote no frame for so long: it stood still, though it did not say so. */
    private static final long STALL_NS = 250_000_000L;

    private static final double NS = 1e-9;
    private static final double AGREEMENT_S = 0.5;
    private static final double JITTER_S = 0.05;
    private static final float SHORTEST_S = 1;
    private static final double NEAR_LINE_S = 0.5;
    private static final long UNKNOWN = -1;

    private final SectorTimer sectors = new SectorTimer();
    private final ChangeWatch lastTimeOfArray = new ChangeWatch();
    private final ChangeWatch lastTimeOfOwn = new ChangeWatch();
    private final LapOrigin recent = new LapOrigin();
    private final LapOrigin first = new LapOrigin();
    private boolean firstOpen;

    private long progress;
    private long timestamp;
    private float time;

    /** The block's clock was the player's in the frame before. */
    private boolean own;

    private boolean fromLine;
    private boolean invalidated;
    private boolean stoodStill;

    private final FinishedLap finished = new FinishedLap();

    LapTimer() {
        reset();
    }

    /** Forgets everything, a lap that waits for its time too. */
    void reset() {
        sectors.reset();
        lastTimeOfArray.clear();
        lastTimeOfOwn.clear();
        recent.clear();
        first.clear();
        firstOpen = false;
        progress = UNKNOWN;
        time = Float.NaN;
        own = false;
        fromLine = false;
        invalidated = false;
        stoodStill = false;
        finished.waiting = false;
    }

    /** Laps behind the player in the frame before, or -1. */
    long progress() {
        return progress;
    }

    /** A frame in which the game's clock stands still, or shows another time than the present. */
    void onStandstill(final long now, final EventSink sink) {
        stoodStill = true;
        settleIfLate(now, sink);
    }

    /** Reports what still waits, as it stands. */
    void flush(final long now, final EventSink sink) {
        if (progress != UNKNOWN) {
            sectors.endLap(now, progress + 1, sink);
        }
        if (finished.waiting) {
            report(now, gameTime(), sink);
        }
    }

    /** A frame in which laps can be driven. */
    void onFrame(final LapView view, final EventSink sink) {
        lastTimeOfArray.observe(view.lastTimeOfArray, view.timestamp);
        lastTimeOfOwn.observe(view.lastTimeOfOwn, view.timestamp);
        sectors.observe(view);
        final long elapsed = progress == UNKNOWN ? 0 : view.timestamp - timestamp;
        if (view.missed == 0 && elapsed > STALL_NS) {
            stoodStill = true;
        }
        if (progress == UNKNOWN || view.progress < progress) {
            join(view);
        } else if (view.progress > progress) {
            cross(view, elapsed, sink);
        } else {
            go(view, elapsed, sink);
        }
        sample(view);
        if (finished.waiting) {
            final float game = gameTime();
            if (!Float.isNaN(game)) {
                report(view.timestamp, game, sink);
            } else {
                settleIfLate(view.timestamp, sink);
            }
        }
    }

    /** The first lap of a session, or one that a rewind came back to. */
    private void join(final LapView view) {
        progress = view.progress;
        recent.clear();
        firstOpen = false;
        fromLine = view.time <= NEAR_LINE_S;
        sectors.startLap(view, fromLine);
    }

    private void go(final LapView view, final long elapsed, final EventSink sink) {
        if (view.own && own) {
            final boolean begins = Float.isNaN(time) && !Float.isNaN(view.time);
            if (begins || view.time < time) {
                // The lap starts anew, or a rewind came back into the middle of it.
                fromLine = view.time <= elapsed * NS + NEAR_LINE_S && view.time <= 2 * NEAR_LINE_S;
                recent.clear();
                firstOpen = false;
                sectors.startLap(view, fromLine);
            } else if (Float.isNaN(view.time) && !Float.isNaN(time)) {
                fromLine = false;
                recent.clear();
                firstOpen = false;
            }
        }
        // While the camera was elsewhere, the clock may have stood still unseen.
        if (stoodStill || !own) {
            recent.clear();
            firstOpen = false;
        }
        if (isHole(view, elapsed)) {
            fromLine = false;
        }
        sectors.onFrame(view, progress + 1, sink);
    }

    private void cross(final LapView view, final long elapsed, final EventSink sink) {
        if (finished.waiting) {
            report(view.timestamp, gameTime(), sink);
        }
        sectors.endLap(view.timestamp, progress + 1, sink);
        finished.waiting = true;
        finished.frameNumber = view.frameNumber;
        finished.crossing = view.timestamp;
        finished.lap = view.progress;
        final boolean onlyOne = view.progress == progress + 1;
        finished.whole = onlyOne && fromLine && !isHole(view, elapsed);
        finished.invalidated = onlyOne && invalidated;
        finished.shown = onlyOne && own ? time : Float.NaN;
        finished.unseen = elapsed * NS;
        finished.stoodStill = stoodStill;
        finished.originKnown = onlyOne && own && !recent.isEmpty();
        finished.origin = finished.originKnown ? recent.estimate() : 0;
        finished.sector1 = onlyOne ? sectors.time(0) : Float.NaN;
        finished.sector2 = onlyOne ? sectors.time(1) : Float.NaN;
        finished.lastSector = onlyOne && sectors.reachedLast();

        progress = view.progress;
        recent.clear();
        first.clear();
        firstOpen = true;
        fromLine = Float.isNaN(view.time)
                ? !isHole(view, elapsed)
                : view.time <= Math.min(elapsed, HOLE_NS) * NS + NEAR_LINE_S;
        sectors.startLap(view, fromLine);
    }

    private void sample(final LapView view) {
        if (view.own) {
            time = view.time;
            if (!Float.isNaN(time)) {
                recent.add(view.timestamp, time);
                if (firstOpen) {
                    first.add(view.timestamp, time);
                    firstOpen = !first.isFull();
                }
            }
        }
        own = view.own;
        invalidated = view.invalidated;
        timestamp = view.timestamp;
        stoodStill = false;
    }

    private static boolean isHole(final LapView view, final long elapsed) {
        return view.missed > 0 && elapsed > HOLE_NS;
    }

    private void settleIfLate(final long now, final EventSink sink) {
        if (finished.waiting && now - finished.crossing >= LATE_NS) {
            report(now, gameTime(), sink);
        }
    }

    /** The game's time of the lap that waits; NaN while it has written none that can be true. */
    private float gameTime() {
        final long since = finished.crossing - EARLY_NS;
        final float ofArray = lastTimeOfArray.since(since);
        return finished.allows(ofArray) ? ofArray : allowedOrNaN(lastTimeOfOwn.since(since));
    }

    private float allowedOrNaN(final float candidate) {
        return finished.allows(candidate) ? candidate : Float.NaN;
    }

    private void report(final long now, final float game, final EventSink sink) {
        finished.waiting = false;
        double lapTime = game;
        if (Float.isNaN(game)) {
            lapTime = finished.whole ? finished.clock(first) : Double.NaN;
        }
        float sector3 = Float.NaN;
        if (finished.lastSector) {
            sector3 = sectors.last(lapTime, finished.sector1, finished.sector2, finished.crossing);
            sink.onSectorCompleted(now, finished.frameNumber, finished.lap, LapView.SECTORS, sector3);
        }
        sink.onLapCompleted(
                now,
                finished.frameNumber,
                finished.lap,
                lapTime,
                finished.sector1,
                finished.sector2,
                sector3,
                finished.invalidated,
                finished.whole && !Double.isNaN(lapTime));
    }

    /** A lap that waits for the game to write its time. */
    private static final class FinishedLap {
        private boolean waiting;
        private long frameNumber;
        private long crossing;
        private long lap;
        private boolean whole;
        private boolean invalidated;
        private boolean stoodStill;
        private boolean originKnown;
        private long origin;

        /** s; the last lap time that the game showed before the new lap. */
        private float shown;

        /** s; between the last frame of this lap and the first of the next. */
        private double unseen;

        private float sector1;
        private float sector2;
        private boolean lastSector;

        boolean allows(final float candidate) {
            return candidate >= SHORTEST_S
                    && !(candidate < shown - AGREEMENT_S)
                    && !(candidate > shown + unseen + AGREEMENT_S);
        }

        double clock(final LapOrigin next) {
            if (originKnown && !next.isEmpty() && !stoodStill) {
                final double seconds = (next.estimate() - origin) * NS;
                // A capture clock that was set, or a pause that nobody announced, shows here.
                if (seconds >= shown - JITTER_S && seconds <= shown + unseen + JITTER_S) {
                    return seconds;
                }
            }
            return shown;
        }
    }
}
