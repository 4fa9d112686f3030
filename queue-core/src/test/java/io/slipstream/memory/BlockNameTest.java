package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockNameTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posix:$pcars2$",
                "posix:a name with blanks",
                "systemv:1234",
                "systemv:0x51020304",
                "systemv:0xffffffff",
                "qt:MyUniqueKey",
                "qt:a/b\\..:c",
                "qt:posix:/MyUniqueKey",
                "qt:systemv:/run/user/1000/MyUniqueKey",
                "qt:windows:shm_MyUniqueKey",
                "file:some/where",
                "file:/some/where",
                "windows:Local\\a",
                "windows:Global\\a/b",
                "wine:$pcars2$",
                "dll:/games/a.dll",
                "dll:/games/a.dll!counter",
                "dll:/games/a.dll!.shared"
            })
    void shouldGiveBackWhatItRead(String text) throws Exception {
        final BlockName name = BlockName.parse(text);
        assertThat(name).hasToString(text);
        assertThat(BlockName.parse(name.toString())).isEqualTo(name);
        assertThat(name.kind() + ":" + name.key()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pcars2 | has no kind; write posix:, systemv:, qt:, file:, windows:, wine: or dll: before it",
                "shm:x | unknown kind 'shm'",
                "posix: | has no key",
                "posix:/ | has no key",
                "posix:a/b | holds a / inside",
                "posix:.. | is a folder's name",
                "posix:../etc/passwd | holds a /",
                "systemv:0 | is IPC_PRIVATE",
                "systemv:abc | is no System V key",
                "systemv:0x1ffffffff | is no System V key",
                "systemv:-4294967296 | is no System V key",
                "systemv:/no/such/file,1 | /no/such/file is not there",
                "qt: | has no key",
                "qt:posix: | has no key",
                "qt:posix:/a/b | holds a / inside",
                "qt:posix:%zz | is no QNativeIpcKey",
                "qt:systemv:/tmp/../x | leads through '..'",
                "file:a/../b | leads through '..'",
                "windows:a\\b | holds a \\ elsewhere",
                "windows:Local\\ | has no key",
                "windows:Other\\a | holds a \\ elsewhere",
                "wine:..\\..\\a | holds a \\ elsewhere",
                "dll:x.dll! | has nothing after the !"
            })
    void shouldRefuseWhatIsNoName(String text, String message) {
        assertThatThrownBy(() -> BlockName.parse(text))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class,
                        e -> assertThat(e.error()).isIn(SharedMemoryError.KEY_ERROR, SharedMemoryError.NOT_FOUND))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"posix:a\0b", "file:a\0b", "wine:a\0b", "qt:\0"})
    void shouldRefuseNulCharacters(String text) {
        assertThatThrownBy(() -> BlockName.parse(text))
                .hasMessageContaining("NUL")
                .hasMessageNotContaining("\0");
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        assertThatThrownBy(() -> BlockName.parse("posix:" + "ä".repeat(128))).hasMessageContaining("255 bytes");
        assertThatThrownBy(() -> BlockName.parse("wine:" + "a".repeat(261))).hasMessageContaining("260 characters");
    }

    @Test
    void shouldReadKeysOfFilesAndNativeKeys() throws Exception {
        final Path file = Files.createFile(directory.resolve("key"));
        final BlockName name = BlockName.parse("systemv:" + file + ",Q");
        assertThat(((BlockName.SystemV) name).value() >>> 24).isEqualTo('Q');
        assertThat(name).hasToString("systemv:" + file + ",Q");
        assertThat(BlockName.parse("systemv:" + file + ",0x51")).isEqualTo(name);
        assertThat(((BlockName.QtNative) BlockName.parse("qt:posix:/a%25b+c")).nativeKey())
                .isEqualTo("/a%b+c");
    }

    @Test
    void shouldRefuseTheSameWhereNamesAreNotParsed() {
        assertThat(new BlockName.Posix("/name")).isEqualTo(new BlockName.Posix("name"));
        assertThatThrownBy(() -> new BlockName.Posix("/tmp/x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName.Posix("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName.Qt("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName.QtNative(BlockName.QtKeyType.POSIX, ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName.MappedFile(Path.of("a/../b")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BlockName.Wine("a\\b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BlockName.parse("qt:systemv-66:/tmp/x")).hasMessageContaining("not supported");
    }

    @Test
    void shouldMakeQtsNativeNames() {
        assertThat(SystemVKeys.qtName("qipc_sharedmemory_", "MyUniqueKey"))
                .isEqualTo("qipc_sharedmemory_MyUniqueKey9a52c6ac1ae77331a249b618a4a2e5ad995f5cb4");
        assertThat(SystemVKeys.qtName("p_", "ö1")).matches("p_[0-9a-f]{40}");
    }
}
