package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeqlockTest {
    private static final int LENGTH = 20_700;
    private static final int SEQUENCE = 7_320;

    private final UnsafeBuffer block = new UnsafeBuffer(ByteBuffer.allocateDirect(24_576));
    private final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final SeqlockWriter writer = new SeqlockWriter(block, SEQUENCE);
    private final SeqlockReader reader = new SeqlockReader(3);

    @Test
    void shouldNotReadBeforeAnythingIsWritten() {
        assertThat(sample(Sequence.NONE)).isEqualTo(SeqlockReader.NOT_READY);
    }

    @Test
    void shouldReadEachFrameOnce() {
        writer.write(frame(1), LENGTH);
        assertThat(sample(Sequence.NONE)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.sequence()).isEqualTo(2);
        assertThat(copy.getInt(0)).isEqualTo(1);
        assertThat(copy.getInt(LENGTH - 4)).isEqualTo(1);
        assertThat(copy.getInt(SEQUENCE))
                .as("the block's own sequence, not the frame's")
                .isEqualTo(2);
        assertThat(sample(reader.sequence())).isEqualTo(SeqlockReader.NO_CHANGE);
        writer.write(frame(2), LENGTH);
        assertThat(sample(reader.sequence())).isEqualTo(SeqlockReader.OK);
        assertThat(reader.missed()).isZero();
    }

    @Test
    void shouldNotReadWhileTheWriterWrites() {
        writer.begin();
        assertThat(sample(Sequence.NONE)).isEqualTo(SeqlockReader.TORN);
        assertThat(reader.retries()).as("copies, of which none was begun").isZero();
        assertThat(reader.totalTorn()).isEqualTo(1);
        writer.end();
        assertThat(sample(Sequence.NONE)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.retries()).isZero();
    }

    @Test
    void shouldThrowAwayACopyThatAFrameWasWrittenInto() {
        writer.write(frame(1), LENGTH);
        final int result = reader.sample(
                block,
                SEQUENCE,
                Sequence.NONE,
                disturbed(times -> {
                    if (times < 2) {
                        writer.write(frame(100 + times), LENGTH);
                    }
                }),
                LENGTH);
        assertThat(result).isEqualTo(SeqlockReader.OK);
        assertThat(reader.retries()).as("copies thrown away").isEqualTo(2);
        assertThat(reader.sequence()).isEqualTo(6);
        assertThat(copy.getInt(0)).isEqualTo(101);
    }

    @Test
    void shouldGiveUpAfterTheRetriesItWasGiven() {
        writer.write(frame(1), LENGTH);
        final int result = reader.sample(
                block, SEQUENCE, Sequence.NONE, disturbed(times -> writer.write(frame(times), LENGTH)), LENGTH);
        assertThat(result).isEqualTo(SeqlockReader.TORN);
        assertThat(reader.totalRetries())
                .as("copies thrown away: the first and three more")
                .isEqualTo(4);
    }

    @Test
    void shouldCountMissedFramesAndNoticeARestart() {
        writer.write(frame(1), LENGTH);
        assertThat(sample(Sequence.NONE)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.missed())
                .as("before the first frame nothing was missed")
                .isZero();
        for (int i = 0; i < 5; i++) {
            writer.write(frame(i), LENGTH);
        }
        assertThat(sample(2)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.missed()).isEqualTo(4);
        assertThat(sample(2_000)).isEqualTo(SeqlockReader.OK);
        assertThat(reader.restarted()).isTrue();
        assertThat(reader.missed()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 8, 0",
        "8, 8, 0",
        "8, 10, 0",
        "8, 12, 1",
        "8, 4194312, 2097151",
        "8, 4194314, -1",
        "8, 6, -1",
        "8, 2, -1",
        "8, 11, -1",
        "4294967294, 2, 1",
        "4294967294, 0, 0",
        "4294967290, 4, 4",
    })
    void shouldCountRoundTheEndOfThirtyTwoBits(final long last, final long current, final long missed) {
        assertThat(Sequence.missed(last, current)).isEqualTo(missed);
    }

    @Test
    void shouldStepOverZeroWhichMeansNeverWritten() {
        block.putInt(SEQUENCE, -2);
        writer.write(frame(1), LENGTH);
        assertThat(writer.sequence()).isEqualTo(2);
    }

    @Test
    void shouldCarryOnFromAWriterThatDiedWriting() {
        block.putInt(SEQUENCE, 41);
        writer.begin();
        assertThat(writer.sequence()).isEqualTo(41);
        writer.end();
        assertThat(writer.sequence()).isEqualTo(42);
    }

    @Test
    void shouldPublishARecordedFrameWithItsOwnSequence() {
        final UnsafeBuffer recorded = frame(7);
        recorded.putInt(SEQUENCE, 2_224);
        writer.writeRecorded(recorded, LENGTH);
        assertThat(writer.sequence()).isEqualTo(2_224);
        recorded.putInt(SEQUENCE, 2_225);
        writer.writeRecorded(recorded, LENGTH);
        assertThat(writer.sequence())
                .as("an odd number would close the block for good")
                .isEqualTo(2_226);
        assertThat(block.getInt(LENGTH - 4)).isEqualTo(7);
        assertThat(block.getByte(LENGTH)).as("what is behind the frame").isZero();
    }

    @Test
    void shouldRefuseMisuse() {
        assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.write(frame(1), 7_323)).hasMessageContaining("a frame of 7323 bytes");
        assertThatThrownBy(() -> writer.write(frame(1), LENGTH + 1)).hasMessageContaining("a buffer of 20700");
        assertThat(writer.sequence())
                .as("a refused frame leaves the block alone")
                .isZero();
        assertThatThrownBy(() -> new SeqlockWriter(block, 7_322)).hasMessageContaining("a multiple of 4");
        writer.begin();
        assertThatThrownBy(writer::begin).isInstanceOf(IllegalStateException.class);
    }

    /**
     * Bounded by frames, not by time: a slow machine takes longer and proves as much. Both sides yield now and then, or on one busy
     * processor each would spend its whole time slice without the other.
     */
    @Test
    @Timeout(600)
    @SuppressWarnings("ThreadPriorityCheck")
    void shouldNeverAcceptATornFrameFromAWriterAtFullSpeed() throws InterruptedException {
        final int wanted = 200_000;
        final AtomicBoolean stop = new AtomicBoolean();
        final Thread thread = new Thread(
                () -> {
                    final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
                    for (int value = 1; !stop.get(); value++) {
                        fill(frame, value);
                        writer.write(frame, LENGTH);
                        if ((value & 15) == 0) {
                            Thread.yield();
                        }
                    }
                },
                "writer");
        thread.start();
        long last = Sequence.NONE;
        int accepted = 0;
        try {
            while (accepted < wanted) {
                final int result = reader.sample(block, SEQUENCE, last, copy, LENGTH);
                if (result == SeqlockReader.OK) {
                    last = reader.sequence();
                    final int torn = firstForeignWord(copy, (int) (last / 2));
                    assertThat(torn)
                            .as(
                                    "offset of the first word of frame %s, number %s accepted, that is of another frame",
                                    last, accepted)
                            .isEqualTo(-1);
                    accepted++;
                } else {
                    Thread.yield();
                }
            }
        } finally {
            stop.set(true);
            thread.join();
        }
    }

    @Test
    void shouldNoticeAForeignWord() {
        fill(copy, 5);
        copy.putInt(SEQUENCE, 10);
        assertThat(firstForeignWord(copy, 5)).isEqualTo(-1);
        copy.putInt(12, 6);
        assertThat(firstForeignWord(copy, 5)).as("the check above can fail").isEqualTo(12);
    }

    private static int firstForeignWord(final DirectBuffer frame, final int value) {
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            if (frame.getInt(i) != (i == SEQUENCE ? 2 * value : value)) {
                return i;
            }
        }
        return -1;
    }

    private int sample(final long last) {
        return reader.sample(block, SEQUENCE, last, copy, LENGTH);
    }

    /** A destination that does something to the block each time half a frame was copied. */
    private UnsafeBuffer disturbed(final IntConsumer disturbance) {
        return new UnsafeBuffer(copy) {
            private int times;

            @Override
            public void putBytes(final int index, final DirectBuffer source, final int sourceIndex, final int length) {
                super.putBytes(index, source, sourceIndex, length / 2);
                disturbance.accept(times++);
                super.putBytes(index + length / 2, source, sourceIndex + length / 2, length - length / 2);
            }
        };
    }

    private static UnsafeBuffer frame(final int value) {
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
        fill(frame, value);
        return frame;
    }

    private static void fill(final UnsafeBuffer frame, final int value) {
        for (int i = 0; i < LENGTH; i += Integer.BYTES) {
            frame.putInt(i, value);
        }
    }
}
