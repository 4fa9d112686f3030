package io.slipstream.replay.cli;

import io.slipstream.telemetry.bridge.BridgeStatistics;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
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
        name = "bridge",
        mixinStandardHelpOptions = true,
        description =
                "Samples a game's block into its live queue and records no session, so that 'save' can keep the past when"
                        + " something happened, and programs of your own can subscribe.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream bridge                          # the game that runs, or the next that starts, until Ctrl-C",
            "  slipstream save --last 120s                # in another terminal, when something happened",
            "  slipstream mark 'lost the rear'",
            "  slipstream bridge --block my-race --keep 2h --keep-size 4GiB",
            "",
            "On a terminal: m marks this moment, s saves the last 120 s, q ends."
        })
final class BridgeCommand implements Callable<Integer> {
    private static final long IDLE_NS = 20_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BridgeOptions options;

    @Mixin
    private SessionOptions saved;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time. Without it: until Ctrl-C.")
    private Duration duration;

    @Override
    public Integer call() throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        // A mistake in what is said of the sessions is told now.
        saved.plan();
        final BooleanSupplier stop = Termination.onRequest();
        final LiveDirectory live = options.live();
        try (LiveBridge bridge = new LiveBridge(options.context(), live, options.bounds())) {
            if (!bridge.samplesSoon()) {
                throw new CommandFailure("another process bridges into " + live.path()
                        + " already: 'save', 'mark' and 'record' work beside it");
            }
            err.println("bridging " + options.block().source().describe() + " into " + live.path()
                    + ", which keeps the last "
                    + Texts.clock(options.bounds().age().toMillis() / 1e3) + ", at most "
                    + Texts.bytes(options.bounds().bytes()));
            err.flush();
            bridge.start();
            final boolean full = run(bridge, stop, err);
            bridge.stop();
            bridge.check();
            if (full) {
                err.println(
                        "stopped: the disk of " + live.path() + " has less room than is to be kept free (--keep-free)");
                err.flush();
            }
            return full ? Slipstream.WITH_LOSS : 0;
        }
    }

    /** True if the disk is full. */
    private boolean run(LiveBridge bridge, BooleanSupplier stop, PrintWriter err) throws IOException {
        final ProgressLine progress = new ProgressLine(err);
        final long started = System.nanoTime();
        try (BridgeKeys keys = new BridgeKeys(bridge, () -> options.keepingFree(saved.plan()), progress, err)) {
            while (!stop.getAsBoolean() && !keys.doWork()) {
                bridge.doWork();
                if (bridge.isDiskFull()) {
                    return true;
                }
                if (duration != null && System.nanoTime() - started > duration.toNanos()) {
                    break;
                }
                progress.update(() -> line(bridge.statistics(), System.nanoTime() - started));
                LockSupport.parkNanos(IDLE_NS);
            }
        } finally {
            progress.clear();
        }
        return false;
    }

    private static String line(BridgeStatistics statistics, long elapsedNs) {
        return String.format(
                Locale.ROOT,
                "%s  %s  %,d frames  %,d missed",
                Texts.clock(elapsedNs / 1e9),
                statistics.attached() ? "sampling" : "waiting for the game",
                statistics.frames(),
                statistics.missed());
    }
}
