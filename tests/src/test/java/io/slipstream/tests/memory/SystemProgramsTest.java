package io.slipstream.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.LockLostException;
import io.slipstream.memory.ProcessLock;
import io.slipstream.memory.RegionLock;
import io.slipstream.memory.SemaphoreLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.tests.build.Tool;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** C programs with System V's, POSIX' and files' memory and locks, and Java, together. */
final class SystemProgramsTest {
    @TempDir
    static Path directory;

    private static Path program;

    private final String unique =
            "slipstream-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private BlockName posix;
    private BlockName systemV;

    @BeforeEach
    void build() throws Exception {
        Tool.needs("cc");
        if (program == null) {
            final Path source = Path.of(System.getProperty("slipstream.root")).resolve("tests/src/main/posix/peer.c");
            final Path built = directory.resolve("peer");
            Tool.run(
                    directory,
                    "cc",
                    "-std=gnu11",
                    "-Wall",
                    "-O1",
                    "-o",
                    built.toString(),
                    source.toString(),
                    "-lrt",
                    "-pthread");
            program = built;
        }
        posix = BlockName.parse("posix:" + unique);
        systemV = new BlockName.SystemV(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
    }

    @AfterEach
    void remove() throws Exception {
        SharedBlock.remove(posix);
        SharedBlock.remove(systemV);
        SharedBlock.remove(BlockName.parse("qt:posix:/" + unique));
        for (BlockName name : List.of(posix, systemV)) {
            if (SemaphoreLock.exists(name)) {
                try (SemaphoreLock lock = SemaphoreLock.open(name)) {
                    lock.remove();
                }
            }
        }
    }

    private Dialogue peer() throws Exception {
        return Dialogue.with(program);
    }

    @Test
    void shouldMeetAPosixProgramBothWays() throws Exception {
        try (Dialogue c = peer()) {
            assertThat(c.ask("shm /" + unique + " 5000")).isEqualTo("ok");
            assertThat(c.ask("write from C")).isEqualTo("ok");
            try (SharedBlock block = SharedBlock.attach(posix, BlockAccess.READ_WRITE)) {
                assertThat(block.size()).isEqualTo(5000);
                assertThat(block.segment().getString(0)).isEqualTo("from C");
                block.segment().setString(0, "from Java");
                assertThat(c.ask("read")).isEqualTo("from Java");
            }
            assertThat(SharedBlock.remove(posix)).isTrue();
            try (SharedBlock block = SharedBlock.create(posix, 100)) {
                block.segment().setString(0, "again");
                assertThat(c.ask("shm /" + unique)).isEqualTo("ok");
                assertThat(c.ask("read")).isEqualTo("again");
            }
        }
    }

    @Test
    void shouldMeetASystemVProgramBothWays() throws Exception {
        try (Dialogue c = peer()) {
            assertThat(c.ask("sysv " + systemV.key() + " 5000")).isEqualTo("ok");
            assertThat(c.ask("write from C")).isEqualTo("ok");
            try (SharedBlock block = SharedBlock.attach(systemV, BlockAccess.READ_WRITE)) {
                assertThat(block.size()).isEqualTo(5000);
                assertThat(SharedBlock.info(systemV).attached()).hasValue(2);
                assertThat(SharedBlock.info(systemV).creator()).hasValue(c.pid());
                assertThat(block.segment().getString(0)).isEqualTo("from C");
                block.segment().setString(0, "from Java");
                assertThat(c.ask("read")).isEqualTo("from Java");
                assertThat(SharedBlock.remove(systemV)).isTrue();
                assertThat(block.stillThere()).isFalse();
                // What is removed stays for those who have it.
                assertThat(c.ask("write still here")).isEqualTo("ok");
                assertThat(block.segment().getString(0)).isEqualTo("still here");
            }
            assertThat(SharedBlock.remove(systemV)).isFalse();
        }
    }

    @Test
    void shouldMakeTheSameKeyOfAFile() throws Exception {
        final Path file = Files.createFile(directory.resolve(unique));
        try (Dialogue c = peer()) {
            final BlockName name = BlockName.parse("systemv:" + file + ",7");
            assertThat(c.ask("ftok " + file + " 7"))
                    .isEqualTo(String.format("0x%08x", ((BlockName.SystemV) name).value()));
            assertThat(c.ask("ftok " + file + " " + (int) 'Q'))
                    .isEqualTo(String.format(
                            "0x%08x", ((BlockName.SystemV) BlockName.parse("systemv:" + file + ",Q")).value()));
        }
    }

    @Test
    void shouldCountExactlyWithForkedChildrenUnderLockf() throws Exception {
        final Path file = directory.resolve(unique);
        try (Dialogue c = peer();
                Dialogue java = Dialogue.withJava(BlockPeer.class);
                SharedBlock block = SharedBlock.create(systemV, 64);
                RegionLock lock = RegionLock.exclusive(file, 0, 0)) {
            assertThat(c.ask("sysv " + systemV.key())).isEqualTo("ok");
            assertThat(c.ask("lockfile " + file)).isEqualTo("ok");
            assertThat(java.ask("attach " + systemV)).isEqualTo("ok");
            assertThat(java.ask("region " + file)).isEqualTo("ok");
            assertThat(java.ask("unlock")).isEqualTo("ok");
            c.tell("count 4 5000");
            java.tell("count 5000");
            for (int i = 0; i < 5000; i++) {
                lock.lock();
                block.segment().set(ValueLayout.JAVA_LONG, 0, block.segment().get(ValueLayout.JAVA_LONG, 0) + 1);
                lock.unlock();
            }
            assertThat(c.answer()).isEqualTo("ok");
            assertThat(java.answer()).isEqualTo("ok");
            assertThat(block.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(30_000);
        }
    }

    @Test
    void shouldGetALockfFromAKilledOwnerAndGiveItOne() throws Exception {
        final Path file = directory.resolve(unique);
        try (Dialogue c = peer();
                Dialogue other = peer();
                RegionLock lock = RegionLock.exclusive(file, 0, 0)) {
            assertThat(c.ask("lockfile " + file)).isEqualTo("ok");
            assertThat(other.ask("lockfile " + file)).isEqualTo("ok");
            assertThat(c.ask("lockf")).isEqualTo("ok");
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.tryLock(Duration.ofMillis(5))).isFalse();
            assertThat(lock.owner()).hasValue(c.pid());
            assertThatThrownBy(lock::breakLock).hasMessageContaining(Long.toString(c.pid()));
            c.kill();
            lock.lock();
            lock.unlock();
            try (Dialogue java = Dialogue.withJava(BlockPeer.class)) {
                assertThat(java.ask("region " + file)).isEqualTo("ok");
                other.tell("lockf");
                java.kill();
                assertThat(other.answer()).isEqualTo("ok");
            }
        }
    }

    @Test
    void shouldConflictRegionByRegion() throws Exception {
        final Path file = directory.resolve(unique);
        try (Dialogue c = peer();
                RegionLock head = RegionLock.exclusive(file, 0, 10);
                RegionLock tail = RegionLock.exclusive(file, 10, 0);
                RegionLock shared = RegionLock.shared(file, 0, 5);
                RegionLock same = RegionLock.exclusive(file, 0, 1)) {
            assertThat(c.ask("lockfile " + file)).isEqualTo("ok");
            assertThat(c.ask("region 5 5")).isEqualTo("ok");
            assertThat(head.tryLock()).isFalse();
            assertThat(tail.tryLock()).isTrue();
            assertThat(c.ask("region 100 1")).startsWith("error ");
            assertThat(c.ask("unregion 5 5")).isEqualTo("ok");
            assertThat(head.tryLock()).isTrue();
            assertThat(same.tryLock()).as("two handles of one JVM").isFalse();
            head.unlock();
            assertThat(c.ask("shared 0 5")).isEqualTo("ok");
            assertThat(shared.tryLock()).isTrue();
            assertThat(same.tryLock()).isFalse();
            // Another descriptor of the file, opened and closed here, takes no lock away: lockf's would be gone.
            Files.readAllBytes(file);
            assertThat(c.ask("region 100 1")).startsWith("error ");
        }
    }

    /** As Qt does from version 6.6 on, with keys of its new kind: such a program in C. */
    @Test
    void shouldMeetAPosixSemaphoreAsQtsNewKeysHave() throws Exception {
        final BlockName name = BlockName.parse("qt:posix:/" + unique);
        try (Dialogue c = peer();
                SharedBlock block = SharedBlock.create(name, 64)) {
            assertThat(c.ask("shm /" + unique)).isEqualTo("ok");
            assertThat(c.ask("sem /" + unique)).isEqualTo("ok");
            assertThat(c.ask("wait")).isEqualTo("ok");
            final ProcessLock lock = block.lock();
            assertThat(lock.tryLock(Duration.ofMillis(5))).isFalse();
            assertThat(lock.owner()).as("one that leaves no stamp").isEmpty();
            assertThat(c.ask("write 1")).isEqualTo("ok");
            assertThat(c.ask("post")).isEqualTo("ok");
            lock.lock();
            assertThat(block.segment().getString(0)).isEqualTo("1");
            c.tell("wait");
            lock.unlock();
            assertThat(c.answer()).isEqualTo("ok");
            // It dies with the lock, and nothing gives that back but somebody's word.
            c.kill();
            assertThat(lock.tryLock(Duration.ofMillis(5))).isFalse();
            assertThat(lock.breakLock()).isTrue();
            lock.lock();
            lock.unlock();
        }
    }

    @Test
    void shouldSayWhoDiedWithAPosixSemaphore() throws Exception {
        try (Dialogue java = Dialogue.withJava(BlockPeer.class);
                SemaphoreLock lock = SemaphoreLock.open(posix)) {
            assertThat(java.ask("semaphore " + posix)).isEqualTo("ok");
            assertThat(lock.owner()).hasValue(java.pid());
            java.kill();
            assertThatThrownBy(lock::lock)
                    .isInstanceOfSatisfying(
                            SharedMemoryException.class,
                            e -> assertThat(e.error()).isEqualTo(SharedMemoryError.LOCK_ERROR))
                    .hasMessageContaining("process " + java.pid() + " died")
                    .hasMessageContaining("break the lock");
            assertThat(lock.breakLock()).isTrue();
            lock.lock();
            lock.unlock();
        }
    }

    @Test
    void shouldReportALockThatWasBroken() throws Exception {
        for (BlockName name : List.of(posix, systemV)) {
            try (SemaphoreLock lock = SemaphoreLock.open(name);
                    SemaphoreLock breaker = SemaphoreLock.open(name)) {
                lock.lock();
                assertThat(breaker.breakLock()).isTrue();
                assertThat(breaker.breakLock()).isFalse();
                assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
                // Not posted twice: one gets in, the other does not.
                assertThat(lock.tryLock()).isTrue();
                assertThat(breaker.tryLock()).isFalse();
                lock.unlock();
                assertThat(lock.repaired()).isFalse();
                assertThat(lock.remove()).isTrue();
            }
        }
    }

    /** One of them has lost it to the other, which the system cannot tell from its own. */
    @Test
    void shouldTellTwoHandlesOfOneProcessApart() throws Exception {
        for (BlockName name : List.of(posix, systemV)) {
            try (SemaphoreLock one = SemaphoreLock.open(name);
                    SemaphoreLock other = SemaphoreLock.open(name)) {
                one.lock();
                assertThat(other.breakLock()).isTrue();
                other.lock();
                assertThatThrownBy(one::unlock).isInstanceOf(LockLostException.class);
                assertThat(one.tryLock()).isFalse();
                other.unlock();
            }
        }
    }

    /** As create() of Qt 6.6 and later does even where it fails: what others hold and wait for is nobody's any more. */
    @Test
    void shouldFollowASemaphoreThatWasReplaced() throws Exception {
        final BlockName name = BlockName.parse("qt:posix:/" + unique);
        try (Dialogue c = peer();
                SharedBlock block = SharedBlock.create(name, 64)) {
            final ProcessLock lock = block.lock();
            lock.lock();
            assertThat(c.ask("replace /" + unique)).isEqualTo("ok");
            assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
            assertThat(c.ask("wait")).isEqualTo("ok");
            assertThat(lock.tryLock()).isFalse();
            assertThat(c.ask("post")).isEqualTo("ok");
            lock.lock();
            c.tell("wait");
            lock.unlock();
            assertThat(c.answer()).isEqualTo("ok");
        }
    }

    @Test
    void shouldRepairASemaphoreThatWasPostedTwice() throws Exception {
        try (Dialogue c = peer();
                SemaphoreLock lock = SemaphoreLock.open(posix);
                SemaphoreLock other = SemaphoreLock.open(posix)) {
            assertThat(c.ask("sem /" + unique)).isEqualTo("ok");
            assertThat(c.ask("post")).isEqualTo("ok");
            lock.lock();
            assertThat(lock.repaired()).isTrue();
            assertThat(other.tryLock()).isFalse();
            lock.unlock();
        }
    }

    @Test
    void shouldSayThatAnotherUsersBlockIsRefused() throws Exception {
        Tool.needs("setpriv");
        final List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(Dialogue.java(BlockPeer.class));
        assumeTrue(
                Tool.ending(
                                        directory,
                                        Map.of(),
                                        List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"))
                                .status()
                        == 0,
                "only root can be another user");
        final BlockName qt = new BlockName.Qt(unique);
        try (SharedBlock one = SharedBlock.create(posix, 10);
                SharedBlock two = SharedBlock.create(systemV, 10);
                SharedBlock three = SharedBlock.create(qt, 10);
                Dialogue other = Dialogue.with(Map.of(), command)) {
            for (SharedBlock block : List.of(one, two, three)) {
                assertThat(other.ask("attach " + block.name()))
                        .startsWith("error 1 ")
                        .contains(block.name().key());
            }
        }
    }

    /** A fault of the memory is an error of this thread, and not the end of the process. */
    @Test
    void shouldOutliveAFileThatIsCutShort() throws Exception {
        final Path file = Files.write(directory.resolve(unique), new byte[100_000]);
        try (Dialogue c = peer();
                SharedBlock block = SharedBlock.attach(new BlockName.MappedFile(file), BlockAccess.READ_WRITE)) {
            assertThat(c.ask("map " + file)).isEqualTo("ok");
            assertThat(block.stillThere()).isTrue();
            assertThat(c.ask("truncate 10")).isEqualTo("ok");
            assertThat(block.stillThere()).isFalse();
            assertThatThrownBy(() -> block.segment().toArray(ValueLayout.JAVA_BYTE))
                    .isInstanceOf(InternalError.class);
            assertThatThrownBy(() -> block.segment().set(ValueLayout.JAVA_LONG, 50_000, 1))
                    .isInstanceOf(InternalError.class);
            block.segment().set(ValueLayout.JAVA_BYTE, 5, (byte) 1);
        }
    }
}
