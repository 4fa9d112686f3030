package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockTextTest {
    private static final BlockFormat FORMAT = BlockFormat.parse("t", """
            format t "Texts"
            object o "o"
              char8   any[16]
              char8   utf8[16]     encoding utf-8
              char8   western[16]  encoding windows-1252
              char8   chinese[16]  encoding gbk
              char16  wide[8]
              char8   grade
              char8   next
            end
            """);

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[FORMAT.length(0)]);
    private final FormattedBlock block = FormattedBlock.over(FORMAT, memory, "texts");

    @ParameterizedTest
    @CsvSource({
        "any, 'São Paulo', 53c3a36f205061756c6f000000000000",
        "any, '', 00000000000000000000000000000000",
        "utf8, '好😀', e5a5bdf09f9880000000000000000000",
        "western, '12 €', 31322080000000000000000000000000",
        "western, 'São “x”', 53e36f20937894000000000000000000",
        "chinese, '赛车', c8fcb3b5000000000000000000000000",
        "chinese, '7 €', 37208000000000000000000000000000",
        "wide, '赛a😀', 5b8d61003dd800de0000000000000000",
        "any, '123456789012345', 31323334353637383930313233343500",
        "wide, '1234567', 31003200330034003500360037000000",
        "chinese, '赛赛赛赛赛赛赛1', c8fcc8fcc8fcc8fcc8fcc8fcc8fc3100",
    })
    void shouldStoreATextAsCProgramsReadIt(final String path, final String text, final String hex) throws Exception {
        memory.setMemory(0, memory.capacity(), (byte) 0x7F);
        block.set(path, text);
        final byte[] stored = new byte[16];
        memory.getBytes(FORMAT.field(path).offset(), stored);
        assertThat(HexFormat.of().formatHex(stored))
                .as("what is behind the text is zero")
                .isEqualTo(hex);
        assertThat(block.get(path)).isEqualTo(text);
        assertThat(memory.getByte(FORMAT.field("grade").offset()))
                .as("the next field")
                .isEqualTo((byte) 0x7F);
    }

    @ParameterizedTest
    @CsvSource({
        "any, '1234567890123456', 'any: the text needs 17 bytes in utf-8, the NUL at its end included, and the field has 16'",
        "utf8, '好好好好好1', 'utf8: the text needs 17 bytes'",
        "chinese, '赛赛赛赛赛赛赛赛', 'chinese: the text needs 17 bytes in gbk'",
        "wide, '12345678', 'wide: the text needs 18 bytes in utf-16le'",
        "wide, '123456😀', 'wide: the text needs 18 bytes'",
        "western, 'a赛', 'western: the character ''赛'' (U+8D5B) is not in windows-1252'",
        "chinese, 'é😀', 'chinese: the character ''😀'' (U+1F600) is not in gbk'",
        "grade, 'ab', 'grade: the text needs 2 bytes in utf-8, and the field has 1'",
    })
    void shouldRefuseATextThatDoesNotFit(final String path, final String text, final String message) throws Exception {
        block.set(path, "1");
        assertThatThrownBy(() -> block.set(path, text))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(message);
        assertThat(block.get(path)).as("what was there").isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"utf8, '\ud83d', U+D83D", "wide, 'x\ude00', U+DE00", "any, 'a\0b', has a NUL inside"})
    void shouldRefuseWhatIsNoText(final String path, final String text, final String message) {
        assertThatThrownBy(() -> block.set(path, text))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(path + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "utf8, 31323334353637383930313233e5a5bd, '1234567890123好', a full field has no NUL",
        "utf8, 3132333435363738393031323334e5a5, '12345678901234\ufffd', a character that was cut",
        "utf8, 53e36f00000000000000000000000000, 'S\ufffdo', not UTF-8 and not guessed at",
        "any, 53e36f00000000000000000000000000, 'São', guessed at",
        "chinese, c8fcc8fcc8fcc8fcc8fcc8fcc8fc31c8, '赛赛赛赛赛赛赛1\ufffd', a character that was cut",
        "chinese, c8fc00b3b50000000000000000000000, '赛', what follows the NUL is no text",
        "wide, 5b8d5b8d5b8d5b8d5b8d5b8d5b8d3dd8, '赛赛赛赛赛赛赛\ufffd', half a surrogate pair",
        "wide, 00015b8d000061000000000000000000, '\u0100赛', a unit with one zero byte is no NUL",
    })
    void shouldReadATextThatAnotherProgramCut(
            final String path, final String hex, final String text, final String because) throws Exception {
        memory.putBytes(FORMAT.field(path).offset(), HexFormat.of().parseHex(hex));
        assertThat(block.get(path)).as(because).isEqualTo(text);
    }

    @Test
    void shouldStoreASingleCharacterWithoutANul() throws Exception {
        block.set("next", "B");
        block.set("grade", "A");
        assertThat(block.get("grade")).isEqualTo("A");
        assertThat(block.get("next")).isEqualTo("B");
        block.set("any", "abc");
        block.set("any[1]", "X");
        assertThat(block.get("any")).isEqualTo("aXc");
    }

    @Test
    void shouldNameItsEncoding() {
        assertThat(FORMAT.fields().stream().map(Field::encoding).toList())
                .containsExactly("utf-8", "utf-8", "windows-1252", "gbk", "utf-16le", "utf-8", "utf-8");
        assertThat(Press.FORMAT.field("speed").encoding()).isEmpty();
    }

    @Property(tries = 500)
    void shouldReadBackWhateverItStores(@ForAll @StringLength(max = 9) final String text) throws Exception {
        for (final String path : new String[] {"any", "utf8", "western", "chinese", "wide"}) {
            block.set(path, "before");
            try {
                block.set(path, text);
                assertThat(block.get(path)).isEqualTo(text);
            } catch (final FormatException e) {
                assertThat(block.get(path)).isEqualTo("before");
            }
        }
    }
}
