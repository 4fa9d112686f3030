package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatLanguageTest {
    private static final String HEAD = "format f \"F\"\n";

    @Test
    void shouldLayMembersOutAsCompilersDo() {
        final BlockFormat natural = object("", "i8 a\n f64 b\n u16 c\n S s[2]\n char8 t[3]\n i64 d");
        assertThat(offsets(natural)).containsExactly(0, 8, 16, 20, 36, 40);
        final BlockFormat four = object("pack 4", "i8 a\n f64 b\n u16 c\n S s[2]\n char8 t[3]\n i64 d");
        assertThat(offsets(four)).containsExactly(0, 4, 12, 16, 32, 36);
        final BlockFormat one = object("pack 1", "i8 a\n f64 b\n u16 c\n S s[2]\n char8 t[3]\n i64 d");
        assertThat(offsets(one)).containsExactly(0, 1, 9, 11, 21, 24);
        assertThat(natural.length(0)).as("padded to its strictest member").isEqualTo(48);
        assertThat(one.length(0)).isEqualTo(32);
    }

    @Test
    void shouldTakeExplicitOffsetsAndStrides() {
        final BlockFormat format = object("", "i32 a at 100\n S s[3] stride 32\n i8 b");
        assertThat(offsets(format)).containsExactly(100, 104, 176);
        assertThat(format.field("s").stride()).isEqualTo(32);
        assertThat(format.field("s[2].y").offset()).isEqualTo(104 + 2 * 32 + 4);
    }

    @Test
    void shouldReadEveryType() {
        final BlockFormat format = BlockFormat.parse("t", HEAD + """
                pack 1
                object o "o"
                  i8 i8
                  u8 u8
                  i16 i16
                  u16 u16
                  i32 i32
                  u32 u32
                  i64 i64
                  u64 u64
                  f32 f32
                  f64 f64
                  bool8 b
                  char8 c[4]
                  char16 w[4]
                end
                """);
        final byte[] ones = new byte[format.length(0)];
        java.util.Arrays.fill(ones, (byte) 0xFF);
        final UnsafeBuffer block = new UnsafeBuffer(ones);
        final UnsafeBuffer shifted = new UnsafeBuffer(new byte[ones.length + 7]);
        shifted.putBytes(7, ones);
        final Map<String, Double> expected = Map.of(
                "i8",
                -1.0,
                "u8",
                255.0,
                "i16",
                -1.0,
                "u16",
                65_535.0,
                "i32",
                -1.0,
                "u32",
                4_294_967_295.0,
                "i64",
                -1.0,
                "u64",
                0x1p64);
        expected.forEach((path, value) -> {
            assertThat(format.field(path).raw(block, 0)).as(path).isEqualTo(value);
            assertThat(format.field(path).raw(shifted, 7))
                    .as("%s at a base of 7", path)
                    .isEqualTo(value);
        });
        assertThatThrownBy(() -> format.field("c").raw(block, 0))
                .hasMessageStartingWith("c: ")
                .hasMessageContaining("read it as text");
        assertThatThrownBy(() -> format.field("i8").text(block, 0)).hasMessageContaining("read it as a number");
        assertThat(format.field("f32").raw(block, 0)).isNaN();
        assertThat(format.field("f64").raw(block, 0)).isNaN();
        assertThat(format.field("b").integer(block, 0)).isEqualTo(1);
        block.putInt(format.field("c").offset(), 0x00_00_42_41);
        assertThat(format.field("c").text(block, 0)).isEqualTo("AB");
        block.putBytes(format.field("w").offset(), new byte[] {0x53, 0, (byte) 0xE3, 0, 0, 0, 0x41, 0});
        assertThat(format.field("w").text(block, 0)).isEqualTo("S\u00e3");
    }

    @ParameterizedTest
    @CsvSource({
        "53C3A36F, S\u00e3o, valid UTF-8",
        "53E36F00, S\u00e3o, Windows-1252 because it is not UTF-8",
        "4E6F00FF, No, what follows the NUL is no text",
        "41424344, ABCD, a full field has no NUL",
        "414243C3, ABC, a character that was cut off at the end of the field",
        "80000000, \u20ac, Windows-1252 and not Latin-1",
    })
    void shouldDecodeText(final String hex, final String text, final String because) {
        final BlockFormat format = object("", "char8 t[4]");
        final UnsafeBuffer block = new UnsafeBuffer(java.util.HexFormat.of().parseHex(hex));
        assertThat(format.field("t").text(block, 0)).as(because).isEqualTo(text);
    }

    @Test
    void shouldPutSeveralObjectsOneAfterAnother() {
        final BlockFormat format = BlockFormat.parse("t", HEAD + """
                object physics "Local\\acpmf_physics"
                  i32 packetId
                  i8 x
                end
                object graphics "Local\\acpmf_graphics"
                  i32 packetId
                end
                consistency counter physics.packetId
                """);
        assertThat(format.objects())
                .containsExactly(
                        new BlockObject("physics", "Local\\acpmf_physics", 0, 8),
                        new BlockObject("graphics", "Local\\acpmf_graphics", 8, 4));
        assertThat(format.field("graphics.packetId").offset()).isEqualTo(8);
        assertThat(format.consistency()).isInstanceOf(Consistency.Counter.class);
        assertThat(format.describe(new UnsafeBuffer(new byte[16]), 0)).containsOnlyKeys("physics", "graphics");
        assertThatThrownBy(() -> format.field("packetId"))
                .hasMessageContaining("should begin with an object: physics, graphics");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "f23 x | no type (i8",
                "i32 x[0] | needs dimensions from 1",
                "i32 x[-1] | needs dimensions from 1",
                "i32 x[99999999999] | should be a dimension",
                "i32 x[16777216] | ends past the limit of 16777216 bytes",
                "i32 x[65536][65536] | at most 16777216 elements",
                "i32 x[2][2][2][2][2] | at most 4 dimensions",
                "i32 x[2 | at most 4 dimensions",
                "i32 x[2]y | at most 4 dimensions",
                "i32 x[NONE] | no constant 'NONE'",
                "i8 x[2000000] | more than 1048576 values",
                "i32 x at 16777216 | ends past the limit",
                "i32 x at 16777217 | between 0 and 16777216",
                "i32 x unit furlong | no unit 'furlong'",
                "i32 x unit | ends too early",
                "i32 x since 9 | no 'length' line for version 9",
                "i32 x colour red | 'colour' is no attribute",
                "i32 x unset 1 unset 2 | given twice",
                "i32 x unset many | a number",
                "i32 x unset NaN | a finite number",
                "char8 x[4] unset 0 | is for numbers",
                "f32 x enum E | is for whole numbers",
                "i32 x bits E | no bits 'E'",
                "i32 x stride 8 | for an array of structs",
                "char8 x[4] encoding latin-9 | no encoding; there are utf-8, windows-1252 and gbk",
                "char8 x[4] encoding | ends too early",
                "char16 x[4] encoding utf-8 | char16 is always UTF-16 little-endian",
                "f32 x encoding utf-8 | f32 is no text",
                "S x[2] stride 4 | at least the struct's 8 bytes",
                "O x | or struct 'O' is declared above",
                "i32 9x | cannot be a field's name",
                "i32 | ends too early",
            })
    void shouldNameLineAndRemedyOfAFaultyMember(final String member, final String message) {
        assertThatThrownBy(() -> object("", "i8 first\n " + member))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("t.format:9: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "struct R;R next;end | :2: no type",
                "struct A;B b;end;struct B;A a;end | :2: no type",
                "struct A;i8 x;end;struct A;i8 x;end | :4: 'A' is declared twice",
                "struct A;i8 x;i8 x;end | :3: 'x' is declared twice",
                "struct A;end | :1: 'A' has no member",
                "enum E;1 A;1 B;end | :3: '1 B' repeats",
                "enum E;1 A;2 A;end | :3: '2 A' repeats",
                "bits B;0 A;end | :2: '0' should be a mask",
                "unit u s 0 | :1: a scale of 0",
                "constant C x | :1: 'x' should be the constant's value",
                "pack 3 | :1: '3' is no pack",
                "format g \"G\" | :1: a second 'format' line",
                "colour red | :1: 'colour' is no statement",
                "object o \"o | :1: a quotation mark is not closed",
                "length 1 10;length 2 9 | :2: a block never shrinks",
                "length 1 99999999999 | :1: '99999999999' should be the block's length",
                "length 1 3;object o \"o\";i32 x;end | field 'x' ends at byte 4, but version 1 of the block has 3",
                "length 1 4;length 2 8;object o \"o\";i32 x;i32 y;end | field 'y' ends at byte 8, but version 1",
                "object o \"o\";i32 x;end;version y | :4: the path 'y'",
                "object o \"o\";f32 x;end;version x | should be one whole number",
                "object o \"o\";i32 x[2];end;consistency seqlock x | should be one whole number",
                "object o \"o\";i16 x;end;consistency seqlock x | should be a 32-bit integer",
                "object o \"o\";i16 x;end;consistency luck x | 'luck' is no consistency",
                "object o \"o\";i16 x;end;player x count x viewed x name n | should be an array of structs",
                "object o \"o\";i16 x;end;pack 1 | above the first struct or object",
            })
    void shouldNameTheFaultOfAStatement(final String statements, final String message) {
        final String text = statements.replace(';', '\n') + "\nformat f \"F\"\n";
        final String whole = statements.startsWith("format") ? HEAD.strip() + " # \n" : "";
        assertThatThrownBy(() -> BlockFormat.parse("t.format", whole + text))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("t.format:")
                .hasMessageContaining(whole.isEmpty() ? message : message.replace(":1:", ":2:"));
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThatThrownBy(() -> BlockFormat.parse("t", HEAD + "struct A\n i8 x\n"))
                .hasMessageStartingWith("t:2: 'struct' is not closed");
        assertThatThrownBy(() -> BlockFormat.parse("t", "")).hasMessageStartingWith("t: no 'format' line");
        assertThatThrownBy(() -> BlockFormat.parse("t", HEAD)).hasMessageStartingWith("t: no object");
        assertThatThrownBy(() -> BlockFormat.parse("t", "#".repeat(2 << 20))).hasMessageContaining("at most 1048576");
        assertThatThrownBy(() -> BlockFormat.parse("t", "a".repeat(1_001))).hasMessageContaining("under 1000");
    }

    @Test
    void shouldRefuseNestingThatGrowsWithoutEnd() {
        final StringBuilder text = new StringBuilder(HEAD).append("struct s0\n i8 x\nend\n");
        for (int i = 1; i < 200; i++) {
            text.append("struct s").append(i).append("\n s").append(i - 1).append(" a[2]\nend\n");
        }
        assertThatThrownBy(() -> BlockFormat.parse("deep", text.toString()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than 1048576 values");
    }

    @ParameterizedTest
    @CsvSource({
        "x[2], should be 0 to 1",
        "x[-1], should be 0 to 1",
        "x[99999999999], should be 0 to 1",
        "x[, faulty index",
        "x[0]y, faulty index",
        "x[0][0], more indexes",
        "s.y, needs an index after 's'",
        "s[0].z, names no field at 'z'",
        "x.y, names no field at 'y'",
        "'', names no field",
        "., names no field",
    })
    void shouldRefuseAFaultyPath(final String path, final String message) {
        final BlockFormat format = object("", "i32 x[2]\n S s[2]");
        assertThat(format.has(path)).isFalse();
        assertThatThrownBy(() -> format.field(path))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldHintAtAFieldWithANearName() {
        final BlockFormat format = object("", "f32 mSpeed\n f32 mSpeeds[4]\n i32 mGear");
        assertThatThrownBy(() -> format.field("mspeed"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("near it are mSpeed, mSpeeds");
    }

    @Test
    void shouldReadAFileOfOnesOwn(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("mine.format");
        Files.writeString(file, HEAD + "object o \"o\"\r\n i32 x # the only one\r\nend\r\n");
        assertThat(BlockFormat.read(file).field("x").offset()).isZero();
        Files.writeString(file, HEAD + "oops");
        assertThatThrownBy(() -> BlockFormat.read(file)).hasMessageStartingWith(file + ":2: ");
    }

    @Property(tries = 400)
    void shouldEitherReadADamagedFormatOrSayWhatIsWrong(
            @ForAll @IntRange(max = 1_600) final int at,
            @ForAll @IntRange(max = 200) final int cut,
            @ForAll final char put)
            throws IOException {
        final StringBuilder text = new StringBuilder(Press.text());
        final int from = Math.min(at, text.length());
        text.replace(from, Math.min(from + cut, text.length()), String.valueOf(put));
        try {
            assertThat(BlockFormat.parse("damaged", text.toString()).fields()).isNotEmpty();
        } catch (final FormatException e) {
            assertThat(e).hasMessageStartingWith("damaged:");
        }
    }

    private static List<Integer> offsets(final BlockFormat format) {
        return format.fields().stream().map(Field::offset).toList();
    }

    /** Line 9 is the second member. */
    private static BlockFormat object(final String statement, final String members) {
        return BlockFormat.parse(
                "t.format",
                HEAD + statement + "\nstruct S\n i8 x\n f32 y\nend\nobject o \"o\"\n " + members + "\nend\n");
    }
}
