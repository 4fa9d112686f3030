package io.slipstream.tests.bench;

import io.slipstream.telemetry.simulator.Simulator;
import java.nio.file.Path;

/** The process that plays the game: writes a race into a block until its standard input ends. */
final class SimulatorProcess {
    private static volatile boolean running = true;

    private SimulatorProcess() {}

    public static void main(String[] arguments) throws Exception {
        ChildJvm.onParentGone(() -> running = false);
        final int cars = Integer.parseInt(arguments[1]);
        final int hz = Integer.parseInt(arguments[2]);
        try (Simulator simulator = new Simulator(SimulatedFrames.config(Path.of(arguments[0]), cars, hz))) {
            System.out.println("ready");
            simulator.run(() -> running, (frames, late, lap, position) -> {});
            System.out.println(simulator.frames() + " " + simulator.lateFrames());
        }
    }
}
