package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs(OS.LINUX)
final class SharedBlockTest {
    private static final String UNIQUE =
            "slipstream-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());

    @TempDir
    static Path directory;

    static Stream<BlockName> names() {
        return Stream.of(
                new BlockName.Posix(UNIQUE),
                new BlockName.SystemV(0x5151 ^ UNIQUE.hashCode()),
                new BlockName.Qt(UNIQUE),
                new BlockName.QtNative(BlockName.QtKeyType.POSIX, "/qt-" + UNIQUE),
                new BlockName.QtNative(
                        BlockName.QtKeyType.SYSTEM_V, directory.resolve(UNIQUE).toString()),
                new BlockName.MappedFile(directory.resolve("block")));
    }

    @AfterEach
    void remove() throws Exception {
        for (BlockName name : names().toList()) {
            SharedBlock.remove(name);
        }
    }

    private static void refused(SharedMemoryError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldShareWhatIsWritten(BlockName name) throws Exception {
        try (SharedBlock maker = SharedBlock.create(name, 10_001)) {
            assertThat(maker.created()).isTrue();
            assertThat(maker.size()).isEqualTo(10_001);
            assertThat(maker.segment().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            maker.segment().set(ValueLayout.JAVA_LONG, 8, 42);
            try (SharedBlock writer = SharedBlock.attach(name, BlockAccess.READ_WRITE);
                    SharedBlock reader = SharedBlock.attach(name, BlockAccess.READ_ONLY)) {
                assertThat(reader.size()).isEqualTo(10_001);
                assertThat(reader.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
                writer.buffer().putInt(10_000 - 4, 7);
                assertThat(reader.segment().get(ValueLayout.JAVA_INT_UNALIGNED, 10_000 - 4))
                        .isEqualTo(7);
                assertThatThrownBy(() -> reader.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThat(reader.stillThere()).isTrue();
                final BlockInfo info = SharedBlock.info(name);
                assertThat(info.size()).isEqualTo(10_001);
                assertThat(info.mode()).hasValue(0600);
                assertThat(SharedBlock.list())
                        .allSatisfy(listed -> assertThat(listed.nativeName()).isNotEmpty());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldSayWhatIsNotThereOrThereAlready(BlockName name) throws Exception {
        refused(SharedMemoryError.NOT_FOUND, () -> SharedBlock.attach(name, BlockAccess.READ_ONLY));
        refused(SharedMemoryError.NOT_FOUND, () -> SharedBlock.info(name));
        assertThat(SharedBlock.remove(name)).isFalse();
        refused(SharedMemoryError.INVALID_SIZE, () -> SharedBlock.create(name, 0));
        refused(SharedMemoryError.INVALID_SIZE, () -> SharedBlock.createOrAttach(name, -1));
        try (SharedBlock block = SharedBlock.createOrAttach(name, 100)) {
            refused(SharedMemoryError.ALREADY_EXISTS, () -> SharedBlock.create(name, 100));
            refused(SharedMemoryError.INVALID_SIZE, () -> SharedBlock.createOrAttach(name, 101));
            try (SharedBlock second = SharedBlock.createOrAttach(name, 50)) {
                assertThat(second.created()).isFalse();
                assertThat(second.size()).isEqualTo(100);
            }
            assertThat(block.stillThere()).isTrue();
            assertThat(SharedBlock.remove(name)).isTrue();
            assertThat(block.stillThere()).isFalse();
            block.segment().set(ValueLayout.JAVA_BYTE, 99, (byte) 1);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldRefuseEveryUseAfterItIsClosed(BlockName name) throws Exception {
        final SharedBlock block = SharedBlock.create(name, 100);
        block.close();
        block.close();
        assertThatThrownBy(() -> block.segment().get(ValueLayout.JAVA_BYTE, 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldBeMadeByOneOfManyAtOnce(BlockName name) throws Exception {
        final int threads = 8;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 20; round++) {
                final Callable<SharedBlock> make = () -> SharedBlock.createOrAttach(name, 4096);
                final List<SharedBlock> blocks = new ArrayList<>();
                for (Future<SharedBlock> future : executor.invokeAll(Collections.nCopies(threads, make))) {
                    blocks.add(future.get());
                }
                assertThat(blocks.stream().filter(SharedBlock::created)).hasSize(1);
                blocks.getFirst().segment().set(ValueLayout.JAVA_INT, 0, round + 1);
                assertThat(blocks)
                        .allSatisfy(block -> assertThat(block.segment().get(ValueLayout.JAVA_INT, 0))
                                .isPositive());
                for (SharedBlock block : blocks) {
                    block.close();
                }
                SharedBlock.remove(name);
            }
        }
    }

    @Test
    void shouldNotTakeFoldersPipesOrLinksForBlocks() throws Exception {
        refused(
                SharedMemoryError.KEY_ERROR,
                () -> SharedBlock.attach(new BlockName.MappedFile(directory), BlockAccess.READ_ONLY));
        final Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        refused(
                SharedMemoryError.KEY_ERROR,
                () -> SharedBlock.attach(new BlockName.MappedFile(pipe), BlockAccess.READ_ONLY));
        final Path link = Path.of("/dev/shm", UNIQUE);
        Files.createSymbolicLink(link, Files.write(directory.resolve("target"), new byte[10]));
        try {
            refused(
                    SharedMemoryError.KEY_ERROR,
                    () -> SharedBlock.attach(new BlockName.Posix(UNIQUE), BlockAccess.READ_WRITE));
            refused(SharedMemoryError.ALREADY_EXISTS, () -> SharedBlock.create(new BlockName.Posix(UNIQUE), 10));
        } finally {
            Files.delete(link);
        }
    }

    @Test
    void shouldSayThatABlockHasNoSizeYet() throws Exception {
        final Path file = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> SharedBlock.attach(new BlockName.MappedFile(file), BlockAccess.READ_ONLY))
                .hasMessageContaining("has no size yet");
    }

    @Test
    void shouldSayThatThereIsNoRoom() throws Exception {
        final BlockName name = new BlockName.Posix(UNIQUE);
        assertThatThrownBy(() -> SharedBlock.create(name, 1L << 50))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class,
                        e -> assertThat(e.error()).isEqualTo(SharedMemoryError.OUT_OF_RESOURCES))
                .hasMessageContaining(UNIQUE);
        refused(SharedMemoryError.NOT_FOUND, () -> SharedBlock.info(name));
    }

    @Test
    void shouldSayThatABlockIsNotOfThisSystem() {
        assertThatThrownBy(() -> SharedBlock.attach(BlockName.parse("windows:a"), BlockAccess.READ_ONLY))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("Windows");
        assertThatThrownBy(() -> SharedBlock.attach(BlockName.parse("qt:windows:a"), BlockAccess.READ_ONLY))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("Windows");
    }

    @Test
    void shouldNameBlockSystemsNameAndRemedy() {
        assertThatThrownBy(() -> SharedBlock.attach(new BlockName.Qt(UNIQUE), BlockAccess.READ_ONLY))
                .hasMessageContaining("qt:" + UNIQUE)
                .hasMessageContaining("qipc_sharedmemory_")
                .hasMessageContaining("start the program that makes it first");
        assertThatThrownBy(() -> SharedBlock.attach(new BlockName.SystemV(0x7777_1234), BlockAccess.READ_ONLY))
                .hasMessageContaining("0x77771234")
                .hasMessageContaining("start the program that makes it first");
    }

    @Test
    void shouldSayThatAKindHasNoLock() throws Exception {
        try (SharedBlock block = SharedBlock.create(new BlockName.Posix(UNIQUE), 10)) {
            refused(SharedMemoryError.LOCK_ERROR, block::lock);
        }
    }

    @Test
    void shouldReleaseTheLockWithTheBlock() throws Exception {
        final BlockName name = new BlockName.Qt(UNIQUE);
        try (SharedBlock other = SharedBlock.create(name, 10)) {
            final SharedBlock block = SharedBlock.attach(name, BlockAccess.READ_WRITE);
            block.lock().lock();
            assertThat(other.lock().tryLock()).isFalse();
            block.close();
            assertThat(other.lock().tryLock()).isTrue();
        }
    }

    @Test
    void shouldDetachOnAThreadThatIsInterrupted() throws Exception {
        final BlockName name = new BlockName.Qt(UNIQUE);
        final SharedBlock block = SharedBlock.create(name, 10);
        Thread.currentThread().interrupt();
        block.close();
        assertThat(Thread.interrupted()).isTrue();
        refused(SharedMemoryError.NOT_FOUND, () -> SharedBlock.info(name));
        assertThat(SemaphoreLock.exists(name)).isFalse();
        assertThatThrownBy(block::lock).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRemoveItsSegmentThoughTheKeysFileWasCleanedUp() throws Exception {
        final SharedBlock block = SharedBlock.create(new BlockName.Qt(UNIQUE), 10_007);
        Files.delete(QtBackend.keyFile(UNIQUE));
        assertThat(block.stillThere()).isFalse();
        block.close();
        assertThat(SystemVSegments.all()).noneMatch(segment -> segment.size() == 10_007);
    }

    @Test
    void shouldNotRemoveAFileThatIsNoKey() throws Exception {
        final Path file = Files.writeString(directory.resolve("precious"), "precious");
        final BlockName name = BlockName.parse("qt:systemv:" + file);
        refused(SharedMemoryError.KEY_ERROR, () -> SharedBlock.remove(name));
        assertThat(file).hasContent("precious");
        assertThat(SemaphoreLock.exists(name)).isFalse();
    }

    @Test
    void shouldMakeNothingWhereItOnlyLooks() throws Exception {
        final BlockName name = new BlockName.Qt(UNIQUE);
        try (SharedBlock block = SharedBlock.create(name, 10);
                SemaphoreLock lock = SemaphoreLock.open(name)) {
            assertThat(SharedBlock.info(name).lock()).isEqualTo("free");
            lock.remove();
            assertThat(SharedBlock.info(name).lock()).isEqualTo("none");
            assertThat(SemaphoreLock.exists(name)).isFalse();
            assertThat(block.stillThere()).isTrue();
        }
    }

    @Test
    void shouldCountNoFurtherThanASemaphoreCan() throws Exception {
        final BlockName name = new BlockName.SystemV(0x5151 ^ UNIQUE.hashCode());
        try (SystemSemaphore semaphore = SystemSemaphore.open(name, 5);
                SystemSemaphore other = SystemSemaphore.open(name, 5)) {
            assertThatThrownBy(() -> semaphore.release(65_535)).isInstanceOf(IllegalArgumentException.class);
            assertThat(semaphore.value()).isEqualTo(5);
            other.remove();
            semaphore.release(2);
            assertThat(semaphore.value()).as("made anew").isEqualTo(7);
            semaphore.remove();
        }
    }

    @Test
    void shouldLeaveASemaphoreToItsUsersWhereAnAttachFails() throws Exception {
        final BlockName name = new BlockName.Qt(UNIQUE);
        Files.createFile(QtBackend.keyFile(UNIQUE));
        try (SystemSemaphore semaphore = SystemSemaphore.open(name, 1)) {
            refused(SharedMemoryError.NOT_FOUND, () -> SharedBlock.attach(name, BlockAccess.READ_ONLY));
            assertThat(SemaphoreLock.exists(name)).isTrue();
            assertThat(semaphore.value()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepToItsHandlesRules() throws IOException, InterruptedException {
        try (RegionLock lock = RegionLock.exclusive(directory.resolve("lock"), 0, 0)) {
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
            lock.lock();
            assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class);
            lock.unlock();
            Thread.currentThread().interrupt();
            assertThatThrownBy(lock::lock).isInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(() -> RegionLock.exclusive(Path.of("/no/such/folder/file"), 0, 0))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("/no/such/folder/file");
    }
}
