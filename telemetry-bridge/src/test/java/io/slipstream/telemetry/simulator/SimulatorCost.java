package io.slipstream.telemetry.simulator;

import io.slipstream.memory.BlockName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Prints what a frame costs: 64 cars at 1000 Hz, stepped as fast as they go. Not a test: it measures. */
final class SimulatorCost {
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 50_000;

    private SimulatorCost() {}

    public static void main(final String[] args) throws IOException {
        final Path folder = Files.createTempDirectory("slipstream-cost");
        for (final int cars : new int[] {1, 24, 64}) {
            final Simulator.Config config = new Simulator.Config(
                    new BlockName.MappedFile(folder.resolve("block")),
                    Circuit.GRAND_PRIX,
                    cars,
                    1_000,
                    1,
                    Duration.ZERO,
                    true);
            try (Simulator simulator = new Simulator(config)) {
                write(simulator, WARM_UP);
                final long before = System.nanoTime();
                write(simulator, MEASURED);
                final double microseconds = (System.nanoTime() - before) / 1e3 / MEASURED;
                System.out.printf("%2d cars at 1000 Hz: %.1f us a frame%n", cars, microseconds);
            }
        }
        Files.delete(folder);
    }

    private static void write(final Simulator simulator, final int frames) {
        for (int i = 0; i < frames; i++) {
            simulator.writeFrame();
        }
    }
}
