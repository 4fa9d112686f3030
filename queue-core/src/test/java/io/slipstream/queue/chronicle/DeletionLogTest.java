package io.slipstream.queue.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeletionLogTest {
    private static final RollCycle CYCLE = RollCycles.FAST_DAILY;

    @TempDir
    Path directory;

    private DeletionLog log() {
        DeletionLog.create(directory);
        return new DeletionLog(directory, CYCLE);
    }

    @Test
    void shouldHaveTheLayoutThatItsDescriptorPromises() throws IOException {
        log().add(20_000, 7);
        final ByteBuffer expected = ByteBuffer.allocate(65_536).order(ByteOrder.LITTLE_ENDIAN);
        expected.put("SLIPREAD".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .putInt(0)
                .putLong(1);
        expected.putLong(64, 20_000).putLong(72, 7);
        assertThat(Files.readAllBytes(directory.resolve("slipstream.readers"))).isEqualTo(expected.array());
    }

    @Test
    void shouldCountWhatLiesBetweenAPositionAndAFile() throws IOException {
        final DeletionLog log = log();
        log.add(1, 10);
        log.add(2, 20);
        // Recorded, and not deleted before the process died: the next one to delete says it again.
        log.add(4, 40);
        log.add(4, 40);
        assertThat(log.between(CYCLE.toIndex(1, 0), 2)).as("all of a file").isEqualTo(10);
        assertThat(log.between(CYCLE.toIndex(1, 4), 5))
                .as("the rest of one, and more")
                .isEqualTo(66);
        assertThat(log.between(CYCLE.toIndex(2, 20), 4)).as("read to its end").isZero();
        assertThat(log.between(CYCLE.toIndex(3, 3), 4)).as("neither").isZero();
    }

    @Test
    void shouldForgetTheOldestDeletionsWhenItIsFull() throws IOException {
        final DeletionLog log = log();
        for (int cycle = 0; cycle < 5000; cycle++) {
            log.add(cycle, 1);
        }
        assertThat(log.between(CYCLE.toIndex(0, 0), 5000)).isEqualTo(ReadersDescriptor.RECORDS);
        assertThat(log.between(CYCLE.toIndex(4000, 0), 5000)).isEqualTo(1000);
    }

    @Test
    void shouldKnowNothingWhereThereIsNoFile() {
        assertThat(new DeletionLog(directory, CYCLE).between(CYCLE.toIndex(1, 0), 9))
                .isZero();
        assertThat(directory).isEmptyDirectory();
    }
}
