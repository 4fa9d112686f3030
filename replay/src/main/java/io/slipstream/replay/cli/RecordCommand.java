package io.slipstream.replay.cli;

import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
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
                        + " path; of a recording in parts each line is one.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream record                        # the game that runs, or the next that starts, until Ctrl-C",
            "  slipstream record --block my-race --into sessions --for 20s",
            "  slipstream record --block 'wine:$pcars2$'  # also qt:KEY, systemv:KEY, windows:NAME",
            "  slipstream record --name 'Rainy test' --meta setup=wet --pre 30s",
            "  slipstream record --split-time 10m --quota 20GB --quota-oldest",
            "",
            "On a terminal: m marks this moment, s saves the last 120 s into a session of its own, q ends.",
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
    private BridgeOptions options;

    @Mixin
    private SessionOptions session;

    @Mixin
    private PartOptions parts;

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
            names = "--pre",
            paramLabel = "TIME",
            description =
                    "Begin this much in the past, as far as the live queue has it: what another process bridges, or"
                            + " bridged a moment ago.")
    private Duration before = Duration.ZERO;

    @Override
    public Integer call() throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        final RecordingPlan plan = options.keepingFree(parts.apply(session.plan()));
        final BooleanSupplier stop = Termination.onRequest();
        try (LiveBridge bridge = new LiveBridge(options.context(), options.live(), options.bounds());
                Recording recording = new Recording(bridge, plan, before)) {
            err.println((bridge.samples() ? "waiting for " : "joining the bridge that samples ")
                    + options.block().source().describe());
            err.flush();
            final RecordingReport report = new RecordingReport(recording, spec.commandLine());
            try {
                run(recording, stop, err);
                recording.finish();
            } catch (IOException | RuntimeException | Error e) {
                report.afterFailure(e);
                throw e;
            }
            return report.print();
        }
    }

    private void run(Recording recording, BooleanSupplier stop, PrintWriter err) throws IOException {
        final Recorder recorder = recording.recorder();
        final ProgressLine progress = new ProgressLine(err);
        final Duration patience = wait != null ? wait : duration != null ? DEFAULT_WAIT : null;
        final long started = System.nanoTime();
        long firstFrame = 0;
        try (BridgeKeys keys =
                new BridgeKeys(recording.bridge(), () -> options.keepingFree(session.plan()), progress, err)) {
            while (!stop.getAsBoolean() && !keys.doWork()) {
                final int count = recording.doWork();
                final long now = System.nanoTime();
                if (recorder.ended() != null || recording.bridge().isDiskFull()) {
                    break;
                }
                if (recorder.frames() > 0) {
                    if (firstFrame == 0) {
                        firstFrame = now;
                        begin(recording, err);
                    }
                    if (duration != null && isOver(recorder, now - firstFrame)) {
                        break;
                    }
                    progress.update(() -> line(recorder));
                } else if (patience != null && now - started > patience.toNanos()) {
                    break;
                }
                if (count == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        } finally {
            progress.clear();
        }
    }

    private void begin(Recording recording, PrintWriter err) {
        err.println("recording " + recording.recorder().session().path());
        if (!before.isZero()) {
            err.println("beginning at " + Moments.time(recording.past().keyframeNs())
                    + (recording.past().reaches() ? "" : ": the live queue does not reach back further"));
        }
        err.flush();
    }

    private boolean isOver(Recorder recorder, long elapsedNs) {
        // By the frames' own time; by the clock where no more frames come.
        return recorder.durationNs() >= duration.toNanos() + before.toNanos()
                || elapsedNs > duration.toNanos() + GRACE_NS;
    }

    private static String line(Recorder recorder) {
        final String text = line(recorder.info());
        return recorder.partCount() > 1 ? "part " + recorder.partCount() + "  " + text : text;
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
}
