package io.slipstream.telemetry.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorTest {
    private final BlockFormat format = GameFormats.load("pcars2");

    @TempDir
    private Path folder;

    private BlockName block(final String name) {
        return new BlockName.MappedFile(folder.resolve(name));
    }

    private Simulator.Config config(final String name, final int hz, final Duration duration) {
        return new Simulator.Config(block(name), Circuit.CLUB, 8, hz, 3, duration, true);
    }

    private double raw(final MappedBlock block, final String path) {
        return format.field(path).raw(block.buffer(), 0);
    }

    @Test
    void shouldMarkTheBlockSyntheticAndShowTheGridAtOnce() throws IOException {
        final Simulator.Config config = config("grid", 60, Duration.ZERO);
        try (Simulator simulator = new Simulator(config);
                MappedBlock block = MappedBlock.openReadOnly(config.block())) {
            assertThat(BlockTrailer.synthetic(block.buffer()))
                    .as("marked as synthetic")
                    .isTrue();
            assertThat(BlockTrailer.replay(block.buffer())).isFalse();
            assertThat(BlockTrailer.writerAlive(block.buffer())).isTrue();
            assertThat(raw(block, "mVersion")).isEqualTo(14);
            assertThat(raw(block, "mGameState")).isEqualTo(2);
            assertThat(raw(block, "mSequenceNumber")).isEqualTo(2);
            assertThat(simulator.frames()).isZero();
        }
    }

    @Test
    void shouldMoveTheSequenceByTwoAFrame() throws IOException {
        final Simulator.Config config = config("sequence", 1_000, Duration.ZERO);
        try (Simulator simulator = new Simulator(config);
                MappedBlock block = MappedBlock.openReadOnly(config.block())) {
            for (int frame = 1; frame <= 500; frame++) {
                assertThat(simulator.writeFrame()).isTrue();
                assertThat(raw(block, "mSequenceNumber")).isEqualTo(2.0 + 2 * frame);
            }
            assertThat(simulator.frames()).isEqualTo(500);
        }
    }

    @Test
    void shouldWriteTheSameBlockForTheSameSeed() throws IOException {
        final Simulator.Config first = config("first", 165, Duration.ZERO);
        final Simulator.Config second = config("second", 165, Duration.ZERO);
        try (Simulator one = new Simulator(first);
                Simulator two = new Simulator(second)) {
            for (int frame = 0; frame < 3_000; frame++) {
                one.writeFrame();
                two.writeFrame();
            }
            final int mismatch = Arrays.mismatch(
                    Files.readAllBytes(folder.resolve("first")), Files.readAllBytes(folder.resolve("second")));
            assertThat(mismatch).as("first byte that differs").isEqualTo(-1);
        }
    }

    @Test
    void shouldWriteAsManyFramesAsTheDurationHoldsAndThenExit() throws IOException {
        final Simulator.Config config = config("paced", 500, Duration.ofMillis(200));
        try (Simulator simulator = new Simulator(config);
                MappedBlock block = MappedBlock.openReadOnly(config.block())) {
            simulator.run(() -> true, (frames, late, lap, position) -> {});
            assertThat(simulator.frames()).isEqualTo(100);
            assertThat(raw(block, "mGameState")).as("the game has exited").isZero();
            assertThat(raw(block, "mSequenceNumber")).isEqualTo(2 + 2 * 100 + 2.0);
        }
    }

    @Test
    void shouldStopWhenTold() throws IOException {
        final Simulator.Config config = config("stopped", 1_000, Duration.ZERO);
        try (Simulator simulator = new Simulator(config)) {
            simulator.run(() -> simulator.frames() < 25, (frames, late, lap, position) -> {});
            assertThat(simulator.frames()).isEqualTo(25);
        }
    }

    @Test
    void shouldRemoveItsBlockOrLeaveItSignedOff() throws IOException {
        final Simulator.Config removed = config("removed", 60, Duration.ZERO);
        new Simulator(removed).close();
        assertThat(folder.resolve("removed")).doesNotExist();

        final BlockName kept = block("kept");
        final Simulator simulator =
                new Simulator(new Simulator.Config(kept, Circuit.CLUB, 2, 60, 1, Duration.ZERO, false));
        simulator.close();
        simulator.close();
        try (MappedBlock block = MappedBlock.openReadOnly(kept)) {
            assertThat(BlockTrailer.writerAlive(block.buffer())).isFalse();
            assertThat(BlockTrailer.synthetic(block.buffer()))
                    .as("still says that its frame was made up")
                    .isTrue();
            assertThat(raw(block, "mGameState")).isZero();
        }
    }

    @Test
    void shouldRefuseABlockThatAnotherWrites() throws IOException {
        final Simulator.Config config = config("taken", 60, Duration.ZERO);
        try (Simulator simulator = new Simulator(config)) {
            assertThatThrownBy(() -> new Simulator(config).close())
                    .isInstanceOf(SharedMemoryException.class)
                    .hasMessageContaining("taken")
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(simulator.writeFrame()).isTrue();
        }
    }

    @Test
    void shouldFollowARaceWithAnother() throws IOException {
        final Simulator.Config config =
                new Simulator.Config(block("races"), Circuit.GRAND_PRIX, 1, 60, 1, Duration.ZERO, true);
        try (Simulator simulator = new Simulator(config);
                MappedBlock block = MappedBlock.openReadOnly(config.block())) {
            boolean finished = false;
            while (raw(block, "mGameState") == 2) {
                simulator.writeFrame();
                finished |= raw(block, "mRaceState") == 3;
                assertThat(simulator.frames())
                        .as("frames of a race without end")
                        .isLessThan(60 * 3_600);
            }
            assertThat(finished).as("a chequered flag before the restart").isTrue();
            assertThat(raw(block, "mGameState")).as("restarting").isEqualTo(5);
            assertThat(raw(block, "mParticipantInfo[0].mLapsCompleted")).isZero();
            assertThat(raw(block, "mLastLapTime")).isEqualTo(-1);
            simulator.writeFrame();
            assertThat(raw(block, "mGameState")).isEqualTo(2);
        }
    }

    @Test
    void shouldNameTheNumberThatIsOutOfRange() {
        final BlockName never = block("never");
        assertThatThrownBy(() -> new Simulator.Config(never, Circuit.CLUB, 65, 60, 1, Duration.ZERO, true))
                .hasMessageContaining("cars: 65");
        assertThatThrownBy(() -> new Simulator.Config(never, Circuit.CLUB, 1, 59, 1, Duration.ZERO, true))
                .hasMessageContaining("hz: 59");
        assertThatThrownBy(() -> new Simulator.Config(never, Circuit.CLUB, 1, 60, 1, Duration.ofSeconds(-1), true))
                .hasMessageContaining("duration");
    }
}
