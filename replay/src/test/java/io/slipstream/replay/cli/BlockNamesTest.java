package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.SharedMemoryException;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockNamesTest {
    @ParameterizedTest
    @CsvSource({
        "$pcars2$,              posix:$pcars2$",
        "a..b,                  posix:a..b",
        "posix:my-race,         posix:my-race",
        "posix:/my-race,        posix:my-race",
        "/proc/12/fd/7,         file:/proc/12/fd/7",
        "./block,               file:./block",
        "/tmp/qt:block,         file:/tmp/qt:block",
        "nothing:/tmp/block,    file:nothing:/tmp/block",
        "file:block,            file:block",
        "wine:$pcars2$,         wine:$pcars2$",
        "WINE:$pcars2$,         wine:$pcars2$",
        "windows:$pcars2$,      windows:$pcars2$",
        "qt:Some/Key,           qt:Some/Key",
        "qt:posix:/key,         qt:posix:/key",
        "systemv:0x1234,        systemv:0x1234",
        "dll:game.dll!block,    dll:game.dll!block",
    })
    void shouldReadNamesPathsAndKinds(String text, String name) throws SharedMemoryException {
        assertThat(BlockNames.of(text, false)).hasToString(name);
    }

    @ParameterizedTest
    @CsvSource({
        "$pcars2$,          windows:$pcars2$",
        "Local\\$pcars2$,   windows:Local\\$pcars2$",
        "C:/blocks/block,   file:C:/blocks/block",
        "qt:key,            qt:key",
    })
    void shouldMeanTheSystemsOwnBlocksOnWindows(String text, String name) throws SharedMemoryException {
        assertThat(BlockNames.of(text, true)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "..", ".", "../x", "/dev/shm/../x", "a/..", "posix:a/b", "posix:", "file:../x"})
    void shouldRefuseNamesThatLeadElsewhere(String text) {
        assertThatThrownBy(() -> BlockNames.of(text, false))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageMatching(".*(give|takes a path).*");
    }

    @Test
    void shouldRefuseNamesThatNoBlockCanHave() {
        assertThatThrownBy(() -> BlockNames.of("x".repeat(256), false)).hasMessageContaining("255");
        assertThatThrownBy(() -> BlockNames.of("x\0y", false)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> BlockNames.of("posx:my-race", false))
                .hasMessageContaining("unknown kind 'posx'")
                .hasMessageContaining("posix");
        assertThatThrownBy(() -> BlockNames.of("systemv:soon", false)).hasMessageContaining("no System V key");
    }

    @Test
    void shouldMeanTheSameBlockWithAndWithoutItsKind() throws IOException {
        final String name = "slipstream-test-" + ProcessHandle.current().pid();
        try (MappedBlock plain = MappedBlock.create(BlockNames.of(name, false), 4096);
                MappedBlock kind = MappedBlock.openReadOnly(BlockNames.of("posix:" + name, false))) {
            plain.buffer().putInt(8, 4711);
            assertThat(kind.buffer().getInt(8)).isEqualTo(4711);
        } finally {
            MappedBlock.remove(BlockNames.of(name, false));
        }
    }

    private static String live(String block) throws SharedMemoryException {
        final Path live = Places.live(BlockNames.of(block, false));
        assertThat(live.getParent()).hasFileName("live");
        assertThat(live).isEqualTo(live.normalize());
        return live.getFileName().toString();
    }

    @Test
    void shouldKeepTheLiveQueueUnderTheBlocksName() throws SharedMemoryException {
        assertThat(live("my-race")).isEqualTo("my-race");
        assertThat(live("posix:my-race")).isEqualTo("my-race");
        assertThat(live("$pcars2$")).isEqualTo("_pcars2_");
        assertThat(live("/tmp/my-race")).isEqualTo("my-race");
        assertThat(live("wine:$pcars2$")).isEqualTo("wine-_pcars2_");
        assertThat(live("qt:SomeKey")).isEqualTo("qt-SomeKey");
        assertThat(live("systemv:0x1234")).isEqualTo("systemv-0x00001234").isEqualTo(live("systemv:4660"));
    }

    @Test
    void shouldKeepLiveQueuesApart() throws SharedMemoryException {
        final List<String> blocks = List.of(
                "qt:a b",
                "qt:a_b",
                "qt:a/b",
                "qt:../../b",
                "qt:..",
                "qt:é",
                "a b",
                "/.",
                "/",
                "qt:" + "x".repeat(5000),
                "qt:" + "x".repeat(5001),
                "windows:a",
                "wine:a",
                "qt:a");
        final Set<String> folders = new HashSet<>();
        for (String block : blocks) {
            folders.add(live(block));
        }
        assertThat(folders).hasSameSizeAs(blocks).allMatch(folder -> folder.matches("[A-Za-z0-9._-]{1,120}"));
    }
}
