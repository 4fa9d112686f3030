package io.slipstream.tests.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.LockLostException;
import io.slipstream.memory.ProcessLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.SystemSemaphore;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of Qt that know nothing of us, and Java, on the same blocks and locks. */
@ParameterizedClass(name = "Qt {0}")
@ValueSource(ints = {5, 6})
final class QtTest {
    private static final BlockName CLASSIC = new BlockName.Qt("MyUniqueKey");

    @Parameter
    private int version;

    private QtPrograms qt;
    private String key;
    private BlockName name;
    private Dialogue robber;

    @BeforeEach
    void build() throws Exception {
        qt = QtPrograms.of(version);
        key = "slipstream test/ö " + UUID.randomUUID();
        name = BlockName.parse("qt:" + key);
        assumeTrue(
                SharedBlock.list().stream().noneMatch(block -> block.name().equals(CLASSIC)),
                "somebody uses the block " + CLASSIC);
    }

    @AfterEach
    void remove() throws Exception {
        if (robber != null) {
            robber.close();
        }
        SharedBlock.remove(name);
        SharedBlock.remove(CLASSIC);
    }

    private Dialogue peer() throws Exception {
        final Dialogue peer = qt.start("peer");
        assertThat(peer.ask("key " + key)).isEqualTo("ok");
        return peer;
    }

    @Test
    void shouldReadTheGreetingOfAQtServerAndAnswer() throws Exception {
        try (Dialogue server = qt.start("server")) {
            assertThat(server.answer())
                    .isEqualTo("serving qipc_sharedmemory_MyUniqueKey9a52c6ac1ae77331a249b618a4a2e5ad995f5cb4"
                            .replace("serving ", "serving " + System.getenv().getOrDefault("TMPDIR", "/tmp") + "/"));
            try (SharedBlock block = SharedBlock.attach(CLASSIC, BlockAccess.READ_WRITE)) {
                assertThat(block.size()).isEqualTo(1024);
                assertThat(block.created()).isFalse();
                final ProcessLock lock = block.lock();
                lock.lock();
                assertThat(block.segment().getString(0)).isEqualTo("Hello, Client!");
                block.segment().setString(0, "Hello, Server!");
                lock.unlock();
                assertThat(server.ask("")).isEqualTo("Hello, Server!");
            }
            assertThat(server.end()).isZero();
        }
        assertThatThrownBy(() -> SharedBlock.attach(CLASSIC, BlockAccess.READ_ONLY))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.error()).isEqualTo(SharedMemoryError.NOT_FOUND));
    }

    @Test
    void shouldServeAQtClient() throws Exception {
        try (SharedBlock block = SharedBlock.create(CLASSIC, 1024)) {
            final ProcessLock lock = block.lock();
            lock.lock();
            block.segment().setString(0, "Hello, Client!");
            try (Dialogue client = qt.start("client")) {
                // Whether it waits for the lock by now or comes later, it reads what stands there at last.
                block.segment().setString(0, "Hello from Java!");
                lock.unlock();
                assertThat(client.answer()).isEqualTo("Hello from Java!");
                assertThat(client.end()).isZero();
            }
        }
    }

    @Test
    void shouldCountExactlyTogether() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 64);
                Dialogue first = peer();
                Dialogue second = peer();
                Dialogue java = Dialogue.withJava(BlockPeer.class)) {
            assertThat(first.ask("attach")).isEqualTo("ok");
            assertThat(second.ask("attach")).isEqualTo("ok");
            assertThat(java.ask("attach " + name)).isEqualTo("ok");
            first.tell("count 4000");
            second.tell("count 4000");
            java.tell("count 4000");
            final ProcessLock lock = block.lock();
            for (int i = 0; i < 4000; i++) {
                lock.lock();
                block.segment().set(ValueLayout.JAVA_LONG, 0, block.segment().get(ValueLayout.JAVA_LONG, 0) + 1);
                lock.unlock();
            }
            assertThat(first.answer()).isEqualTo("ok");
            assertThat(second.answer()).isEqualTo("ok");
            assertThat(java.answer()).isEqualTo("ok");
            assertThat(block.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(16_000);
        }
    }

    @Test
    void shouldWaitForAQtOwnerNoLongerThanAsked() throws Exception {
        try (Dialogue owner = peer()) {
            assertThat(owner.ask("create 64")).isEqualTo("ok");
            // Attached before the lock is taken: to attach takes the lock too.
            try (SharedBlock block = SharedBlock.attach(name, BlockAccess.READ_WRITE)) {
                assertThat(owner.ask("lock")).isEqualTo("ok");
                final ProcessLock lock = block.lock();
                assertThat(lock.tryLock()).isFalse();
                assertThat(lock.tryLock(Duration.ofMillis(120))).isFalse();
                assertThat(lock.owner()).hasValue(owner.pid());
                assertThat(SharedBlock.info(name).lock()).isEqualTo("held by process " + owner.pid());
                final Thread waiter = Thread.currentThread();
                Thread.ofPlatform().start(waiter::interrupt);
                assertThatThrownBy(lock::lock).isInstanceOf(InterruptedException.class);
                assertThat(lock.isHeld()).isFalse();
                assertThat(owner.ask("unlock")).isEqualTo("ok");
                lock.lock();
                assertThat(lock.isHeld()).isTrue();
                lock.unlock();
            }
        }
    }

    @Test
    void shouldGetTheLockOfAKilledQtOwner() throws Exception {
        try (Dialogue owner = peer();
                SharedBlock block = SharedBlock.create(name, 64)) {
            assertThat(owner.ask("attach")).isEqualTo("ok");
            assertThat(owner.ask("lock")).isEqualTo("ok");
            assertThat(block.lock().tryLock()).isFalse();
            owner.kill();
            block.lock().lock();
            block.lock().unlock();
        }
    }

    @Test
    void shouldGiveTheLockOfAKilledJavaOwnerToQt() throws Exception {
        try (Dialogue qtPeer = peer();
                Dialogue java = Dialogue.withJava(BlockPeer.class)) {
            assertThat(qtPeer.ask("create 64")).isEqualTo("ok");
            assertThat(java.ask("attach " + name)).isEqualTo("ok");
            assertThat(java.ask("lock")).isEqualTo("ok");
            qtPeer.tell("lock");
            java.kill();
            assertThat(qtPeer.answer()).isEqualTo("ok");
            assertThat(qtPeer.ask("unlock")).isEqualTo("ok");
        }
    }

    /** Qt sets the semaphore to one before it finds that there is such a block, whoever has the lock, and then removes it. */
    @Test
    void shouldReportALockThatAFailingSecondCreateTookAway() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 64)) {
            final ProcessLock lock = block.lock();
            lock.lock();
            try (Dialogue second = peer()) {
                assertThat(second.ask("create 64")).startsWith("error 4 ");
                assertThatThrownBy(lock::unlock)
                        .isInstanceOf(LockLostException.class)
                        .hasMessageContaining(key)
                        .hasMessageContaining("not released a second time");
                assertThat(lock.isHeld()).isFalse();
                assertThat(second.end()).isZero();
            }
            // The semaphore is gone with that program, and made anew.
            lock.lock();
            lock.unlock();
            try (Dialogue java = Dialogue.withJava(BlockPeer.class)) {
                assertThat(java.ask("attach " + name)).isEqualTo("ok");
                assertThat(java.ask("count 10")).isEqualTo("ok");
            }
        }
    }

    /** Robbed of its undo, the owner gives the lock back once too often, and its end takes one away: while Java has it. */
    @Test
    void shouldKeepTheLockOneWhenItsRobbedOwnerDiesWhileJavaHasIt() throws Exception {
        try (Dialogue maker = peer();
                Dialogue owner = peer();
                SharedBlock block = attached(maker)) {
            rob(owner);
            block.lock().lock();
            owner.kill();
            block.lock().unlock();
            isOne(maker, block.lock());
        }
    }

    @Test
    void shouldKeepTheLockOneWhenItsRobbedOwnerEndsAfterJavaHadIt() throws Exception {
        try (Dialogue maker = peer();
                Dialogue owner = peer();
                SharedBlock block = attached(maker)) {
            rob(owner);
            block.lock().lock();
            block.lock().unlock();
            assertThat(owner.end()).isZero();
            isOne(maker, block.lock());
        }
    }

    /** Another program's create() fails while this one has the lock. That program stays: with it the semaphore would go. */
    private void rob(Dialogue owner) throws Exception {
        assertThat(owner.ask("attach")).isEqualTo("ok");
        assertThat(owner.ask("lock")).isEqualTo("ok");
        robber = peer();
        assertThat(robber.ask("create 64")).startsWith("error 4 ");
        assertThat(owner.ask("unlock")).isEqualTo("ok");
    }

    private static void isOne(Dialogue maker, ProcessLock lock) throws Exception {
        assertThat(maker.ask("lock")).isEqualTo("ok");
        assertThat(lock.tryLock()).isFalse();
        assertThat(maker.ask("unlock")).isEqualTo("ok");
        lock.lock();
        lock.unlock();
    }

    private SharedBlock attached(Dialogue maker) throws Exception {
        assertThat(maker.ask("create 64")).isEqualTo("ok");
        return SharedBlock.attach(name, BlockAccess.READ_WRITE);
    }

    @Test
    void shouldCleanUpWhatAKilledQtServerLeft() throws Exception {
        try (Dialogue server = peer()) {
            assertThat(server.ask("create 100")).isEqualTo("ok");
            assertThat(server.ask("write stale")).isEqualTo("ok");
            server.kill();
        }
        assertThat(SharedBlock.info(name).attached()).hasValue(0);
        assertThatThrownBy(() -> SharedBlock.create(name, 100))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class,
                        e -> assertThat(e.error()).isEqualTo(SharedMemoryError.ALREADY_EXISTS));
        try (SharedBlock block = SharedBlock.attach(name, BlockAccess.READ_ONLY)) {
            assertThat(block.segment().getString(0, UTF_8)).isEqualTo("stale");
            assertThat(block.segment().isReadOnly()).isTrue();
        }
        // The last one that detached has removed it.
        assertThat(SharedBlock.remove(name)).isFalse();
        try (Dialogue next = peer()) {
            assertThat(next.ask("create 100")).isEqualTo("ok");
            assertThat(next.ask("read")).isEmpty();
        }
    }

    @Test
    void shouldAgreeOnSizesAndErrors() throws Exception {
        try (Dialogue qtPeer = peer();
                Dialogue java = Dialogue.withJava(BlockPeer.class)) {
            final String block = name.toString();
            assertThat(error(qtPeer.ask("attach"))).isEqualTo(5).isEqualTo(error(java.ask("attach " + block)));
            assertThat(error(qtPeer.ask("create 0"))).isEqualTo(2).isEqualTo(error(java.ask("create " + block + " 0")));
            assertThat(error(qtPeer.ask("create -7")))
                    .isEqualTo(2)
                    .isEqualTo(error(java.ask("create " + block + " -7")));
            assertThat(java.ask("create " + block + " 1000")).isEqualTo("ok");
            assertThat(qtPeer.ask("attach")).isEqualTo("ok");
            assertThat(qtPeer.ask("size")).isEqualTo("1000");
            assertThat(qtPeer.ask("detach")).isEqualTo("ok");
            assertThat(error(qtPeer.ask("create 10")))
                    .isEqualTo(4)
                    .isEqualTo(error(java.ask("create " + block + " 10")));
            assertThat(java.ask("detach")).isEqualTo("ok");
            assertThat(qtPeer.ask("create 333")).isEqualTo("ok");
            try (SharedBlock attached = SharedBlock.createOrAttach(name, 300)) {
                assertThat(attached.size()).isEqualTo(333);
            }
            assertThatThrownBy(() -> SharedBlock.createOrAttach(name, 400))
                    .isInstanceOfSatisfying(
                            SharedMemoryException.class,
                            e -> assertThat(e.error()).isEqualTo(SharedMemoryError.INVALID_SIZE));
        }
    }

    private static int error(String answer) {
        assertThat(answer).startsWith("error ");
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    @Test
    void shouldPassCountsThroughASystemSemaphore() throws Exception {
        try (Dialogue qtPeer = qt.start("peer");
                SystemSemaphore semaphore = SystemSemaphore.open(name, 0)) {
            assertThat(qtPeer.ask("semaphore " + key)).isEqualTo("ok");
            assertThat(semaphore.tryAcquire(Duration.ZERO)).isFalse();
            assertThat(qtPeer.ask("release 3")).isEqualTo("ok");
            assertThat(semaphore.value()).isEqualTo(3);
            semaphore.acquire();
            qtPeer.tell("acquire");
            assertThat(qtPeer.answer()).isEqualTo("ok");
            assertThat(qtPeer.ask("acquire")).isEqualTo("ok");
            qtPeer.tell("acquire");
            semaphore.release(1);
            assertThat(qtPeer.answer()).isEqualTo("ok");
            assertThat(semaphore.remove()).isTrue();
        }
    }

    @Test
    void shouldServeBothVersionsAtOnce() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 64);
                Dialogue one = peer();
                Dialogue other = QtPrograms.of(version == 5 ? 6 : 5).start("peer")) {
            assertThat(other.ask("key " + key)).isEqualTo("ok");
            assertThat(one.ask("attach")).isEqualTo("ok");
            assertThat(other.ask("attach ro")).isEqualTo("ok");
            assertThat(one.ask("write Grüße")).isEqualTo("ok");
            assertThat(other.ask("read"))
                    .isEqualTo("Grüße")
                    .isEqualTo(block.segment().getString(0));
        }
    }
}
