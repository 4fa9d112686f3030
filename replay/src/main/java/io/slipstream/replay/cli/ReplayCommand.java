package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.replay.control.ControlServer;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FanOut;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.QueueSink;
import io.slipstream.replay.player.SystemTimer;
import io.slipstream.replay.player.TimingPolicy;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Plays a session into a block, as the game wrote it, into a live queue, or both. In a terminal, keys"
                        + " control it: ? lists them.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream replay sessions/NAME --block my-copy --speed 1",
            "  slipstream replay sessions/NAME --block '$pcars2$'        # for overlays that know the game's name alone",
            "  slipstream replay sessions/NAME --block qt:MyKey          # for a program with QSharedMemory(\"MyKey\")",
            "  slipstream replay sessions/NAME --queue live --unpaced",
            "  slipstream replay sessions/NAME --block my-copy --queue live --exclude Standings",
            "  slipstream replay sessions/NAME --from 1m30s --for 10s --loop",
            "  slipstream replay sessions/NAME --control --hold --paused",
            "",
            "Keys:",
            "  space pause; left, right 5 s back, on; shift+left, shift+right 60 s; up, down next, previous lap;",
            "  m, n next, previous marker; . , one frame on, back; + - faster, slower; = normal speed;",
            "  [ ] loop from, to here; \\ no loop; home, end; q quit",
            "",
            "The same from a program or a page, with --control (the printed URL has the token that every request needs):",
            "  curl \"$URL\"                                               # http://127.0.0.1:PORT/playback?token=...",
            "  curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\",
            "       -d '{\"lap\": 3}' http://127.0.0.1:PORT/playback/seek",
            "  POST /playback/pause, resume, stop; step {\"frames\": 1}; seek {\"time\"|\"by\"|\"lap\"|\"marker\"|\"frame\": N};",
            "       speed {\"speed\": 2}; loop {\"from\": 10, \"to\": 20}, {\"whole\": true} or {\"off\": true}",
            "  GET  /playback, /playback/events (server-sent), /session"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final String DEFAULT_BLOCK = "slipstream-replay";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(
            names = "--block",
            paramLabel = "BLOCK",
            description = "The block: " + BlockNames.EXPLAINED + ", default: " + DEFAULT_BLOCK + " without --queue. One"
                    + " that something else writes is refused; those of Qt, Windows and Wine are there until the"
                    + " playback ends.")
    private String block;

    @Option(names = "--remove", description = "Remove the block at the end, as when a game exits.")
    private boolean remove;

    @Mixin
    private ReplayQueueOptions queue;

    @ArgGroup(multiplicity = "0..1")
    private Pace pace = new Pace();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "Start here, after the session's start.")
    private Duration from;

    @ArgGroup(multiplicity = "0..1")
    private End end = new End();

    @Option(names = "--loop", description = "Begin again at the end, until Ctrl-C.")
    private boolean loop;

    @Option(
            names = "--loop-region",
            paramLabel = "A..B",
            converter = LoopRegions.class,
            description = "Play this part over and over, as 10s..25.5s after the session's start.")
    private LoopRegion region;

    @Option(names = "--paused", description = "Show the first frame, and wait for a key or a command.")
    private boolean paused;

    @Option(names = "--hold", description = "At the end, wait for a key or a command; Ctrl-C ends it.")
    private boolean hold;

    @Option(
            names = "--late",
            paramLabel = "keep|drop",
            defaultValue = "keep",
            description = "Frames that are late because something stalled: keep plays them all, at once until it is in"
                    + " time again, and later by the stall if that was more than a second; drop leaves out what is late"
                    + " by more than one frame. Default: ${DEFAULT-VALUE}.")
    private TimingPolicy late;

    @Option(names = "--spin", description = "Never sleep between frames: the best timing, for one whole core.")
    private boolean spin;

    @Option(
            names = "--control",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = "0",
            converter = Port.class,
            description = "Take commands over HTTP from this machine, on this port, or on any free one; see below.")
    private Integer control;

    @Option(names = "--no-keys", description = "Leave the terminal's keyboard alone.")
    private boolean noKeys;

    /** How fast. */
    static final class Pace {
        @Option(
                names = "--speed",
                paramLabel = "X",
                defaultValue = "1",
                description = "Times the recording's own speed, from 0.000001 on (default: ${DEFAULT-VALUE}).")
        private double speed = 1;

        @Option(names = "--unpaced", description = "As fast as the target takes frames.")
        private boolean unpaced;
    }

    /** Until when. */
    static final class End {
        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "Play this much of the session; a frame just then is the last.")
        private Duration duration;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                description = "Play up to here, after the session's start; a frame just then is the last.")
        private Duration to;
    }

    /** A port; what stands behind the option and is none is most likely the session. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 0xFFFF) {
                throw new TypeConversionException(
                        "'" + text + "' is no port: write --control=PORT, or put --control behind SESSION");
            }
            return Integer.valueOf(text);
        }
    }

    @Override
    public Integer call() throws IOException {
        final BooleanSupplier stop = Termination.onRequest();
        try (SessionReader reader = SessionReader.open(session)) {
            final Player.Options options = options(reader);
            final QueueSink.Options queueOptions = queue.options();
            checkUsage(reader);
            try (FrameSink sink = open(reader, queueOptions)) {
                return play(new Player(reader, sink, options), reader, stop);
            }
        }
    }

    private ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Refuses, before anything is opened, what cannot be meant. */
    private void checkUsage(SessionReader reader) throws IOException {
        if (remove && block == null && queue.directory() != null) {
            throw mistake("--remove removes the block at the end, and with --queue alone there is none: give --block"
                    + " as well");
        }
        if (loop && region != null) {
            throw mistake("--loop plays all over and over, --loop-region a part of it: give one of them");
        }
        if (region != null && !hasFrame(reader, region)) {
            throw mistake("--loop-region: no frame of what is played is in it: give a longer one");
        }
        if (queue.directory() != null) {
            queue.checkDirectory();
        }
    }

    private boolean hasFrame(SessionReader reader, LoopRegion wanted) {
        final long length = forNs();
        final long end = length > Long.MAX_VALUE - from.toNanos() ? Long.MAX_VALUE : from.toNanos() + length;
        if (wanted.fromNs() > end) {
            return false;
        }
        try (FrameCursor frames = reader.frames()) {
            frames.toTime(reader.startNs() + Math.max(from.toNanos(), wanted.fromNs()));
            return frames.next() && frames.timestamp() - reader.startNs() <= Math.min(end, wanted.toNs());
        }
    }

    private long forNs() {
        final Duration length = end.to == null ? end.duration : end.to.minus(from);
        return length == null ? Long.MAX_VALUE : length.toNanos();
    }

    private Player.Options options(SessionReader reader) {
        final SessionInfo info = reader.info();
        if (info.frames() == 0) {
            throw new CommandFailure(session + " holds no frame");
        }
        final double speed = pace.unpaced ? Player.Options.UNPACED : pace.speed;
        if (!(speed >= Player.Options.SLOWEST)) {
            throw mistake("--speed " + pace.speed + ": give a number from 0.000001 on");
        }
        if (from.toNanos() > info.durationSeconds() * 1e9) {
            throw mistake("--from " + from.toSeconds() + "s is behind the session's end at "
                    + Texts.clock(info.durationSeconds()));
        }
        if (end.to != null && end.to.compareTo(from) < 0) {
            throw mistake("--to " + Texts.duration(end.to) + " is before --from " + Texts.duration(from));
        }
        return new Player.Options(speed, from.toNanos(), forNs(), loop)
                .waiting(paused, hold)
                .timed(late, spin ? SystemTimer.SPINNING : SystemTimer.ASLEEP);
    }

    private FrameSink open(SessionReader reader, QueueSink.Options queueOptions) throws IOException {
        final SessionInfo info = reader.info();
        final FrameSink blockSink = block == null && queue.directory() != null ? null : openBlock(reader);
        if (queue.directory() == null) {
            return blockSink;
        }
        final QueueSink queueSink;
        try {
            queueSink = new QueueSink(
                    queue.directory(), reader.format(), session.toString(), info.synthetic(), queueOptions);
        } catch (RuntimeException e) {
            if (blockSink != null) {
                blockSink.close();
            }
            throw e;
        }
        say("playing into the queue " + queue.directory());
        return blockSink == null ? queueSink : new FanOut(List.of(blockSink, queueSink));
    }

    private BlockSink openBlock(SessionReader reader) throws IOException {
        final SessionInfo info = reader.info();
        final BlockName name = BlockNames.of(block == null ? DEFAULT_BLOCK : block);
        final BlockSink sink = BlockSink.open(name, reader.format(), info.blockBytes(), info.synthetic());
        say("playing into " + name);
        return remove ? sink.removedAtEnd() : sink;
    }

    private int play(Player player, SessionReader reader, BooleanSupplier stop) throws IOException {
        if (region != null) {
            try {
                player.loop(region);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--loop-region: " + e.getMessage(), e);
            }
        }
        try (ControlServer server = control == null ? null : ControlServer.start(player, reader, control);
                PlaybackScreen screen =
                        PlaybackScreen.open(player, reader, spec.commandLine().getErr(), !noKeys)) {
            if (server != null) {
                say("control " + server.url());
            }
            if (paused && server == null && !screen.hasKeys()) {
                throw new CommandFailure("--paused waits for a key or a command, and here is neither: run it in a"
                        + " terminal, or add --control");
            }
            player.run(stop);
            screen.report();
        }
        final PlaybackState state = player.state();
        return state.damaged() + state.dropped() == 0 ? 0 : Slipstream.WITH_LOSS;
    }

    private void say(String text) {
        final PrintWriter err = spec.commandLine().getErr();
        err.println(text);
        err.flush();
    }
}
