package io.slipstream.telemetry.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedBlockTest {
    private static final int LENGTH = BlockDescriptor.mappingLength(20_700);

    @TempDir
    Path folder;

    @Test
    void shouldShareOneMemory() throws IOException {
        final Path path = folder.resolve("$block$");
        try (MappedBlock writer = MappedBlock.create(path, LENGTH);
                MappedBlock reader = MappedBlock.openReadOnly(path);
                MappedBlock other = MappedBlock.openReadWrite(path)) {
            assertThat(writer.length()).isEqualTo(24_576);
            writer.buffer().putInt(20_696, 42);
            assertThat(reader.buffer().getInt(20_696)).isEqualTo(42);
            other.buffer().putInt(0, 14);
            assertThat(reader.buffer().getIntVolatile(0)).isEqualTo(14);
            assertThat(reader.path()).isEqualTo(path);
        }
        assertThat(Files.size(path)).as("closing leaves the file").isEqualTo(24_576);
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldTakeOverABlockOfTheSameLengthAsItIs() throws IOException {
        final Path path = folder.resolve("block");
        try (MappedBlock first = MappedBlock.create(path, LENGTH)) {
            first.buffer().putInt(0, 14);
        }
        try (MappedBlock second = MappedBlock.create(path, LENGTH)) {
            assertThat(second.buffer().getInt(0)).isEqualTo(14);
        }
    }

    @Test
    void shouldNotResizeABlock() throws IOException {
        final Path path = folder.resolve("block");
        Files.write(path, new byte[100]);
        assertThatThrownBy(() -> MappedBlock.create(path, LENGTH))
                .isInstanceOf(BlockException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("100 bytes, not 24576")
                .hasMessageContaining("remove the file");
        assertThat(Files.size(path)).isEqualTo(100);
    }

    @Test
    void shouldSayWhatIsNoBlock() throws IOException {
        assertThatThrownBy(() -> MappedBlock.openReadOnly(folder.resolve("none")))
                .isInstanceOf(BlockException.class)
                .hasMessageContaining("there is no such block; start the game");
        assertThatThrownBy(() -> MappedBlock.openReadOnly(folder)).hasMessageContaining("no block but a folder");
        final Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> MappedBlock.openReadOnly(empty)).hasMessageContaining("a file of 0 bytes is no block");
        assertThatThrownBy(() -> MappedBlock.create(folder.resolve("no/block"), LENGTH))
                .hasMessageContaining("the folder is not there");
    }

    @Test
    void shouldNoticeThatABlockWentAwayOrWasReplaced() throws IOException {
        final Path path = folder.resolve("block");
        try (MappedBlock block = MappedBlock.create(path, LENGTH)) {
            assertThat(block.stillThere()).isTrue();
            Files.delete(path);
            assertThat(block.stillThere()).as("removed").isFalse();
            assertThat(block.buffer().getInt(0))
                    .as("the memory stays until it is closed")
                    .isZero();
            final Path other = Files.write(folder.resolve("other"), new byte[LENGTH]);
            Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
            assertThat(block.stillThere()).as("replaced").isFalse();
        }
    }

    @Test
    void shouldKeepNoDescriptorAndSurviveASecondClose() throws IOException {
        final Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "skipped: this system has no /proc/self/fd");
        final Path path = folder.resolve("block");
        final MappedBlock block = MappedBlock.create(path, LENGTH);
        try (Stream<Path> open = Files.list(descriptors)) {
            assertThat(open.filter(descriptor -> leadsTo(descriptor, path)))
                    .as("descriptors of the block")
                    .isEmpty();
        }
        block.close();
        block.close();
        assertThatThrownBy(() -> block.buffer().getInt(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static boolean leadsTo(final Path descriptor, final Path path) {
        try {
            return Files.readSymbolicLink(descriptor).equals(path);
        } catch (final IOException e) {
            return false;
        }
    }

    @Test
    void shouldResolveNamesAndPaths() throws BlockException {
        assertThat(MappedBlock.resolve("$pcars2$")).hasToString("/dev/shm/$pcars2$");
        assertThat(MappedBlock.resolve("/proc/12/fd/7")).hasToString("/proc/12/fd/7");
        assertThat(MappedBlock.resolve("./block")).isEqualTo(Path.of("./block"));
        assertThat(MappedBlock.resolve("a..b")).hasToString("/dev/shm/a..b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "..", ".", "../x", "/dev/shm/../x", "a/..", "x\0y"})
    void shouldRefuseNamesThatLeadElsewhere(final String name) {
        assertThatThrownBy(() -> MappedBlock.resolve(name))
                .isInstanceOf(BlockException.class)
                .hasMessageContaining("give");
    }

    @Test
    void shouldRefuseANameThatNoFileCanHave() {
        assertThatThrownBy(() -> MappedBlock.resolve("x".repeat(256))).hasMessageContaining("at most 255");
    }

    @Test
    void shouldSignABlockAndKnowItsWriter() {
        final UnsafeBuffer mapping = new UnsafeBuffer(new byte[LENGTH]);
        assertThat(BlockTrailer.isPresent(mapping)).isFalse();
        assertThat(BlockTrailer.writerAlive(mapping)).isFalse();
        BlockTrailer.write(mapping, true, false);
        assertThat(mapping.getStringWithoutLengthAscii(24_512, 8)).isEqualTo("SLPSTRM1");
        assertThat(BlockTrailer.synthetic(mapping)).isTrue();
        assertThat(BlockTrailer.replay(mapping)).isFalse();
        assertThat(BlockTrailer.writerPid(mapping))
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(BlockTrailer.writerAlive(mapping)).isTrue();
        BlockTrailer.write(mapping, false, true);
        assertThat(BlockTrailer.synthetic(mapping)).isFalse();
        assertThat(BlockTrailer.replay(mapping)).isTrue();
        BlockTrailer.signOff(mapping);
        assertThat(BlockTrailer.writerAlive(mapping)).isFalse();
        assertThat(BlockTrailer.replay(mapping))
                .as("still says what its frame is")
                .isTrue();
    }

    @Test
    void shouldNotTakeALaterProcessForTheWriter() {
        final int pid = (int) ProcessHandle.current().pid();
        final long startTime = Processes.startTime(pid);
        assumeTrue(startTime != 0, "skipped: this system does not tell when a process started");
        final UnsafeBuffer mapping = new UnsafeBuffer(new byte[LENGTH]);
        BlockTrailer.write(mapping, false, false, pid, startTime - 1);
        assertThat(BlockTrailer.writerAlive(mapping))
                .as("same number, other start")
                .isFalse();
        BlockTrailer.write(mapping, false, false, Integer.MAX_VALUE, startTime);
        assertThat(BlockTrailer.writerAlive(mapping)).as("no such process").isFalse();
    }

    @Test
    void shouldHaveNoTrailerWhereThereIsNoRoom() {
        final UnsafeBuffer tiny = new UnsafeBuffer(new byte[32]);
        assertThat(BlockTrailer.isPresent(tiny)).isFalse();
        assertThatThrownBy(() -> BlockTrailer.write(tiny, false, false)).hasMessageContaining("no place for a trailer");
    }
}
