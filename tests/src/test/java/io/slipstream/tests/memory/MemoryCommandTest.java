package io.slipstream.tests.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.tests.Program;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipstream memory …} beside programs of others. */
final class MemoryCommandTest {
    @TempDir
    Path directory;

    private final String unique =
            "slipstream-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final BlockName name = new BlockName.Posix(unique);

    @AfterEach
    void remove() throws Exception {
        SharedBlock.remove(name);
        SharedBlock.remove(new BlockName.Qt(unique));
        SharedBlock.remove(new BlockName.Qt("MyUniqueKey"));
    }

    private String run(int expected, String... arguments) throws Exception {
        try (Program program = Program.slipstream(directory, arguments)) {
            assertThat(program.exitCode()).as("%s", program).isEqualTo(expected);
            assertThat(program.err()).doesNotContain("\tat ");
            return expected == 0 ? program.out() : program.err();
        }
    }

    @Test
    void shouldTalkWithARunningQtServer() throws Exception {
        try (Dialogue server = QtPrograms.of(5).start("server")) {
            assertThat(server.answer()).startsWith("serving ");
            assertThat(run(0, "memory", "read", "qt:MyUniqueKey", "--as", "text"))
                    .isEqualTo("Hello, Client!\n");
            assertThat(run(0, "memory", "write", "qt:MyUniqueKey", "--as", "text", "Hello, Server!"))
                    .isEmpty();
            assertThat(server.ask("")).isEqualTo("Hello, Server!");
            assertThat(run(0, "memory", "list")).contains("qt:MyUniqueKey ").contains("1,024");
            assertThat(run(0, "memory", "info", "qt:MyUniqueKey"))
                    .contains("qipc_sharedmemory_MyUniqueKey9a52c6ac")
                    .contains("made by   process " + server.pid())
                    .contains("lock      free");
        }
    }

    @Test
    void shouldSayWhoDoesNotGiveTheLockBack() throws Exception {
        try (Dialogue peer = QtPrograms.of(6).start("peer")) {
            assertThat(peer.ask("key " + unique)).isEqualTo("ok");
            assertThat(peer.ask("create 64")).isEqualTo("ok");
            assertThat(peer.ask("write abc")).isEqualTo("ok");
            assertThat(peer.ask("lock")).isEqualTo("ok");
            final String block = "qt:" + unique;
            assertThat(run(1, "memory", "read", block, "--as", "text", "--lock-timeout", "100ms"))
                    .contains("the lock is not given back")
                    .contains("process " + peer.pid());
            assertThat(run(0, "memory", "break-lock", block)).isEqualTo("taken away from process " + peer.pid() + "\n");
            assertThat(run(0, "memory", "read", block, "--as", "text")).isEqualTo("abc\n");
        }
    }

    @Test
    void shouldShowChangesAsTheyCome() throws Exception {
        try (SharedBlock block = SharedBlock.create(name, 4096);
                Program watch = Program.slipstream(
                        directory, "memory", "watch", name.toString(), "--as", "i32", "--at", "8", "--changes", "1")) {
            watch.awaitOutput("value  0");
            block.segment().set(ValueLayout.JAVA_INT, 8, 17);
            assertThat(watch.exitCode()).as("%s", watch).isZero();
            assertThat(watch.out()).contains("value  0 -> 17");
        }
    }

    @Test
    void shouldKeepAQtBlockUntilItIsTold() throws Exception {
        final BlockName qt = new BlockName.Qt(unique);
        try (Program create = Program.slipstream(directory, "memory", "create", qt.toString(), "--size", "100")) {
            create.awaitMessage("kept until Ctrl-C");
            try (SharedBlock block = SharedBlock.attach(qt, BlockAccess.READ_ONLY)) {
                assertThat(block.size()).isEqualTo(100);
            }
            create.interrupt();
            assertThat(create.exitCode()).isZero();
        }
        assertThat(SharedBlock.remove(qt)).isFalse();
    }
}
