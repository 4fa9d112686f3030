package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Plays a session's frames into a sink: as fast as they were captured, faster or slower, or without a pause. {@link #run}
 * belongs to one thread and is called once; everything else may be called from any. A frame costs no allocation.
 */
public final class Player implements PlayerControl {
    private final SessionReader session;
    private final FrameSink sink;
    private final Options options;
    private final Landmarks landmarks;
    private final Progress progress = new Progress();
    private final LatenessHistogram lateness = new LatenessHistogram();
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private volatile Thread thread;
    private volatile boolean ended;

    /**
     * How to play.
     *
     * @param speed times the recording's own; {@link #UNPACED} for without a pause.
     * @param fromNs where to start, ns after the session's start; nothing before it is played.
     * @param forNs how much to play, ns of the recording's time; {@link Long#MAX_VALUE} for all.
     * @param loop true to begin again at the end, for ever.
     * @param paused true to play the first frame and wait for a command.
     * @param hold true to wait for commands at the end, too, until told to stop.
     * @param policy what becomes of late frames.
     * @param timer how to wait.
     */
    public record Options(
            double speed,
            long fromNs,
            long forNs,
            boolean loop,
            boolean paused,
            boolean hold,
            TimingPolicy policy,
            PlaybackTimer timer) {
        /** As fast as the sink takes frames. */
        public static final double UNPACED = Double.POSITIVE_INFINITY;

        /** The slowest speed: at it, one second of the recording takes eleven days. */
        public static final double SLOWEST = 1e-6;

        /** The whole session, once, at its own speed. */
        public static final Options DEFAULT = new Options(1, 0, Long.MAX_VALUE, false);

        /**
         * Checks them.
         *
         * @throws IllegalArgumentException if the speed is below {@link #SLOWEST}, or a time is negative.
         */
        public Options {
            requireSpeed(speed);
            if (fromNs < 0 || forNs < 0) {
                throw new IllegalArgumentException(
                        "from " + fromNs + " ns for " + forNs + " ns: give no negative time");
            }
            Objects.requireNonNull(policy);
            Objects.requireNonNull(timer);
        }

        /**
         * Every frame, asleep in between, to the end.
         *
         * @param speed times the recording's own; {@link #UNPACED} for without a pause.
         * @param fromNs where to start, ns after the session's start.
         * @param forNs how much to play, ns of the recording's time; {@link Long#MAX_VALUE} for all.
         * @param loop true to begin again at the end, for ever.
         * @throws IllegalArgumentException if the speed is below {@link #SLOWEST}, or a time is negative.
         */
        public Options(double speed, long fromNs, long forNs, boolean loop) {
            this(speed, fromNs, forNs, loop, false, false, TimingPolicy.KEEP, SystemTimer.ASLEEP);
        }

        /**
         * The same, but for how it starts and ends.
         *
         * @param startPaused true to play the first frame and wait for a command.
         * @param holdAtEnd true to wait for commands at the end, too, until told to stop.
         * @return new options.
         */
        public Options waiting(boolean startPaused, boolean holdAtEnd) {
            return new Options(speed, fromNs, forNs, loop, startPaused, holdAtEnd, policy, timer);
        }

        /**
         * The same, but for the time.
         *
         * @param timingPolicy what becomes of late frames.
         * @param playbackTimer how to wait.
         * @return new options.
         */
        public Options timed(TimingPolicy timingPolicy, PlaybackTimer playbackTimer) {
            return new Options(speed, fromNs, forNs, loop, paused, hold, timingPolicy, playbackTimer);
        }

        private static void requireSpeed(double speed) {
            if (!(speed >= SLOWEST)) {
                throw new IllegalArgumentException("speed " + speed + " is below 0.000001");
            }
        }
    }

    /**
     * Creates a player.
     *
     * @param session to play; stays the caller's to close.
     * @param sink to play into; stays the caller's to close.
     * @param options how to play.
     */
    public Player(SessionReader session, FrameSink sink, Options options) {
        this.session = session;
        this.sink = sink;
        this.options = options;
        this.landmarks = new Landmarks(session);
        progress.begin();
        progress.rate = options.speed();
        progress.loop = options.loop();
        progress.standing = session.startNs() + options.fromNs();
        progress.end();
    }

    /**
     * Plays until the end, or until told to stop.
     *
     * @param stop asked before every frame, and now and then while it waits; must be cheap.
     * @throws IllegalStateException if it has been called before.
     */
    public void run(BooleanSupplier stop) {
        synchronized (this) {
            if (thread != null) {
                throw new IllegalStateException("this player has played: make another");
            }
            thread = Thread.currentThread();
        }
        try (FrameCursor cursor = session.frames()) {
            new PlaybackLoop(this, cursor, commands).run(stop);
        } finally {
            final long position = progress.position(options.timer().nanoTime());
            progress.begin();
            progress.standing = position;
            progress.phase = PlaybackState.Phase.ENDED;
            progress.measuredRate = 0;
            progress.end();
            ended = true;
            release();
        }
    }

    /** Nobody waits for a playback that is over. */
    private void release() {
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            if (command instanceof Command.Settle settle) {
                settle.done().countDown();
            }
        }
    }

    private void tell(Command command) {
        commands.add(command);
        final Thread player = thread;
        if (player != null) {
            options.timer().wake(player);
        }
        if (ended) {
            release();
        }
    }

    @Override
    public void pause() {
        tell(new Command.Pause());
    }

    @Override
    public void resume() {
        tell(new Command.Resume());
    }

    @Override
    public void toggle() {
        tell(new Command.Toggle());
    }

    @Override
    public void step(int frames) {
        if (frames > MOST_STEPS || frames < -MOST_STEPS) {
            throw new IllegalArgumentException(frames + " frames are too many for one step: give up to " + MOST_STEPS);
        }
        tell(new Command.Step(frames));
    }

    @Override
    public void seek(SeekTarget target) {
        landmarks.check(target);
        tell(new Command.Seek(target));
    }

    @Override
    public void speed(double rate) {
        Options.requireSpeed(rate);
        tell(new Command.Speed(rate));
    }

    @Override
    public void loop(LoopRegion region) {
        final PlaybackState now = state();
        if (region.fromNs() > now.toNs() || region.toNs() < now.fromNs()) {
            throw new IllegalArgumentException("the loop from " + region.fromNs() / 1e9 + " s to "
                    + region.toNs() / 1e9 + " s is outside of what is played: " + now.fromNs() / 1e9 + " s to "
                    + now.toNs() / 1e9 + " s");
        }
        tell(new Command.Loop(region));
    }

    @Override
    public void loopWhole() {
        tell(new Command.LoopWhole());
    }

    @Override
    public void loopOff() {
        tell(new Command.LoopOff());
    }

    @Override
    public void stop() {
        tell(new Command.Stop());
    }

    @Override
    public boolean settle(Duration patience) {
        final CountDownLatch done = new CountDownLatch(1);
        tell(new Command.Settle(done));
        try {
            return done.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public PlaybackState state() {
        final Progress now = progress.copy();
        final long startNs = session.startNs();
        final long durationNs = Math.max(0, session.endNs() - startNs);
        final long position = now.position(options.timer().nanoTime());
        return new PlaybackState(
                now.phase,
                position - startNs,
                durationNs,
                options.fromNs(),
                Math.max(options.fromNs(), Math.min(durationNs, saturated(options.fromNs(), options.forNs()))),
                now.loop,
                now.region,
                landmarks.lapAt(position),
                now.frame,
                now.rate,
                now.phase == PlaybackState.Phase.PLAYING ? now.measuredRate : 0,
                now.loops,
                now.played,
                now.dropped,
                now.damaged,
                now.shiftedNs,
                lateness.percentile(99),
                lateness.max());
    }

    private static long saturated(long from, long length) {
        return length > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + length;
    }

    /**
     * Frames played.
     *
     * @return count, over all rounds.
     */
    public long frames() {
        return state().played();
    }

    /**
     * Frames that could not be restored and were left out.
     *
     * @return count, over all rounds.
     */
    public long damaged() {
        return state().damaged();
    }

    /**
     * Where the playback is.
     *
     * @return ns after the session's start.
     */
    public long positionNs() {
        return state().positionNs();
    }

    SessionReader session() {
        return session;
    }

    FrameSink sink() {
        return sink;
    }

    Options options() {
        return options;
    }

    Landmarks landmarks() {
        return landmarks;
    }

    Progress progress() {
        return progress;
    }

    LatenessHistogram lateness() {
        return lateness;
    }
}
