package io.slipstream.replay.cli;

import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description =
                "Samples a game's block and records it as a session. The last line on standard output is the session's"
                        + " path.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream record                        # the game that runs, or the next that starts, until Ctrl-C",
            "  slipstream record --block my-race --into sessions --for 20s",
            "  slipstream record --block 'wine:$pcars2$'  # also qt:KEY, systemv:KEY, windows:NAME",
            "",
            "What the bridge samples is also published in a live queue, for tail and for programs of your own:",
            "  slipstream tail ~/.local/share/slipstream/live/my-race --type CarState"
        })
final class RecordCommand implements Callable<Integer> {
    private static final long IDLE_NS = 2_000_000;
    private static final long GRACE_NS = 500_000_000;
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockOptions block;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path into = Places.sessions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long from the first frame on, as 20s or 2h. Without it: until Ctrl-C.")
    private Duration duration;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "Give up if no frame has come after this time (default: 60s with --for, else never).")
    private Duration wait;

    @Option(
            names = "--live",
            paramLabel = "DIR",
            description = "The live queue (default: ~/.local/share/slipstream/live/BLOCK).")
    private Path live;

    @Option(
            names = "--behind-copy",
            description = "The block is a copy that another program makes (some Proton bridges do): accept a frame only"
                    + " when two snapshots agree.")
    private boolean behindCopy;

    @Option(names = "--spin", description = "Never sleep between looks: the best time stamps, for one whole core.")
    private boolean spin;

    @Option(names = "--cpu", paramLabel = "N", description = "Pin the sampling thread to this processor.")
    private int cpu = -1;

    @Override
    public Integer call() throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        final BooleanSupplier stop = Termination.onRequest();
        final Path liveDirectory = live == null ? Places.live(block.name()) : live;
        final Bridge.Context bridge = new Bridge.Context()
                .format(block.format())
                .source(block.source())
                .behindCopy(behindCopy)
                .warmUp(true)
                .spin(spin)
                .cpu(cpu);
        try (Recording recording = new Recording(bridge, liveDirectory, into)) {
            err.println((recording.samples() ? "waiting for " : "joining the bridge that samples ")
                    + block.source().describe());
            err.flush();
            run(recording, stop, err);
            recording.finish();
            return report(recording.recorder(), err);
        }
    }

    private void run(Recording recording, BooleanSupplier stop, PrintWriter err) throws IOException {
        final Recorder recorder = recording.recorder();
        final ProgressLine progress = new ProgressLine(err);
        final Duration patience = wait != null ? wait : duration != null ? DEFAULT_WAIT : null;
        final long started = System.nanoTime();
        long firstFrame = 0;
        while (!stop.getAsBoolean()) {
            final int count = recording.doWork();
            final long now = System.nanoTime();
            if (recorder.frames() > 0) {
                if (firstFrame == 0) {
                    firstFrame = now;
                    err.println("recording " + recorder.session().path());
                }
                if (duration != null && isOver(recorder, now - firstFrame)) {
                    break;
                }
                progress.update(() -> line(recorder.info()));
            } else if (patience != null && now - started > patience.toNanos()) {
                break;
            }
            if (count == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
        progress.clear();
    }

    private boolean isOver(Recorder recorder, long elapsedNs) {
        // By the frames' own time; by the clock where no more frames come.
        return recorder.durationNs() >= duration.toNanos() || elapsedNs > duration.toNanos() + GRACE_NS;
    }

    static String line(SessionInfo info) {
        final List<SessionInfo.Lap> laps = info.laps();
        final String lap = laps.isEmpty()
                ? ""
                : "  lap " + laps.getLast().lap() + " "
                        + Texts.lapTime(laps.getLast().time());
        return String.format(
                Locale.ROOT,
                "%s  %,d frames  %.1f Hz  %d missed%s",
                Texts.clock(info.durationSeconds()),
                info.frames(),
                info.rateHz(),
                info.missed(),
                lap);
    }

    private int report(Recorder recorder, PrintWriter err) throws IOException {
        final SessionDirectory session = recorder.session();
        if (session == null) {
            throw new CommandFailure(
                    "no frame came, nothing was recorded: is the game running, with shared memory set to Project CARS 2?"
                            + " 'slipstream doctor' looks for it");
        }
        err.println(line(session.read()));
        err.flush();
        spec.commandLine().getOut().println(session.path());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
