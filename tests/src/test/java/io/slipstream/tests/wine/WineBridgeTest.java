package io.slipstream.tests.wine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.WineBridge;
import io.slipstream.tests.build.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The bridge as people start it, before the programs that want the block. */
@ExtendWith(Wine.class)
@Timeout(120)
final class WineBridgeTest {
    private final String name = "slipstream " + UUID.randomUUID();

    @TempDir
    Path directory;

    @AfterEach
    void tidyUp() throws Exception {
        Files.deleteIfExists(WineBridge.sharedFile(name));
        Files.deleteIfExists(WineBridge.sharedFile("Global\\" + name));
        assertThat(Wine.running("slipstream-bridge.exe")).isZero();
    }

    private static WineProgram bridge(String... arguments) throws Exception {
        return Wine.start(WineBridge.executable(), arguments);
    }

    @Test
    void shouldHoldANameForProgramsThatOpenOrMakeIt() throws Exception {
        final Path file = WineBridge.sharedFile(name);
        try (WineProgram bridge = bridge("share", name, "5000")) {
            assertThat(bridge.line()).matches("shared name=slipstream%20[-0-9a-f]+ bytes=5000 file=.*" + name);
            try (SharedBlock linux = SharedBlock.attach(BlockName.parse("file:" + file), BlockAccess.READ_WRITE);
                    SharedBlock block = SharedBlock.attach(BlockName.parse("wine:" + name), BlockAccess.READ_WRITE);
                    WineProgram reader = Wine.start("mapping.exe", "open", name);
                    WineProgram writer = Wine.start("mapping.exe", "create", "Local\\" + name, "5000")) {
                assertThat(block.size()).isEqualTo(5000);
                assertThat(reader.line()).isEqualTo("ready 0");
                assertThat(writer.line()).isEqualTo("ready 183");
                assertThat(writer.ask("write to all")).isEqualTo("written");
                assertThat(block.segment().getString(0)).isEqualTo("to all");
                linux.segment().setString(0, "back");
                assertThat(reader.ask("read")).isEqualTo("back");
                bridge.endInput();
                assertThat(bridge.exitCode()).isZero();
                assertThat(block.stillThere()).isTrue();
            }
        }
        assertThat(file).hasSize(5000);
    }

    @Test
    void shouldStartAProgramWithItsArgumentsAndEndWithItsCode() throws Exception {
        final Path program = Win32Programs.program("words.exe");
        final List<String> words = List.of("37", "a b", "q\"uote", "", "back\\", "ba ck\\", "--", "%PATH%");
        // As Proton hands it over, by its path on Linux, and as Windows has it.
        for (String path : List.of(program.toString(), "Z:" + program.toString().replace('/', '\\'))) {
            final List<String> arguments = new ArrayList<>(List.of("share", name, "100", "--", path));
            arguments.addAll(words);
            try (WineProgram bridge = bridge(arguments.toArray(String[]::new))) {
                for (String word : words) {
                    assertThat(bridge.line()).isEqualTo("[" + word + "]");
                }
                assertThat(bridge.ask("hello")).isEqualTo("<hello>");
                bridge.endInput();
                assertThat(bridge.line()).isNull();
                assertThat(bridge.exitCode()).isEqualTo(37);
            }
        }
    }

    @Test
    void shouldHaveTheNameWhenTheProgramStarts() throws Exception {
        final String program = Win32Programs.program("mapping.exe").toString();
        try (WineProgram bridge = bridge("share", name, "5000", "--", program, "create", name, "5000")) {
            assertThat(bridge.line()).isEqualTo("ready 183");
            bridge.ask("write from within");
            try (SharedBlock block =
                    SharedBlock.attach(BlockName.parse("file:" + WineBridge.sharedFile(name)), BlockAccess.READ_ONLY)) {
                assertThat(block.segment().getString(0)).isEqualTo("from within");
            }
            bridge.endInput();
            assertThat(bridge.exitCode()).isZero();
        }
    }

    @Test
    void shouldStartTheProgramThoughItsBlockCannotBeShared() throws Exception {
        final String words = Win32Programs.program("words.exe").toString();
        try (WineProgram game = Wine.start("mapping.exe", "create", name, "100")) {
            assertThat(game.line()).isEqualTo("ready 0");
            // The name is taken, its length is none, and a directory that is not there.
            for (List<String> block : List.of(
                    List.of(name, "100"), List.of(name, "none"), List.of(name + "x", "1", "--file", "Z:\\none\\x"))) {
                final List<String> arguments = new ArrayList<>(List.of("share"));
                arguments.addAll(block);
                arguments.addAll(List.of("--", words, "37"));
                try (WineProgram bridge = bridge(arguments.toArray(String[]::new))) {
                    assertThat(bridge.line()).isEqualTo("[37]");
                    bridge.endInput();
                    assertThat(bridge.exitCode()).isEqualTo(37);
                    assertThat(bridge.errors()).contains("starting the program all the same");
                }
            }
        }
        assertThat(WineBridge.sharedFile(name)).doesNotExist();
    }

    @Test
    void shouldShareTheOtherNamesWithTheProgram() throws Exception {
        final String program = Win32Programs.program("mapping.exe").toString();
        final String other = "Global\\" + name;
        try (WineProgram game = Wine.start("mapping.exe", "create", name, "100")) {
            assertThat(game.line()).isEqualTo("ready 0");
            try (WineProgram bridge = bridge("share", name, "100", other, "100", "--", program, "open", other)) {
                assertThat(bridge.line()).isEqualTo("ready 0");
            }
        }
    }

    @Test
    void shouldClearWhatTheLastRunLeftButNotAFileOfTheUsersChoice() throws Exception {
        final Path file = Files.writeString(WineBridge.sharedFile(name), "odd".repeat(20));
        final Path chosen = Files.writeString(directory.resolve("chosen"), "kept".repeat(20));
        try (WineProgram bridge = bridge(
                "share",
                name,
                "43",
                "Global\\" + name,
                "10",
                "--file",
                "Z:" + chosen.toString().replace('/', '\\'))) {
            assertThat(bridge.line()).startsWith("shared ");
            assertThat(bridge.line()).startsWith("shared ");
            assertThat(Files.readString(file))
                    .isEqualTo("\0".repeat(43) + "odd".repeat(20).substring(43));
            assertThat(chosen).hasContent("kept".repeat(20));
        }
    }

    @Test
    void shouldKeepNamesApartThatDifferInCaseOnly() throws Exception {
        final String upper = name.toUpperCase(Locale.ROOT);
        try (WineProgram bridge = bridge("share", name, "100", upper, "200")) {
            assertThat(bridge.line()).endsWith(name);
            assertThat(bridge.line()).endsWith(upper);
            assertThat(WineBridge.sharedFile(name)).hasSize(100);
            assertThat(WineBridge.sharedFile(upper)).hasSize(200);
        } finally {
            Files.deleteIfExists(WineBridge.sharedFile(upper));
        }
    }

    @Test
    void shouldLeaveNoFileWhenSharingFails() throws Exception {
        final String other = "Global\\" + name;
        try (WineProgram game = Wine.start("mapping.exe", "create", other, "100")) {
            assertThat(game.line()).isEqualTo("ready 0");
            for (String[] blocks :
                    new String[][] {{"share", name, "100", other, "100"}, {"share", name, "999999999999999999"}}) {
                try (WineProgram bridge = bridge(blocks)) {
                    assertThat(bridge.exitCode()).isBetween(121, 123);
                    assertThat(WineBridge.sharedFile(name)).doesNotExist();
                    assertThat(WineBridge.sharedFile(other)).doesNotExist();
                }
            }
        }
    }

    @Test
    void shouldSayThatTheNameIsAMutexes() throws Exception {
        try (WineProgram mutex = Wine.start("mapping.exe", "mutex", name)) {
            assertThat(mutex.line()).isEqualTo("ready 0");
            for (String[] words : new String[][] {{"share", name, "100"}, {"find", name}}) {
                try (WineProgram bridge = bridge(words)) {
                    assertThat(bridge.exitCode()).isEqualTo(124);
                    assertThat(bridge.errors()).contains("mutex").contains("error 6");
                }
            }
        }
        assertThat(WineBridge.sharedFile(name)).doesNotExist();
    }

    @Test
    void shouldShareSeveralNamesAndFilesOfTheUsersChoice() throws Exception {
        final Path file = Files.write(directory.resolve("block"), new byte[9000]);
        final String windows = "Z:" + file.toString().replace('/', '\\');
        final Path global = WineBridge.sharedFile("Global\\" + name);
        try (WineProgram bridge = bridge("share", name, "100", "--file", windows, "Global\\" + name, "300")) {
            assertThat(bridge.line()).endsWith("file=" + windows);
            assertThat(bridge.line()).contains("name=Global%5Cslipstream%20");
            assertThat(file).hasSize(9000);
            assertThat(global).hasSize(300);
            assertThat(global.getFileName().toString()).startsWith("Global%5Cslipstream ");
            try (SharedBlock block = SharedBlock.attach(BlockName.parse("wine:" + name), BlockAccess.READ_WRITE);
                    WineProgram reader = Wine.start("mapping.exe", "open", name)) {
                assertThat(reader.line()).isEqualTo("ready 0");
                block.segment().setString(0, "in a file");
                assertThat(reader.ask("read")).isEqualTo("in a file");
            }
            bridge.endInput();
            assertThat(bridge.exitCode()).isZero();
        }
        assertThat(Files.readString(file)).startsWith("in a file");
    }

    @Test
    void shouldSayWhatToDoWhenTheNameIsTaken() throws Exception {
        try (WineProgram game = Wine.start("mapping.exe", "create", name, "100")) {
            assertThat(game.line()).isEqualTo("ready 0");
            try (WineProgram bridge = bridge("share", name, "100")) {
                assertThat(bridge.exitCode()).isEqualTo(121);
                assertThat(bridge.errors())
                        .contains("CreateFileMapping")
                        .contains("183")
                        .contains("find NAME");
            }
        }
        assertThat(WineBridge.sharedFile(name)).doesNotExist();
    }

    @Test
    void shouldTellWhereABlockIs() throws Exception {
        try (WineProgram game = Wine.start("mapping.exe", "create", name, "100");
                WineProgram absent = bridge("find", name + "x")) {
            assertThat(game.line()).isEqualTo("ready 0");
            assertThat(absent.exitCode()).isEqualTo(122);
            assertThat(absent.errors())
                    .contains("OpenFileMapping")
                    .contains(name + "x")
                    .contains("error 2");
            try (WineProgram bridge = bridge("find", name)) {
                assertThat(bridge.line()).matches("found address=0x[0-9a-f]+ bytes=4096 pid=[0-9]+");
                bridge.endInput();
                assertThat(bridge.exitCode()).isZero();
            }
        }
    }

    @Test
    void shouldBeBuiltTheSameEveryTime() throws Exception {
        final Path source = Path.of(System.getProperty("slipstream.root"), "queue-core/src/main/wine");
        final Path built = directory.resolve("built");
        Tool.run(directory, "sh", source.resolve("build").toString(), source.toString(), built.toString());
        assertThat(built.resolve(WineBridge.FILE_NAME)).hasSameBinaryContentAs(WineBridge.executable());
    }

    @Test
    void shouldExplainItself() throws Exception {
        for (String[] wrong : new String[][] {
            {"share"},
            {"share", name},
            {"share", name, "x"},
            {"share", name, "1", "--"},
            {"find"},
            {"seek", name},
            {"find", "--percent", "%zz"},
            {"share", "--file", "x"}
        }) {
            try (WineProgram bridge = bridge(wrong)) {
                assertThat(bridge.exitCode()).as("%s", List.of(wrong)).isEqualTo(120);
                assertThat(bridge.errors()).contains("slipstream-bridge share");
            }
        }
        try (WineProgram bridge = bridge("--help")) {
            assertThat(bridge.line()).startsWith("slipstream-bridge:");
        }
    }
}
