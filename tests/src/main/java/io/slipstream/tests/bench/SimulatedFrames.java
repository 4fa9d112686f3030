package io.slipstream.tests.bench;

import io.slipstream.memory.BlockName;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.simulator.Circuit;
import io.slipstream.telemetry.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames of a simulated race, as fast as they are asked for, stamped as if they came in time. */
final class SimulatedFrames implements Frames {
    /** A Saturday; any time would do. */
    static final long START_NS = 1_800_000_000_000_000_000L;

    private final Simulator simulator;
    private final MappedBlock mapping;
    private final int hz;
    private long frames;

    SimulatedFrames(Path block, int cars, int hz) throws IOException {
        this.hz = hz;
        simulator = new Simulator(config(block, cars, hz));
        mapping = MappedBlock.openReadOnly(new BlockName.MappedFile(block));
    }

    static Simulator.Config config(Path block, int cars, int hz) {
        return new Simulator.Config(new BlockName.MappedFile(block), Circuit.CLUB, cars, hz, 1, Duration.ZERO, true);
    }

    @Override
    public boolean next() {
        frames++;
        return simulator.writeFrame();
    }

    @Override
    public UnsafeBuffer block() {
        return mapping.buffer();
    }

    @Override
    public long timestampNs() {
        return START_NS + frames * 1_000_000_000L / hz;
    }

    @Override
    public void close() throws IOException {
        mapping.close();
        simulator.close();
    }
}
