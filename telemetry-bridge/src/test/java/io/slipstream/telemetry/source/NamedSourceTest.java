package io.slipstream.telemetry.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.WinePrefixes;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedSourceTest {
    private static final int MIN_LENGTH = 19_380;

    @TempDir
    Path folder;

    private Path block() {
        return folder.resolve("block");
    }

    private static BlockName file(final Path path) {
        return new BlockName.MappedFile(path);
    }

    private NamedSource source() {
        return new NamedSource(file(block()), MIN_LENGTH);
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
        try (MappedBlock written = MappedBlock.create(file(block()), MIN_LENGTH);
                MappedBlock found = source().open()) {
            assertThat(found).isNotNull();
            written.buffer().putInt(100, 4711);
            assertThat(found.buffer().getInt(100))
                    .as("what was written after it was found")
                    .isEqualTo(4711);
            assertThat(found.length()).isEqualTo(MIN_LENGTH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qt:slipstream source ", "systemv:", "posix:slipstream-source-"})
    void shouldFindABlockByItsNameOnceItIsThereAndLongEnough(final String prefix) throws IOException {
        final BlockName name =
                BlockName.parse(prefix + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        final NamedSource source = new NamedSource(name, MIN_LENGTH);
        assertThat(source.open()).as("no block").isNull();
        try (MappedBlock tooShort = MappedBlock.create(name, MIN_LENGTH - 1)) {
            assertThat(source.open()).as("a block one byte short").isNull();
            assertThat(tooShort.stillThere()).as("left alone").isTrue();
        } finally {
            MappedBlock.remove(name);
        }
        try (MappedBlock written = MappedBlock.create(name, MIN_LENGTH);
                MappedBlock found = source.open()) {
            written.buffer().putInt(100, 4711);
            assertThat(found.buffer().getInt(100)).isEqualTo(4711);
        } finally {
            MappedBlock.remove(name);
        }
        assertThat(source.open()).as("gone").isNull();
        assertThat(source.describe()).isEqualTo(name.toString());
    }

    @Test
    void shouldFindNothingInAWineThatDoesNotRunAndNotAskAgainAtOnce() throws IOException {
        assumeTrue(WinePrefixes.running().isEmpty(), "skipped: Wine runs here");
        final NamedSource source = new NamedSource(BlockName.parse("wine:$slipstream-source$"), MIN_LENGTH);
        assertThat(source.open()).isNull();
        assertThat(source.open()).isNull();
    }

    @Test
    void shouldSayWhoMayReadAForbiddenBlock() throws IOException {
        Files.write(block(), new byte[MIN_LENGTH]);
        Files.setPosixFilePermissions(block(), Set.of());
        assumeTrue(!Files.isReadable(block()), "this user may read everything");
        assertThatThrownBy(() -> source().open())
                .hasMessageContaining("permission denied")
                .hasMessageContaining("run as the user who made it");
    }

    @Test
    void shouldRefuseAFolder() throws IOException {
        Files.createDirectory(block());
        assertThatThrownBy(() -> source().open())
                .isInstanceOf(SharedMemoryException.class)
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
        final FirstOf both = new FirstOf(List.of(source(), new NamedSource(file(second), MIN_LENGTH)));
        assertThat(both.open()).isNull();
        Files.write(second, new byte[MIN_LENGTH]);
        try (MappedBlock found = both.open()) {
            assertThat(found.name()).isEqualTo(file(second));
        }
        Files.write(block(), new byte[MIN_LENGTH]);
        try (MappedBlock found = both.open()) {
            assertThat(found.name()).as("the one of the first source").isEqualTo(file(block()));
        }
        assertThat(both.describe()).isEqualTo("file:" + block() + " or file:" + second);
    }
}
