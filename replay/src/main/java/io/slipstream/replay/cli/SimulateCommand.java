package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.telemetry.simulator.Circuit;
import io.slipstream.telemetry.simulator.Simulator;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description =
                "Writes a race that nobody drives into a block, as a game would. What is recorded from it is marked as"
                        + " synthetic.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream simulate --block my-race --hz 165 --seed 1 --for 30s",
            "  slipstream simulate --block my-race --track grand-prix --cars 64",
            "  slipstream simulate --block qt:MyKey                      # for a program with QSharedMemory(\"MyKey\")"
        })
final class SimulateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--block",
            paramLabel = "BLOCK",
            defaultValue = "slipstream-race",
            description =
                    "The block: " + BlockNames.EXPLAINED + ", default: ${DEFAULT-VALUE}. Those of Qt, Windows and Wine"
                            + " are there until the simulation ends.")
    private String block;

    @Option(
            names = "--track",
            paramLabel = "TRACK",
            defaultValue = "club",
            description = "club: 559 m, laps of 17 s; grand-prix: 4.3 km, laps of 92 s (default: ${DEFAULT-VALUE}).")
    private String track;

    @Option(names = "--cars", defaultValue = "24", description = "1 to 64 (default: ${DEFAULT-VALUE}).")
    private int cars;

    @Option(
            names = "--hz",
            paramLabel = "RATE",
            defaultValue = "165",
            description = "Frames a second, 60 to 1000 (default: ${DEFAULT-VALUE}).")
    private int hz;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "The same seed gives the same race, bit for bit (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--for", paramLabel = "TIME", description = "How long, as 30s or 5m. Without it: until Ctrl-C.")
    private Duration duration;

    @Option(names = "--remove", description = "Remove the block at the end, as when a game exits.")
    private boolean remove;

    @Override
    public Integer call() throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        final BooleanSupplier stop = Termination.onRequest();
        final BlockName name = BlockNames.of(block);
        final ProgressLine progress = new ProgressLine(err);
        try (Simulator simulator = new Simulator(new Simulator.Config(
                name, circuit(), cars, hz, seed, duration == null ? Duration.ZERO : duration, remove))) {
            err.println("simulating " + cars + " cars at " + hz + " Hz in " + name
                    + (duration == null ? "; Ctrl-C ends it" : ""));
            simulator.run(
                    () -> !stop.getAsBoolean(),
                    (frames, late, lap, position) -> progress.update(() -> String.format(
                            Locale.ROOT,
                            "%s  %,d frames  lap %d  position %d  %d late",
                            Texts.clock((double) frames / hz),
                            frames,
                            lap,
                            position,
                            late)));
            progress.clear();
            err.println("wrote " + Texts.count(simulator.frames()) + " frames, " + simulator.lateFrames()
                    + " of them late");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(e.getMessage());
        }
        return 0;
    }

    private Circuit circuit() {
        return Circuit.of(track);
    }
}
