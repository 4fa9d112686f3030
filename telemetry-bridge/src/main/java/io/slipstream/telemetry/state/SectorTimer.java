package io.slipstream.telemetry.state;

/**
 * Times the player's sectors. The game's own time counts, if it appears about when the sector ends and agrees with the game's
 * clock; else the clock does, half-way between the frames on either side of the boundary. The last sector ends with the lap and
 * is what the lap leaves over.
 *
 * <p><b>Threads:</b> one. Allocates nothing.
 */
final class SectorTimer {
    /** A game may write a time some frames after the sector has ended, or just before it shows the next. */
    private static final long LATE_NS = 1_000_000_000L;

    private static final long EARLY_NS = 500_000_000L;
    private static final float AGREEMENT_S = 0.25f;
    private static final float SUM_AGREEMENT_S = 0.1f;
    private static final float NEAR_LINE_S = 1.0f;
    private static final int LAST = LapView.SECTORS - 1;

    private final ChangeWatch[] watches = {new ChangeWatch(), new ChangeWatch(), new ChangeWatch()};
    private final float[] times = new float[LapView.SECTORS];
    private int sector;
    private int reached;
    private float boundary;
    private float previousTime;

    private boolean waiting;
    private int waitingSector;
    private long waitingFrame;
    private long waitingSince;
    private float waitingClock;

    SectorTimer() {
        reset();
    }

    void reset() {
        for (final ChangeWatch watch : watches) {
            watch.clear();
        }
        waiting = false;
        forgetLap();
    }

    private void forgetLap() {
        sector = -1;
        reached = -1;
        boundary = Float.NaN;
        previousTime = Float.NaN;
        for (int i = 0; i < times.length; i++) {
            times[i] = Float.NaN;
        }
    }

    /** A lap begins, or is joined, with this frame. */
    void startLap(final LapView view, final boolean fromLine) {
        waiting = false;
        forgetLap();
        sector = view.sector;
        reached = sector;
        boundary = fromLine ? 0 : Float.NaN;
        if (fromLine && sector == LAST) {
            // The sector's number lags behind the lap's; it is not this lap's last sector.
            reached = -1;
        }
    }

    void observe(final LapView view) {
        for (int i = 0; i < watches.length; i++) {
            watches[i].observe(view.sectors[i], view.timestamp);
        }
    }

    /** A further frame of the same lap. */
    void onFrame(final LapView view, final long lap, final EventSink sink) {
        if (waiting) {
            settle(view.timestamp, lap, sink, false);
        }
        if (view.sector != sector) {
            // A car that is put elsewhere changes sectors too, but while no lap is timed.
            final boolean timed = !view.own || !Float.isNaN(view.time);
            if (timed && view.sector == sector + 1 && sector >= 0 && sector < LAST) {
                settle(view.timestamp, lap, sink, true);
                finish(view);
                settle(view.timestamp, lap, sink, false);
            } else if (view.sector == 0 && view.time < NEAR_LINE_S) {
                boundary = 0;
            } else {
                boundary = Float.NaN;
            }
            sector = view.sector;
            reached = Math.max(reached, sector);
        }
        previousTime = view.time;
    }

    private void finish(final LapView view) {
        final float half = (previousTime + view.time) / 2;
        final float now = view.time >= previousTime ? half : view.time;
        waiting = true;
        waitingSector = sector;
        waitingFrame = view.frameNumber;
        waitingSince = view.timestamp;
        waitingClock = now - boundary;
        boundary = now;
    }

    private void settle(final long timestamp, final long lap, final EventSink sink, final boolean now) {
        if (!waiting) {
            return;
        }
        final float game = watches[waitingSector].since(waitingSince - EARLY_NS);
        final boolean agrees = game > 0 && (Float.isNaN(waitingClock) || Math.abs(game - waitingClock) <= AGREEMENT_S);
        if (!agrees && !now && timestamp - waitingSince < LATE_NS) {
            return;
        }
        waiting = false;
        final float time = agrees ? game : waitingClock;
        times[waitingSector] = time;
        if (agrees && !Float.isNaN(waitingClock)) {
            boundary += game - waitingClock;
        }
        sink.onSectorCompleted(timestamp, waitingFrame, lap, waitingSector + 1, time);
    }

    /** The lap is over: what was still waiting is reported as it stands. */
    void endLap(final long timestamp, final long lap, final EventSink sink) {
        settle(timestamp, lap, sink, true);
    }

    boolean reachedLast() {
        return reached == LAST;
    }

    float time(final int index) {
        return times[index];
    }

    /** The last sector of a lap that ended at {@code crossing}, with what is known of the others. */
    float last(final double lapTime, final float first, final float second, final long crossing) {
        final float rest = (float) (lapTime - first - second);
        final float game = watches[LAST].since(crossing - EARLY_NS);
        if (game > 0 && (Float.isNaN(rest) || Math.abs(game - rest) <= SUM_AGREEMENT_S)) {
            return game;
        }
        return rest > 0 ? rest : Float.NaN;
    }
}
