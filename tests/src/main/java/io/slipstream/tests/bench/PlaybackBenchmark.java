package io.slipstream.tests.bench;

import io.slipstream.memory.BlockName;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.SystemTimer;
import io.slipstream.replay.player.TimingPolicy;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How far from their times frames are in the block when a session is played at its own speed, beside a loop that only waits for the
 * same times, right after.
 */
final class PlaybackBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final double SPINNING_US = 100;
    private static final double ASLEEP_US = 2_000;

    @Override
    public String name() {
        return "playback";
    }

    @Override
    public String about() {
        return "error of the times of frames played into a block at their own speed, beside a bare loop that waits";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final int frames = settings.pick(30, 5 * HZ, 60 * HZ);
        final Path directory = settings.directory();
        try (SimulatedFrames race = new SimulatedFrames(directory.resolve("block"), CARS, HZ);
                SessionReader session = SessionReader.open(
                        Sessions.record(directory, race, frames).path())) {
            for (int i = 0; i < settings.pick(1, 3, 3); i++) {
                play(session, directory, Player.Options.UNPACED, SystemTimer.SPINNING, settings);
            }
            final long[] due = due(session);
            return List.of(
                    row(
                            "spinning",
                            SPINNING_US,
                            play(session, directory, 1, SystemTimer.SPINNING, settings),
                            spin(due)),
                    row("asleep", ASLEEP_US, play(session, directory, 1, SystemTimer.ASLEEP, settings), park(due)));
        }
    }

    private static Row row(String how, double target, Errors ours, Errors bare) {
        return Row.judged(
                Row.format("frame times at %d Hz, %s, error of 99 %% at most (largest)", HZ, how),
                ours.toString(),
                bare + " bare wait",
                ours.p99() / bare.p99(),
                Row.format("<= %.0f us", target),
                ours.p99() <= target);
    }

    /** When the frames are due, ns after the first. */
    private static long[] due(SessionReader session) {
        final long[] due = new long[(int) session.frameCount()];
        try (FrameCursor cursor = session.frames()) {
            for (int i = 0; i < due.length && cursor.next(); i++) {
                due[i] = cursor.timestamp() - session.startNs();
            }
        }
        return due;
    }

    private static Errors play(
            SessionReader session, Path directory, double speed, SystemTimer timer, Settings settings)
            throws IOException {
        final BlockName block = new BlockName.MappedFile(directory.resolve("played"));
        final int length = session.info().blockBytes();
        try (FrameSink into =
                        BlockSink.open(block, session.format(), length, true).removedAtEnd();
                TimedSink sink = new TimedSink(into, (int) session.frameCount())) {
            final Player player = new Player(
                    session, sink, new Player.Options(speed, 0, Long.MAX_VALUE, false).timed(TimingPolicy.KEEP, timer));
            player.run(() -> false);
            final PlaybackState state = player.state();
            if (state.played() != session.frameCount() || state.damaged() != 0) {
                throw new IOException(state.played() + " of " + session.frameCount() + " frames played");
            }
            if (speed != Player.Options.UNPACED) {
                settings.say(
                        "%s: by the player's own count %.1f us (%.0f us)",
                        timer, state.lateP99Ns() / 1e3, state.lateMaxNs() / 1e3);
            }
            return sink.errors();
        }
    }

    private static Errors spin(long[] due) {
        final long[] offsets = new long[due.length];
        final long start = System.nanoTime();
        for (int i = 0; i < due.length; i++) {
            long late = System.nanoTime() - start - due[i];
            while (late < 0) {
                Thread.onSpinWait();
                late = System.nanoTime() - start - due[i];
            }
            offsets[i] = late;
        }
        return Errors.of(offsets);
    }

    private static Errors park(long[] due) {
        final long[] offsets = new long[due.length];
        final long start = System.nanoTime();
        for (int i = 0; i < due.length; i++) {
            long late = System.nanoTime() - start - due[i];
            while (late < 0) {
                LockSupport.parkNanos(-late);
                late = System.nanoTime() - start - due[i];
            }
            offsets[i] = late;
        }
        return Errors.of(offsets);
    }

    /**
     * How far from their times things happened.
     *
     * @param p99 what 99 of 100 do not exceed, us.
     * @param most of all, us.
     */
    private record Errors(double p99, double most) {
        /** From the clock less the time when each was due: nothing happens early, so the least of these is in time. */
        static Errors of(long[] offsets) {
            final long[] sorted = offsets.clone();
            Arrays.sort(sorted);
            final int p99 = (sorted.length * 99 + 99) / 100 - 1;
            return new Errors((sorted[p99] - sorted[0]) / 1e3, (sorted[sorted.length - 1] - sorted[0]) / 1e3);
        }

        @Override
        public String toString() {
            return Row.format("%.1f us (%.0f us)", p99, most);
        }
    }

    /** Looks at the clock when a frame is in the block. */
    private static final class TimedSink implements FrameSink {
        private final FrameSink into;
        private final long[] offsets;
        private int count;

        TimedSink(FrameSink into, int frames) {
            this.into = into;
            this.offsets = new long[frames];
        }

        @Override
        public void onFrame(FrameCursor cursor, long timestampNs) {
            into.onFrame(cursor, timestampNs);
            offsets[count++] = System.nanoTime() - timestampNs;
        }

        Errors errors() {
            return Errors.of(offsets);
        }

        @Override
        public void close() {
            // The sink within is its opener's to close.
        }
    }
}
