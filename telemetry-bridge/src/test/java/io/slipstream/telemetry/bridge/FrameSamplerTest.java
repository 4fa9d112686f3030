package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind a program that copies the block: it may write anything at any time. */
class FrameSamplerTest {
    private static final int LENGTH = GameBlock.FORMAT.length(14);
    private static final int RPM = GameBlock.FORMAT.field("mRpm").offset();
    private static final int ENGINE_SPEED =
            GameBlock.FORMAT.field("mEngineSpeed").offset();
    private static final int BRAKE = GameBlock.FORMAT.field("mBrake").offset();

    /** More than a round of the copying program. */
    private static final long APART_NS = 1_500_000;

    @TempDir
    Path folder;

    private GameBlock copy;
    private FrameSampler sampler;
    private final UnsafeBuffer frame = GameBlock.aFrame(LENGTH, 14);
    private long now;

    @BeforeEach
    void open() throws IOException {
        copy = new GameBlock(folder.resolve("block"), 14);
        sampler = new FrameSampler(MappedBlock.openReadOnly(copy.name()), GameBlock.FORMAT, true);
    }

    @AfterEach
    void close() throws IOException {
        sampler.close();
        copy.close();
    }

    /** What the copying program does: a plain copy, sequence number and all. */
    private void copy(final int sequence) {
        frame.putInt(GameBlock.SEQUENCE, sequence);
        copy.live().putBytes(0, frame, 0, LENGTH);
    }

    private int sampleLater() {
        now += APART_NS;
        return sampler.sample(now);
    }

    @Test
    void shouldAcceptWhatTwoSnapshotsAgreeOn() {
        copy(2);
        assertThat(sampler.sample(now)).as("seen once").isEqualTo(FrameSampler.NOTHING);
        assertThat(sampler.sample(now + 1)).as("seen twice at once").isEqualTo(FrameSampler.NOTHING);
        assertThat(sampleLater()).as("seen twice").isEqualTo(FrameSampler.FRAME);
        assertThat(sampler.sequence()).isEqualTo(2);
        assertThat(sampler.length()).isEqualTo(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            assertThat(sampler.frame().getByte(i)).as("byte %d", i).isEqualTo(frame.getByte(i));
        }
        assertThat(sampleLater()).as("the same again").isEqualTo(FrameSampler.NOTHING);
        assertThat(sampler.takeRetries()).isZero();
    }

    @Test
    void shouldThrowAwayWhatChangedBetweenTwoSnapshots() {
        copy(2);
        assertThat(sampler.sample(now)).isEqualTo(FrameSampler.NOTHING);
        frame.putFloat(BRAKE, 0.5f);
        copy(2);
        assertThat(sampleLater()).as("changed in between").isEqualTo(FrameSampler.NOTHING);
        assertThat(sampleLater()).as("settled").isEqualTo(FrameSampler.FRAME);
        assertThat(sampler.frame().getFloat(BRAKE)).isEqualTo(0.5f);
        assertThat(sampler.takeRetries()).as("snapshots thrown away").isEqualTo(1);
        assertThat(sampler.takeRetries()).as("counted once").isZero();
    }

    @Test
    void shouldNotAcceptAFrameThatTheGameWasWriting() {
        copy(3);
        for (int i = 0; i < 5; i++) {
            assertThat(sampleLater()).as("odd sequence, look %d", i).isEqualTo(FrameSampler.NOTHING);
        }
        copy(4);
        assertThat(sampleLater()).isEqualTo(FrameSampler.NOTHING);
        assertThat(sampleLater()).isEqualTo(FrameSampler.FRAME);
        assertThat(sampler.sequence()).isEqualTo(4);
    }

    @Test
    void shouldNotAcceptEnginesThatDisagree() {
        frame.putFloat(RPM, 6000);
        frame.putFloat(ENGINE_SPEED, 500);
        copy(2);
        for (int i = 0; i < 5; i++) {
            assertThat(sampleLater()).as("6000 rpm and 500 rad/s, look %d", i).isEqualTo(FrameSampler.NOTHING);
        }
        frame.putFloat(ENGINE_SPEED, (float) (6000 * Math.PI / 30));
        copy(2);
        assertThat(sampleLater()).as("changed in between").isEqualTo(FrameSampler.NOTHING);
        assertThat(sampleLater()).isEqualTo(FrameSampler.FRAME);
        assertThat(sampler.torn()).isZero();
    }

    @Test
    void shouldCountFramesThatTheCopyPassedOver() {
        copy(2);
        sampleLater();
        assertThat(sampleLater()).isEqualTo(FrameSampler.FRAME);
        copy(10);
        sampleLater();
        assertThat(sampleLater()).isEqualTo(FrameSampler.FRAME);
        assertThat(sampler.missed()).isEqualTo(3);
    }

    @Test
    void shouldNotTakeWhatWasLeftBehindBeforeItMoves() throws IOException {
        copy(8);
        try (FrameSampler late = new FrameSampler(MappedBlock.openReadOnly(copy.name()), GameBlock.FORMAT, true)) {
            for (int i = 1; i < 10; i++) {
                assertThat(late.sample(now + i * APART_NS)).as("look %d", i).isEqualTo(FrameSampler.NOTHING);
            }
            copy(10);
            assertThat(late.sample(now + 10 * APART_NS)).isEqualTo(FrameSampler.NOTHING);
            assertThat(late.sample(now + 11 * APART_NS)).isEqualTo(FrameSampler.FRAME);
        }
    }
}
