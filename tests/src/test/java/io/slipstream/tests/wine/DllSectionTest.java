package io.slipstream.tests.wine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Memory that programs share by loading one DLL. */
@ExtendWith(Wine.class)
@Timeout(120)
final class DllSectionTest {
    private static final VarHandle INT = JAVA_INT.varHandle();
    /** What the DLL starts its counter with. */
    private static final int START = 7;

    @TempDir
    Path directory;

    private Path shown;
    private Path hidden;

    @BeforeEach
    void copyTheDlls() throws Exception {
        shown = Files.copy(Win32Programs.program("shown.dll"), directory.resolve("shown.dll"));
        hidden = Files.copy(Win32Programs.program("hidden.dll"), directory.resolve("hidden dll.dll"));
    }

    private static SharedBlock attach(String key) throws SharedMemoryException {
        return SharedBlock.attach(BlockName.parse("dll:" + key), BlockAccess.READ_WRITE);
    }

    private static int increment(SharedBlock block, long offset) {
        return (int) INT.getAndAdd(block.segment(), offset, 1) + 1;
    }

    @Test
    void shouldCountTogetherWithTwoProgramsByTheSymbol() throws Exception {
        try (WineProgram first = Wine.start("counter.exe", shown.toString());
                WineProgram second = Wine.start("counter.exe", shown.toString())) {
            assertThat(first.line()).startsWith("ready ");
            assertThat(second.line()).startsWith("ready ");
            try (SharedBlock block = attach(shown + "!counter")) {
                assertThat(first.ask("increment")).isEqualTo(String.valueOf(START + 1));
                assertThat(second.ask("increment")).isEqualTo(String.valueOf(START + 2));
                assertThat(increment(block, 0)).isEqualTo(START + 3);
                assertThat(first.ask("increment")).isEqualTo(String.valueOf(START + 4));
                assertThat(second.ask("increment")).isEqualTo(String.valueOf(START + 5));
                assertThat(block.segment().get(JAVA_INT, 0)).isEqualTo(START + 5);
                assertThat(block.stillThere()).isTrue();
                first.endInput().exitCode();
                assertThat(block.stillThere()).isTrue();
                second.endInput().exitCode();
                Patience.await(block::stillThere, there -> !there);
                assertThat(increment(block, 0)).isEqualTo(START + 6);
            }
        }
    }

    @Test
    void shouldFindTheSectionOfADllThatExportsNothingOfIt() throws Exception {
        try (WineProgram program = Wine.start("counter.exe", hidden.toString())) {
            final int offset = Integer.parseInt(program.line().substring("ready ".length()));
            for (String member : new String[] {"", "!.shared"}) {
                try (SharedBlock block = attach(hidden + member)) {
                    final int before = block.segment().get(JAVA_INT, offset);
                    assertThat(program.ask("increment")).isEqualTo(String.valueOf(before + 1));
                    assertThat(increment(block, offset)).isEqualTo(before + 2);
                    assertThat(program.ask("increment")).isEqualTo(String.valueOf(before + 3));
                }
            }
            assertThat(SharedBlock.info(BlockName.parse("dll:" + hidden)).nativeName())
                    .contains(".shared");
        }
    }

    @Test
    void shouldSayWhatIsWrong() throws Exception {
        expect(SharedMemoryError.NOT_FOUND, "loaded", shown + "!counter");
        try (WineProgram program = Wine.start("counter.exe", shown.toString())) {
            assertThat(program.line()).startsWith("ready ");
            expect(SharedMemoryError.NOT_FOUND, "very file", hidden.toString());
            expect(
                    SharedMemoryError.NOT_FOUND,
                    "no such file",
                    directory.resolve("none.dll").toString());
            expect(SharedMemoryError.KEY_ERROR, "exports no 'Counter'", shown + "!Counter");
            expect(SharedMemoryError.KEY_ERROR, "its own copy", shown + "!own");
            expect(SharedMemoryError.KEY_ERROR, "its own copy", shown + "!.text");
            expect(SharedMemoryError.KEY_ERROR, ".shared (shared)", shown + "!.nothing");
            final Path text = Files.writeString(directory.resolve("text.dll"), "MZ, but no more");
            expect(SharedMemoryError.KEY_ERROR, "it ends at", text.toString());
            final SharedMemoryException made = catchThrowableOfType(
                    SharedMemoryException.class, () -> SharedBlock.create(BlockName.parse("dll:" + shown), 100));
            assertThat(made).hasMessageContaining("start such a program");
        }
    }

    private static void expect(SharedMemoryError error, String message, String key) {
        final SharedMemoryException thrown = catchThrowableOfType(SharedMemoryException.class, () -> attach(key));
        assertThat(thrown.error()).as("%s", thrown.getMessage()).isEqualTo(error);
        assertThat(thrown).hasMessageContaining(message);
    }
}
