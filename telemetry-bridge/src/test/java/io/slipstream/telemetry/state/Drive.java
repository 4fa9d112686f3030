package io.slipstream.telemetry.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Drives a block through time, at a frame rate of its own, and writes down what the detector says. */
final class Drive implements EventSink {
    static final double LAP_S = 90.25;
    private static final long EPOCH_NS = 1_800_000_000_000_000_000L;

    final Blocks block = new Blocks();
    final EventDetector detector = new EventDetector(Blocks.FORMAT, this);
    final List<String> events = new ArrayList<>();
    final List<Lap> laps = new ArrayList<>();
    final List<String> sectors = new ArrayList<>();
    private final double step;

    /** s since the drive began, by the capture clock. */
    double now;

    /** s by the capture clock at which the lap began. */
    double origin;

    int lap = 1;
    int missed;
    long frame;
    boolean moveSectors;

    record Lap(long lap, double time, float s1, float s2, float s3, boolean invalidated, boolean whole, long frame) {}

    Drive(final double rate) {
        step = 1 / rate;
    }

    Drive() {
        this(165);
    }

    /** The next frame, with the lap clock as it stands. */
    Drive frame() {
        final double time = now - origin;
        block.set("mCurrentTime", origin < 0 ? -1 : time);
        block.set("mParticipantInfo[0].mCurrentLap", lap).set("mParticipantInfo[0].mLapsCompleted", lap - 1);
        if (moveSectors) {
            block.set("mParticipantInfo[0].mCurrentSector", time < 30 ? 0 : time < 60 ? 1 : 2);
        }
        send();
        now += step;
        return this;
    }

    void send() {
        detector.onFrame(frame++, EPOCH_NS + Math.round(now * 1e9), missed, block.buffer, block.version());
        missed = 0;
    }

    Drive seconds(final double seconds) {
        final double end = now + seconds;
        while (now < end) {
            frame();
        }
        return this;
    }

    /** To the end of the lap and some frames into the next. */
    Drive lap() {
        return lap(LAP_S);
    }

    Drive lap(final double length) {
        seconds(origin + length - now);
        nextLap(length);
        return seconds(3);
    }

    Drive nextLap(final double length) {
        origin += length;
        lap++;
        return frame();
    }

    Drive state(final int gameState) {
        block.set("mGameState", gameState);
        return this;
    }

    @Override
    public void onSessionStarted(final long timestamp, final long frameNumber, final SessionDetails session) {
        events.add("started " + session.track() + " " + session.variation() + " " + session.car() + " "
                + session.sessionState());
    }

    @Override
    public void onSessionEnded(final long timestamp, final long frameNumber, final long lapsCompleted) {
        events.add("ended " + lapsCompleted);
    }

    @Override
    public void onLapCompleted(
            final long timestamp,
            final long frameNumber,
            final long number,
            final double time,
            final float sector1,
            final float sector2,
            final float sector3,
            final boolean invalidated,
            final boolean whole) {
        laps.add(new Lap(number, time, sector1, sector2, sector3, invalidated, whole, frameNumber));
        events.add("lap " + number);
    }

    @Override
    public void onSectorCompleted(
            final long timestamp, final long frameNumber, final long number, final int sector, final float time) {
        sectors.add(String.format(Locale.ROOT, "%d.%d %.2f", number, sector, time));
    }

    @Override
    public void onFlagChanged(final long timestamp, final long frameNumber, final int flag) {
        events.add("flag " + flag);
    }

    @Override
    public void onPitChanged(final long timestamp, final long frameNumber, final int mode) {
        events.add("pit " + mode);
    }

    @Override
    public void onGap(final long timestamp, final long frameNumber, final long missedFrames, final long duration) {
        events.add("gap " + missedFrames + " " + duration);
    }
}
