package io.slipstream.telemetry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.telemetry.block.BlockException;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    private static final int MIN_LENGTH = 19_380;

    @TempDir
    Path folder;

    private Path block() {
        return folder.resolve("block");
    }

    private FileSource source() {
        return new FileSource(block(), MIN_LENGTH);
    }

    @Test
    void shouldFindNothingWhereThereIsNoFile() throws IOException {
        assertThat(source().open()).isNull();
    }

    @Test
    void shouldTakeAShortFileForOneThatIsStillBeingMade() throws IOException {
        Files.write(block(), new byte[MIN_LENGTH - 1]);
        assertThat(source().open()).as("a block one byte short").isNull();
        Files.write(block(), new byte[0]);
        assertThat(source().open()).as("an empty file").isNull();
    }

    @Test
    void shouldMapABlockThatItsWriterGoesOnWriting() throws IOException {
        try (MappedBlock written = MappedBlock.create(block(), MIN_LENGTH);
                MappedBlock found = source().open()) {
            assertThat(found).isNotNull();
            written.buffer().putInt(100, 4711);
            assertThat(found.buffer().getInt(100))
                    .as("what was written after it was found")
                    .isEqualTo(4711);
            assertThat(found.length()).isEqualTo(MIN_LENGTH);
        }
    }

    @Test
    void shouldRefuseAFolder() throws IOException {
        Files.createDirectory(block());
        assertThatThrownBy(() -> source().open())
                .isInstanceOf(BlockException.class)
                .hasMessageContaining(block().toString());
    }

    /** A game may end at any moment: also between the look at its block and the opening of it. */
    @Test
    void shouldFindABlockOrNothingWhileItComesAndGoes() throws Exception {
        final byte[] content = new byte[MIN_LENGTH];
        final Path next = folder.resolve("next");
        final AtomicBoolean stop = new AtomicBoolean();
        final Throwable[] failure = new Throwable[1];
        final Thread game = new Thread(() -> {
            try {
                while (!stop.get()) {
                    Files.write(next, content);
                    Files.move(next, block());
                    Files.delete(block());
                }
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        game.start();
        int found = 0;
        try {
            for (int i = 0; i < 20_000 || (found == 0 && game.isAlive()); i++) {
                try (MappedBlock block = source().open()) {
                    found += block == null ? 0 : 1;
                }
            }
        } finally {
            stop.set(true);
            game.join();
        }
        assertThat(failure[0]).as("what went wrong with the game's file").isNull();
        assertThat(found).as("times that the block was there").isPositive();
    }

    @Test
    void shouldLookInTurn() throws IOException {
        final Path second = folder.resolve("second");
        final FirstOf both = new FirstOf(List.of(source(), new FileSource(second, MIN_LENGTH)));
        assertThat(both.open()).isNull();
        Files.write(second, new byte[MIN_LENGTH]);
        try (MappedBlock found = both.open()) {
            assertThat(found.path()).isEqualTo(second);
        }
        Files.write(block(), new byte[MIN_LENGTH]);
        try (MappedBlock found = both.open()) {
            assertThat(found.path()).as("the one of the first source").isEqualTo(block());
        }
        assertThat(both.describe()).isEqualTo(block() + " or " + second);
    }
}
