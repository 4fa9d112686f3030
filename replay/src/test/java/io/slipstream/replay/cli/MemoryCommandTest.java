package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipstream memory …} on blocks of this process. */
final class MemoryCommandTest {
    @TempDir
    Path directory;

    private final String unique =
            "slipstream-test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final BlockName name = new BlockName.Posix(unique);

    @AfterEach
    void remove() throws Exception {
        SharedBlock.remove(name);
    }

    private static String run(int expected, String... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertThat(Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments))
                .as("%s", err)
                .isEqualTo(expected);
        assertThat(err.toString()).doesNotContain("\tat ");
        return expected == 0 ? out.toString() : err.toString();
    }

    @Test
    void shouldShowTheKindsAndCommands() {
        assertThat(run(0, "memory")).contains("qt:KEY", "wine:NAME", "break-lock", "Examples:");
        assertThat(run(0, "memory", "list", "--json")).startsWith("[");
    }

    @Test
    void shouldReadAndWriteByName() throws Exception {
        final Path format = Files.writeString(directory.resolve("settings.format"), """
                format settings "Settings of a program"
                unit degC K 1 273.15
                enum Mode
                  0 IDLE
                  1 BUSY
                end
                struct Point
                  f32 x
                  f32 y
                end
                object settings "settings"
                  i32 mode enum Mode
                  f64 temperature unit degC
                  char8 name[16] encoding gbk
                  char16 title[16]
                  u16 levels[3]
                  Point points[2]
                end
                """);
        try (SharedBlock block = SharedBlock.create(name, 4096)) {
            run(
                    0,
                    "memory",
                    "write",
                    name.toString(),
                    "--format",
                    format.toString(),
                    "mode=BUSY",
                    "temperature=300.15",
                    "name=世界",
                    "title=Grüße",
                    "levels=1,2,65535",
                    "points[1].y=2.5");
            assertThat(block.segment().get(ValueLayout.JAVA_DOUBLE, 8)).isEqualTo(27.0);
            final byte[] gbk = block.segment().asSlice(16, 5).toArray(ValueLayout.JAVA_BYTE);
            assertThat(new String(gbk, Charset.forName("GBK"))).isEqualTo("世界\0");
            assertThat(run(0, "memory", "read", name.toString(), "--format", format.toString()))
                    .contains("\"BUSY\"")
                    .contains("300.15")
                    .contains("\"世界\"")
                    .contains("[1,2,65535]");
            assertThat(run(
                            0,
                            "memory",
                            "read",
                            name.toString(),
                            "--format",
                            format.toString(),
                            "title",
                            "points[1].y",
                            "--json"))
                    .containsIgnoringWhitespaces("{\"title\":\"Grüße\",\"points[1].y\":2.5}");
            assertThat(run(1, "memory", "write", name.toString(), "--format", format.toString(), "name=世界世界世界世界"))
                    .contains("name");
            assertThat(run(1, "memory", "write", name.toString(), "--format", format.toString(), "levels[0]=70000"))
                    .contains("levels[0]")
                    .contains("65535");
            assertThat(run(1, "memory", "read", name.toString(), "--format", format.toString(), "nothing"))
                    .contains("nothing");
        }
    }

    @Test
    void shouldReadAndWriteWithoutAFormat() throws Exception {
        final String block = name.toString();
        assertThat(run(0, "memory", "create", block, "--size", "0x40"))
                .contains(block)
                .contains("64 bytes");
        run(0, "memory", "write", block, "--as", "text", "--at", "0x10", "Räikkönen");
        assertThat(run(0, "memory", "read", block)).isEqualTo("""
                        00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
                        00000010  52 c3 a4 69 6b 6b c3 b6  6e 65 6e 00 00 00 00 00  |R..ikk..nen.....|
                        00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
                        00000030  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
                        """);
        assertThat(run(0, "memory", "read", block, "--as", "text", "--at", "16"))
                .isEqualTo("Räikkönen\n");
        run(0, "memory", "write", block, "--as", "f32", "--at", "32", "--count", "2", "1.5", "-2");
        assertThat(run(0, "memory", "read", block, "--as", "f32", "--at", "32", "--count", "2"))
                .isEqualTo("[1.5,-2.0]\n");
        run(0, "memory", "write", block, "de ad", "be:ef");
        assertThat(run(0, "memory", "read", block, "--as", "u32")).isEqualTo("4022250974\n");
        assertThat(run(1, "memory", "write", block, "--as", "text", "--at", "60", "too long"))
                .contains("needs 9 bytes");
        assertThat(run(1, "memory", "write", block, "xyz")).contains("hexadecimal");
        assertThat(run(1, "memory", "read", block, "--at", "64")).contains("outside of the block");
        assertThat(run(1, "memory", "create", block, "--size", "10")).contains("there is such a block already");
        run(0, "memory", "remove", block);
        assertThat(run(1, "memory", "remove", block)).contains("is not there");
        assertThat(run(1, "memory", "read", block)).contains("start the program that makes it first");
        assertThat(run(1, "memory", "read", unique)).contains("has no kind");
    }
}
