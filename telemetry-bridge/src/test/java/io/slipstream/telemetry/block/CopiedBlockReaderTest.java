package io.slipstream.telemetry.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopiedBlockReaderTest {
    private static final int LENGTH = 101;
    private static final int SEQUENCE = 48;
    private static final int RPM = 20;
    private static final int RAD_PER_SECOND = 80;

    private final UnsafeBuffer block = new UnsafeBuffer(new byte[128]);
    private final UnsafeBuffer copy = new UnsafeBuffer(new byte[LENGTH]);
    private final CopiedBlockReader reader = new CopiedBlockReader(LENGTH, 1_000, new EngineCheck(RPM, RAD_PER_SECOND));

    @BeforeEach
    void engineRuns() {
        block.putFloat(RPM, 1_164.02f);
        block.putFloat(RAD_PER_SECOND, 121.8958f);
    }

    @Test
    void shouldAcceptWhatStaysTheSame() {
        assertThat(sample(Sequence.NONE, 0)).isEqualTo(SeqlockReader.NOT_READY);
        block.putInt(SEQUENCE, 8);
        assertThat(sample(Sequence.NONE, 0)).isEqualTo(CopiedBlockReader.SETTLING);
        assertThat(sample(Sequence.NONE, 999)).isEqualTo(CopiedBlockReader.SETTLING);
        assertThat(sample(Sequence.NONE, 1_000)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.sequence()).isEqualTo(8);
        assertThat(sample(8, 2_000)).isEqualTo(SeqlockReader.NO_CHANGE);
        block.putInt(SEQUENCE, 14);
        assertThat(sample(8, 3_000)).isEqualTo(CopiedBlockReader.SETTLING);
        assertThat(sample(8, 4_000)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.missed()).isEqualTo(2);
    }

    @Test
    void shouldRefuseWhatChangesUnderTheSameSequence() {
        block.putInt(SEQUENCE, 8);
        sample(Sequence.NONE, 0);
        block.putByte(LENGTH - 1, (byte) 1);
        assertThat(sample(Sequence.NONE, 1_000)).isEqualTo(SeqlockReader.TORN);
        assertThat(sample(Sequence.NONE, 1_500)).isEqualTo(CopiedBlockReader.SETTLING);
        assertThat(sample(Sequence.NONE, 2_000)).as("settled after all").isEqualTo(SeqlockReader.OK);
        assertThat(reader.totalTorn()).isEqualTo(1);
    }

    @Test
    void shouldRefuseAnOddSequence() {
        block.putInt(SEQUENCE, 9);
        sample(Sequence.NONE, 0);
        assertThat(sample(Sequence.NONE, 1_000)).isEqualTo(SeqlockReader.TORN);
    }

    @Test
    void shouldRefuseAnEngineThatContradictsItself() {
        block.putInt(SEQUENCE, 8);
        block.putFloat(RPM, 1_180f);
        sample(Sequence.NONE, 0);
        assertThat(sample(Sequence.NONE, 1_000)).as("1.4 %% apart").isEqualTo(SeqlockReader.TORN);
        block.putFloat(RPM, 1_170f);
        block.putInt(SEQUENCE, 10);
        sample(Sequence.NONE, 2_000);
        assertThat(sample(Sequence.NONE, 3_000)).as("0.5 %% apart").isEqualTo(SeqlockReader.OK);
    }

    @Test
    void shouldTakeBothSnapshotsAtOnceWhereAsked() {
        final CopiedBlockReader hasty = new CopiedBlockReader(LENGTH, 0, new EngineCheck(-1, -1));
        block.putInt(SEQUENCE, 8);
        block.putFloat(RPM, 9_999f);
        assertThat(hasty.sample(block, SEQUENCE, Sequence.NONE, copy, LENGTH, 0))
                .isEqualTo(SeqlockReader.OK);
        assertThat(hasty.restarted()).isFalse();
    }

    private int sample(final long last, final long nowNs) {
        return reader.sample(block, SEQUENCE, last, copy, LENGTH, nowNs);
    }
}
