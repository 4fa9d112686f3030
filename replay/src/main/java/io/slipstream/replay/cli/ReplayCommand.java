package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.QueueSink;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Plays a session into a block, as the game wrote it, or into a live queue.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream replay sessions/NAME --block my-copy --speed 1",
            "  slipstream replay sessions/NAME --block '$pcars2$'        # for overlays that know the game's name alone",
            "  slipstream replay sessions/NAME --block qt:MyKey          # for a program with QSharedMemory(\"MyKey\")",
            "  slipstream replay sessions/NAME --queue live --unpaced",
            "  slipstream replay sessions/NAME --from 1m30s --for 10s --loop"
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", description = "The session's directory.")
    private Path session;

    @ArgGroup(multiplicity = "0..1")
    private Target target = new Target();

    @ArgGroup(multiplicity = "0..1")
    private Pace pace = new Pace();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "Start here, after the session's start.")
    private Duration from;

    @Option(names = "--for", paramLabel = "TIME", description = "Play this much of the session.")
    private Duration duration;

    @Option(names = "--loop", description = "Begin again at the end, until Ctrl-C.")
    private boolean loop;

    @Option(names = "--remove", description = "Remove the block at the end, as when a game exits.")
    private boolean remove;

    /** Where to. */
    static final class Target {
        @Option(
                names = "--block",
                paramLabel = "BLOCK",
                defaultValue = "slipstream-replay",
                description = "The block: " + BlockNames.EXPLAINED
                        + ", default: ${DEFAULT-VALUE}. One that something else writes is"
                        + " refused; those of Qt, Windows and Wine are there until the playback ends.")
        private String block = "slipstream-replay";

        @Option(names = "--queue", paramLabel = "DIR", description = "A live queue: frames, typed state and events.")
        private Path queue;
    }

    /** How fast. */
    static final class Pace {
        @Option(
                names = "--speed",
                paramLabel = "X",
                defaultValue = "1",
                description = "Times the recording's own speed (default: ${DEFAULT-VALUE}).")
        private double speed = 1;

        @Option(names = "--unpaced", description = "As fast as the target takes frames.")
        private boolean unpaced;
    }

    @Override
    public Integer call() throws IOException {
        final BooleanSupplier stop = Termination.onRequest();
        final double speed = pace.unpaced ? Player.Options.UNPACED : pace.speed;
        if (!(speed > 0)) {
            throw new CommandFailure("--speed " + pace.speed + ": give a number above 0");
        }
        try (SessionReader reader = SessionReader.open(session)) {
            final SessionInfo info = reader.info();
            if (info.frames() == 0) {
                throw new CommandFailure(session + " holds no frame");
            }
            if (from.toNanos() > info.durationSeconds() * 1e9) {
                throw new CommandFailure("--from " + from.toSeconds() + "s is behind the session's end at "
                        + Texts.clock(info.durationSeconds()));
            }
            final Player.Options options = new Player.Options(
                    speed, from.toNanos(), duration == null ? Long.MAX_VALUE : duration.toNanos(), loop);
            try (FrameSink sink = open(info)) {
                return play(new Player(reader, sink, options), info, stop);
            }
        }
    }

    private FrameSink open(SessionInfo info) throws IOException {
        final BlockFormat format = GameFormats.load(info.format());
        final PrintWriter err = spec.commandLine().getErr();
        if (target.queue != null) {
            err.println("playing into the queue " + target.queue);
            err.flush();
            return new QueueSink(target.queue, format, session.toString(), info.synthetic());
        }
        final BlockName name = BlockNames.of(target.block);
        final BlockSink sink = BlockSink.open(name, format, info.blockBytes(), info.synthetic());
        err.println("playing into " + name);
        err.flush();
        return remove ? sink.removedAtEnd() : sink;
    }

    private int play(Player player, SessionInfo info, BooleanSupplier stop) {
        final PrintWriter err = spec.commandLine().getErr();
        final ProgressLine progress = new ProgressLine(err);
        final long start = System.nanoTime();
        final Thread reporter = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        progress.update(() -> line(player, info, start));
                        LockSupport.parkNanos(50_000_000);
                    }
                },
                "progress");
        reporter.setDaemon(true);
        reporter.start();
        try {
            player.run(stop);
        } finally {
            reporter.interrupt();
            join(reporter);
        }
        progress.clear();
        err.printf(
                Locale.ROOT,
                "played %,d frames in %.1f s%s%n",
                player.frames(),
                (System.nanoTime() - start) / 1e9,
                player.damaged() == 0 ? "" : String.format(Locale.ROOT, ", left %,d damaged out", player.damaged()));
        err.flush();
        return player.damaged() == 0 ? 0 : Slipstream.WITH_LOSS;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(Player player, SessionInfo info, long start) {
        final double position = player.positionNs() / 1e9;
        final long lap = info.laps().stream()
                .filter(l -> l.endedNs() - info.startedNs() <= player.positionNs())
                .count();
        return String.format(
                Locale.ROOT,
                "%s of %s  lap %d of %d  %,d frames  %,.0f a second",
                Texts.clock(position),
                Texts.clock(info.durationSeconds()),
                Math.min(lap + 1, info.laps().size() + 1),
                info.laps().size() + 1,
                player.frames(),
                player.frames() / ((System.nanoTime() - start) / 1e9));
    }
}
