package io.slipstream.telemetry.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.Processes;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MappedBlockTest {
    private static final int LENGTH = BlockDescriptor.mappingLength(20_700);

    @TempDir
    Path folder;

    private static BlockName file(final Path path) {
        return new BlockName.MappedFile(path);
    }

    /** Blocks of the other kinds that this system has, which no other test uses. */
    static List<BlockName> names() throws IOException {
        final long number = ThreadLocalRandom.current().nextLong(1, 0x7FFF_FFFFL);
        return List.of(
                BlockName.parse("posix:slipstream-test-" + number),
                BlockName.parse("systemv:" + number),
                BlockName.parse("qt:slipstream test " + number),
                BlockName.parse("qt:posix:/slipstream-test-" + number));
    }

    @Test
    void shouldShareOneMemory() throws IOException {
        final Path path = folder.resolve("$block$");
        try (MappedBlock writer = MappedBlock.create(file(path), LENGTH);
                MappedBlock reader = MappedBlock.openReadOnly(file(path));
                MappedBlock other = MappedBlock.openReadWrite(file(path))) {
            assertThat(writer.length()).isEqualTo(24_576);
            writer.buffer().putInt(20_696, 42);
            assertThat(reader.buffer().getInt(20_696)).isEqualTo(42);
            other.buffer().putInt(0, 14);
            assertThat(reader.buffer().getIntVolatile(0)).isEqualTo(14);
            assertThat(reader.name()).isEqualTo(file(path));
        }
        assertThat(Files.size(path)).as("closing leaves the file").isEqualTo(24_576);
        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldTakeOverABlockOfTheSameLengthAsItIs() throws IOException {
        final Path path = folder.resolve("block");
        try (MappedBlock first = MappedBlock.create(file(path), LENGTH)) {
            first.buffer().putInt(0, 14);
        }
        try (MappedBlock second = MappedBlock.create(file(path), LENGTH)) {
            assertThat(second.buffer().getInt(0)).isEqualTo(14);
        }
    }

    @Test
    void shouldNotResizeABlock() throws IOException {
        final Path path = folder.resolve("block");
        Files.write(path, new byte[100]);
        assertThatThrownBy(() -> MappedBlock.create(file(path), LENGTH))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("100 bytes, fewer than the 24576 wanted")
                .hasMessageContaining("remove it");
        assertThat(Files.size(path)).isEqualTo(100);
        Files.write(path, new byte[LENGTH + 1]);
        assertThatThrownBy(() -> MappedBlock.create(file(path), LENGTH))
                .hasMessageContaining(path.toString())
                .hasMessageContaining("24577 bytes, not 24576")
                .hasMessageContaining("remove the block");
        assertThat(Files.size(path)).isEqualTo(LENGTH + 1);
    }

    @Test
    void shouldSayWhatIsNoBlock() throws IOException {
        assertThatThrownBy(() -> MappedBlock.openReadOnly(file(folder.resolve("none"))))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("there is no such block; start the program");
        assertThatThrownBy(() -> MappedBlock.openReadOnly(file(folder))).hasMessageContaining("is a folder, a link");
        final Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> MappedBlock.openReadOnly(file(empty))).hasMessageContaining("has no size yet");
        assertThatThrownBy(() -> MappedBlock.create(file(folder.resolve("no/block")), LENGTH))
                .hasMessageContaining("the folder is not there");
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldMakeTakeOverReadAndRemoveBlocksOfEveryKind(final BlockName name) throws IOException {
        try (MappedBlock first = MappedBlock.create(name, LENGTH);
                MappedBlock second = MappedBlock.create(name, LENGTH);
                MappedBlock reader = MappedBlock.openReadOnly(name)) {
            first.buffer().putInt(20_696, 42);
            assertThat(second.buffer().getInt(20_696)).isEqualTo(42);
            assertThat(reader.buffer().getIntVolatile(20_696)).isEqualTo(42);
            assertThat(reader.length()).isEqualTo(LENGTH);
            assertThat(reader.name()).isEqualTo(name);
            assertThat(reader.stillThere()).isTrue();
            for (final int other : new int[] {LENGTH - 4096, LENGTH + 4096}) {
                assertThatThrownBy(() -> MappedBlock.create(name, other))
                        .isInstanceOfSatisfying(
                                SharedMemoryException.class,
                                e -> assertThat(e.error()).isEqualTo(SharedMemoryError.INVALID_SIZE))
                        .hasMessageContaining(name.toString());
            }
        } finally {
            MappedBlock.remove(name);
        }
        MappedBlock.remove(name);
        assertThatThrownBy(() -> MappedBlock.openReadOnly(name))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.error()).isEqualTo(SharedMemoryError.NOT_FOUND));
    }

    @Test
    void shouldNotWaitForTheLockOfABlock() throws Exception {
        final BlockName name =
                BlockName.parse("qt:slipstream test " + ProcessHandle.current().pid());
        try (MappedBlock block = MappedBlock.create(name, LENGTH);
                SharedBlock program = SharedBlock.attach(name, BlockAccess.READ_WRITE)) {
            program.lock().lock();
            program.segment().set(ValueLayout.JAVA_INT, 0, 14);
            assertThat(block.buffer().getIntVolatile(0))
                    .as("read while another holds the lock")
                    .isEqualTo(14);
            assertThat(block.stillThere()).isTrue();
            program.lock().unlock();
        }
    }

    @Test
    void shouldNoticeThatABlockWentAwayOrWasReplaced() throws IOException {
        final Path path = folder.resolve("block");
        try (MappedBlock block = MappedBlock.create(file(path), LENGTH)) {
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
        final MappedBlock block = MappedBlock.create(file(path), LENGTH);
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
