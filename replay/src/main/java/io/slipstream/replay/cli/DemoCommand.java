package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.ScratchDirectory;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.simulator.Circuit;
import io.slipstream.telemetry.simulator.Simulator;
import io.slipstream.telemetry.source.NamedSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Simulates a race, records it, plays it back, and checks every frame on the way. Takes under a minute.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipstream demo", "  slipstream demo --for 20s --cars 64"})
final class DemoCommand implements Callable<Integer> {
    private static final int HZ = 165;
    private static final long SEED = 1;
    private static final long IDLE_NS = 2_000_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "37s",
            description = "How long to record (default: ${DEFAULT-VALUE}, two laps).")
    private Duration duration;

    @Option(names = "--cars", defaultValue = "24", description = "1 to 64 (default: ${DEFAULT-VALUE}).")
    private int cars;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path into = Places.sessions();

    private final BlockFormat format = GameFormats.load("pcars2");

    @Override
    public Integer call() throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        final PrintWriter out = spec.commandLine().getOut();
        final BooleanSupplier stop = Termination.onRequest();
        final String name = "slipstream-demo-" + ProcessHandle.current().pid();
        try (ScratchDirectory scratch = ScratchDirectory.create("slipstream-demo")) {
            err.println("1/3  a race of " + cars + " cars is simulated at " + HZ + " Hz and recorded ...");
            err.flush();
            final Path session = record(BlockNames.of(name), scratch.path().resolve("live"), stop, err);
            if (stop.getAsBoolean()) {
                return 1;
            }
            err.println("2/3  it is played back into another block, and every frame there compared with the race ...");
            err.flush();
            try (SessionReader reader = SessionReader.open(session)) {
                final FrameComparison comparison = replay(reader, name, scratch.path());
                err.println("3/3  done");
                err.println();
                err.flush();
                report(out, reader, comparison);
                return comparison.allEqual()
                                && comparison.compared() == reader.info().frames()
                        ? 0
                        : 1;
            }
        } finally {
            MappedBlock.remove(BlockNames.of(name));
            MappedBlock.remove(BlockNames.of(name + "-copy"));
        }
    }

    private Path record(BlockName block, Path live, BooleanSupplier stop, PrintWriter err) throws IOException {
        final Bridge.Context bridge = new Bridge.Context()
                .format(format)
                .source(new NamedSource(block, format.lengths().firstEntry().getValue()))
                .warmUp(true);
        final AtomicBoolean ended = new AtomicBoolean();
        try (Simulator simulator = simulator(block);
                Recording recording = new Recording(bridge, live, into)) {
            final Thread race = new Thread(
                    () -> simulator.run(
                            () -> !ended.get() && !stop.getAsBoolean(), (frames, late, lap, position) -> {}),
                    "race");
            race.start();
            try {
                final Recorder recorder = recording.recorder();
                final ProgressLine progress = new ProgressLine(err);
                while (!stop.getAsBoolean() && recorder.durationNs() < duration.toNanos()) {
                    if (recording.doWork() == 0) {
                        LockSupport.parkNanos(IDLE_NS);
                    }
                    if (recorder.frames() > 0) {
                        progress.update(() -> "     " + RecordCommand.line(recorder.info()));
                    }
                }
                recording.finish();
                progress.clear();
                return recorder.session().path();
            } finally {
                ended.set(true);
                join(race);
            }
        }
    }

    private Simulator simulator(BlockName block) throws IOException {
        return new Simulator(new Simulator.Config(block, Circuit.CLUB, cars, HZ, SEED, Duration.ZERO, true));
    }

    /** The same race is run a second time, which gives the same frames, to compare the replayed ones with. */
    private FrameComparison replay(SessionReader reader, String name, Path scratch) throws IOException {
        final SessionInfo info = reader.info();
        final BlockName copy = BlockNames.of(name + "-copy");
        final BlockName raceAgain = new BlockName.MappedFile(scratch.resolve("race-again"));
        try (Simulator again = simulator(raceAgain);
                BlockSink sink = BlockSink.open(copy, format, info.blockBytes(), info.synthetic());
                FrameComparison comparison = new FrameComparison(sink, copy, again, raceAgain, format)) {
            new Player(reader, comparison, new Player.Options(Player.Options.UNPACED, 0, Long.MAX_VALUE, false))
                    .run(() -> false);
            return comparison;
        }
    }

    private static void report(PrintWriter out, SessionReader reader, FrameComparison comparison) {
        final SessionInfo info = reader.info();
        InfoCommand.print(out, info);
        out.printf(
                Locale.ROOT,
                "  %-9s %,d of %,d frames byte for byte as the race wrote them%s%n",
                "replayed",
                comparison.equal(),
                info.frames(),
                comparison.allEqual() ? "" : "; FIRST DIFFERENCE: " + comparison.firstDifference());
        out.printf(Locale.ROOT, "  %-9s %s%n", "session", reader.path());
        out.println();
        out.println("Next:  slipstream replay " + reader.path());
        out.println("       slipstream tail " + reader.path() + " --from start --type LapCompleted");
        out.flush();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
