package io.slipstream.tests.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockInfo;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.WineBridge;
import io.slipstream.memory.WinePrefix;
import io.slipstream.memory.WinePrefixes;
import io.slipstream.tests.Program;
import io.slipstream.tests.build.Tool;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks that unmodified Windows programs have made before Java comes to them. */
@ExtendWith(Wine.class)
@Timeout(120)
final class WineBlockTest {
    private final String name = "slipstream-" + UUID.randomUUID();

    @TempDir
    Path directory;

    @AfterEach
    void shouldLeaveNoHelperBehind() throws Exception {
        assertThat(Wine.running("slipstream-bridge.exe")).isZero();
    }

    private static SharedBlock attach(String name) throws SharedMemoryException {
        return SharedBlock.attach(BlockName.parse("wine:" + name), BlockAccess.READ_WRITE);
    }

    @Test
    void shouldShareABlockThatAProgramMade() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", name, "5000")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            assertThat(writer.ask("write Hello, Linux!")).isEqualTo("written");
            try (SharedBlock block = attach(name);
                    WineProgram reader = Wine.start("mapping.exe", "open", name)) {
                assertThat(block.size()).isEqualTo(8192);
                assertThat(block.created()).isFalse();
                assertThat(block.stillThere()).isTrue();
                assertThat(block.segment().getString(0)).isEqualTo("Hello, Linux!");
                block.segment().setString(0, "Hello, Windows!");
                assertThat(writer.ask("read")).isEqualTo("Hello, Windows!");
                assertThat(reader.line()).isEqualTo("ready 0");
                assertThat(reader.ask("read")).isEqualTo("Hello, Windows!");
                assertThat(reader.ask("write Bye")).isEqualTo("written");
                assertThat(block.segment().getString(0)).isEqualTo("Bye");
            }
        }
    }

    @Test
    void shouldTellOfABlockAndItsPrefix() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", name, "5000")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            final BlockInfo info = SharedBlock.info(BlockName.parse("wine:Local\\" + name));
            assertThat(info.size()).isEqualTo(8192);
            assertThat(info.nativeName())
                    .contains(name)
                    .contains(Wine.PREFIX.toRealPath().toString());
            final WinePrefix prefix = WinePrefixes.running().stream()
                    .filter(running -> running.path().endsWith("wine-prefix"))
                    .findFirst()
                    .orElseThrow();
            assertThat(prefix.programs()).contains(new WinePrefix.Program(writer.pid(), "mapping.exe"));
            assertThat(prefix.loader()).isExecutable();
            assertThat(prefix.isProton()).isFalse();
        }
    }

    @Test
    void shouldRefuseToWriteWhatItReadsOnly() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", name, "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            assertThat(writer.ask("write theirs")).isEqualTo("written");
            try (SharedBlock block = SharedBlock.attach(BlockName.parse("wine:" + name), BlockAccess.READ_ONLY)) {
                assertThat(block.segment().isReadOnly()).isTrue();
                assertThatThrownBy(() -> block.segment().setString(0, "not for us"))
                        .isInstanceOfAny(IllegalArgumentException.class, UnsupportedOperationException.class);
                assertThatThrownBy(() -> block.segment().asByteBuffer().put(0, (byte) 'n'))
                        .isInstanceOf(ReadOnlyBufferException.class);
                assertThat(writer.ask("read")).isEqualTo("theirs");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Local\\a:b*?<>\"' c | Local\\a:b*?<>\"' c",
                "$pcars2$ 100%25 -- --file | $pcars2$ 100% -- --file",
                "Fahrzeugz%E4hler %80 | Fahrzeugzähler €",
                "back/slash. | back/slash."
            })
    void shouldFindNamesOfAnyCharacters(String written, String read) throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", written + name, "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            writer.ask("write here");
            try (SharedBlock block = attach(read + name)) {
                assertThat(block.segment().getString(0)).isEqualTo("here");
            }
        }
    }

    @Test
    void shouldFindTheNameThatAChineseProgramGives() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create936", "%D6%D0%CE%C4" + name, "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            writer.ask("write here");
            try (SharedBlock block = attach("\u4e2d\u6587" + name)) {
                assertThat(block.segment().getString(0)).isEqualTo("here");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--", "--file", "--percent", "-"})
    void shouldFindNamesThatLookLikeOptions(String option) throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", option, "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            writer.ask("write " + name);
            try (SharedBlock block = attach(option)) {
                assertThat(block.segment().getString(0)).isEqualTo(name);
            }
        }
    }

    @Test
    void shouldSayThatTheNameIsAMutexes() throws Exception {
        try (WineProgram mutex = Wine.start("mapping.exe", "mutex", name)) {
            assertThat(mutex.line()).isEqualTo("ready 0");
            final SharedMemoryException other = catchThrowableOfType(SharedMemoryException.class, () -> attach(name));
            assertThat(other.error()).as("%s", other.getMessage()).isEqualTo(SharedMemoryError.KEY_ERROR);
            assertThat(other).hasMessageContaining("mutex");
            final SharedMemoryException made = catchThrowableOfType(
                    SharedMemoryException.class, () -> SharedBlock.create(BlockName.parse("wine:" + name), 100));
            assertThat(made.error()).as("%s", made.getMessage()).isEqualTo(SharedMemoryError.KEY_ERROR);
        }
    }

    @Test
    void shouldFindInAnyLocaleWhatABridgeShares() throws Exception {
        final String encoded = "%E4%B8%AD%E6%96%87" + name;
        try (WineProgram bridge = Wine.start(WineBridge.executable(), "share", "--percent", encoded, "100");
                Program program = Program.java(
                        directory,
                        List.of("env", "LC_ALL=C", "WINEPREFIX=" + Wine.PREFIX),
                        "io.slipstream.tests.wine.WineBlock",
                        "attach",
                        "wine:" + encoded)) {
            assertThat(bridge.line()).contains(encoded);
            assertThat(program.exitCode()).as("%s", program).isZero();
        } finally {
            // This JVM's locale need not know the name either.
            Tool.run(directory, "sh", "-c", "rm -f /dev/shm/*" + name);
        }
    }

    @Test
    void shouldSayThatNoProgramHasTheName() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", name + "x", "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            final SharedMemoryException absent =
                    catchThrowableOfType(SharedMemoryException.class, () -> attach(name + "X"));
            assertThat(absent.error()).isEqualTo(SharedMemoryError.NOT_FOUND);
            assertThat(absent).hasMessageContaining(name + "X").hasMessageContaining("case counts");
            final SharedMemoryException kept = catchThrowableOfType(
                    SharedMemoryException.class, () -> SharedBlock.remove(BlockName.parse("wine:" + name + "x")));
            assertThat(kept).hasMessageContaining("goes by itself");
        }
    }

    @Test
    void shouldSayThatThePrefixDoesNotRun() throws Exception {
        try (Program program = Program.java(
                directory,
                List.of("env", "WINEPREFIX=" + directory.resolve("rest")),
                "io.slipstream.tests.wine.WineBlock",
                "attach",
                "wine:" + name)) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.err())
                    .contains("NOT_FOUND")
                    .contains("WINEPREFIX")
                    .contains("rest");
        }
    }

    @Test
    void shouldKeepTheMemoryOfAProgramThatIsKilled() throws Exception {
        try (WineProgram writer = Wine.start("mapping.exe", "create", name, "100")) {
            assertThat(writer.line()).isEqualTo("ready 0");
            writer.ask("write last words");
            try (SharedBlock block = attach(name)) {
                assertThat(block.stillThere()).isTrue();
                writer.kill();
                // The wineserver notices soon.
                Patience.await(block::stillThere, there -> !there);
                assertThat(block.segment().getString(0)).isEqualTo("last words");
                block.segment().setString(0, "nobody reads this");
            }
            assertThat(catchThrowableOfType(SharedMemoryException.class, () -> attach(name))
                            .error())
                    .isEqualTo(SharedMemoryError.NOT_FOUND);
        }
    }

    @Test
    void shouldNotTripAProgramThatRunsOnceAtATime() throws Exception {
        try (WineProgram first = Wine.start("single.exe", name)) {
            assertThat(first.line()).isEqualTo("first");
            try (SharedBlock _ = attach(name)) {
                try (WineProgram second = Wine.start("single.exe", name)) {
                    assertThat(second.line()).isEqualTo("second");
                }
                first.endInput();
                assertThat(first.exitCode()).isZero();
                // We hold the memory, not the name.
                try (WineProgram again = Wine.start("single.exe", name)) {
                    assertThat(again.line()).isEqualTo("first");
                }
            }
        }
    }

    @Test
    void shouldMakeABlockForProgramsThatComeLater() throws Exception {
        try (Program java = Program.java(
                directory,
                List.of("env", "WINEPREFIX=" + Wine.PREFIX),
                "io.slipstream.tests.wine.WineBlock",
                "create",
                "wine:" + name,
                "5000",
                "made in Java")) {
            java.awaitMessage("created");
            try (WineProgram reader = Wine.start("mapping.exe", "open", name);
                    WineProgram maker = Wine.start("mapping.exe", "create", name, "5000")) {
                assertThat(reader.line()).isEqualTo("ready 0");
                assertThat(maker.line()).isEqualTo("ready 183");
                assertThat(reader.ask("read")).isEqualTo("made in Java");
                assertThat(maker.ask("write enough")).isEqualTo("written");
                assertThat(java.exitCode()).as("%s", java).isZero();
                assertThat(java.err()).contains("there twice: ALREADY_EXISTS").contains("read: enough");
            }
        }
    }
}
