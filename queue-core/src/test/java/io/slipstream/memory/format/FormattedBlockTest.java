package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormattedBlockTest {
    private static final BigInteger TWO_64 = BigInteger.TWO.pow(64);

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(4_096));
    private final FormattedBlock block = FormattedBlock.over(Press.FORMAT, memory, "press");

    @BeforeEach
    void stateAVersion() throws Exception {
        block.set(Map.of("version", 2));
        assertThat(block.get("version")).isEqualTo(2L);
    }

    @ParameterizedTest
    @CsvSource({
        "state, RUNNING, RUNNING",
        "state, -1, FAULT",
        "state, 0x1, RUNNING",
        "state, 77, 77",
        "alarms, INK_LOW|DOOR_OPEN, '[INK_LOW, DOOR_OPEN]'",
        "alarms, ' INK_LOW | 0x40 ', '[INK_LOW, 0x40]'",
        "alarms, '', []",
        "alarms, 0xffff, '[PAPER_OUT, INK_LOW, DOOR_OPEN, 0xff7c]'",
        "locked, true, true",
        "locked, 0, false",
        "'offset', '1,-2,3,-128,127,0', '[[1, -2, 3], [-128, 127, 0]]'",
        "'offset[1]', '4, 5, 6', '[4, 5, 6]'",
        "offset[1][2], -0x80, -128",
        "sheets, 18446744073709551615, 18446744073709551615",
        "sheets, 0xffffffffffffffff, 18446744073709551615",
        "sheets, 1e3, 1000",
        "balance, -9223372036854775808, -9223372036854775808",
        "counters[UNIT_CYAN], 4294967294, 4294967294",
        "counters, '1,2,null,4', '[1, 2, null, 4]'",
        "rollers[3].temperature, 300.15, 300.15",
        "rollers[3].temperature, 300.4, 300.15",
        "rollers[3].temperature, null, null",
        "rollers[0].diameter, 0.25, 0.25",
        "rollers[2].ink, 洋红, 洋红",
        "speed, unset, null",
        "gauge, -Infinity, -Infinity",
        "job, 'a, b', 'a, b'",
        "job, null, null",
        "title, ' 印刷 😀 ', ' 印刷 😀 '",
        "operator, 'Jürgen €', 'Jürgen €'",
        "serial, '18446744073709551615,0', '[18446744073709551615, 0]'",
    })
    void shouldReadBackWhatAPersonTyped(final String path, final String typed, final String value) throws Exception {
        block.setText(path, typed);
        assertThat(String.valueOf(block.get(path))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "'offset[0][0]', 128, '128 does not fit i8, which holds -128 to 127'",
        "'offset[0][0]', 1.5, '1.5 is no whole number, as i8 is'",
        "'offset[0][0]', 1e-999999999, 'is no whole number'",
        "'offset[0][0]', 1e999999999, 'does not fit i8'",
        "rollers[0].pressure[1], -1, '-1 does not fit u8, which holds 0 to 255'",
        "alarms, 65536, 'does not fit u16'",
        "alarms, INK_LOW|RAIN, '''RAIN'' is no bit of Alarm, nor a number; there are PAPER_OUT, INK_LOW, DOOR_OPEN'",
        "state, BORED, '''BORED'' is no value of State'",
        "state, 2147483648, 'does not fit i32'",
        "counters[0], 4294967296, 'does not fit u32, which holds 0 to 4294967295'",
        "sheets, 18446744073709551616, 'does not fit u64'",
        "sheets, -1, 'does not fit u64, which holds 0 to 18446744073709551615'",
        "sheets, 0x-1, 'should be a number'",
        "balance, 9223372036854775808, 'does not fit i64'",
        "sheets, null, 'the format gives no ''unset'' value'",
        "gauge, nan, 'the format gives no ''unset'' value'",
        "gauge, 1e39, 'does not fit f32'",
        "gauge, warm, '''warm'' should be a number in K'",
        "speed, '', 'should be a number in rad/s, or null for one that is not set'",
        "speed, 1e400, 'does not fit f64'",
        "rollers[0].temperature, 40000, 'degC does not fit i16'",
        "locked, yes, '''yes'' should be true or false'",
        "'offset', '1,2,3', 'has 6 values, and 3 were given'",
        "'offset', '1,2,3,4,5,x', '''x'' should be a number'",
        "rollers, 1, 'name a member, as in rollers[0].diameter'",
        "sequence, 4, 'is counted up by every write'",
        "speeds, 4, 'near it are speed'",
    })
    void shouldRefuseWhatIsNoValueOfTheField(final String path, final String typed, final String message)
            throws Exception {
        final byte[] before = bytes();
        assertThatThrownBy(() -> block.setText(path, typed))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(path)
                .hasMessageContaining(message);
        assertThat(bytes()).as("the block").isEqualTo(before);
    }

    @Test
    void shouldTakeNumbersOfEveryClass() throws Exception {
        for (final Number two : List.of(2, 2L, (short) 2, (byte) 2, 2f, 2d, BigInteger.TWO, new BigDecimal("2.0"))) {
            for (final String path : List.of("sheets", "balance", "tail", "state", "offset[0][0]")) {
                block.set(path, 0);
                block.set(path, two);
                assertThat(block.get(path)).as("%s in %s", two.getClass(), path).isEqualTo(2L);
            }
        }
        block.set("sheets", TWO_64.subtract(BigInteger.ONE));
        assertThat(block.get("sheets")).isEqualTo(TWO_64.subtract(BigInteger.ONE));
        block.set("sheets", Long.MAX_VALUE);
        assertThat(block.get("sheets")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseValuesOfAnotherKind() {
        assertRefused("tail", "2", "'2' should be a number");
        assertRefused("tail", Double.POSITIVE_INFINITY, "no whole number");
        assertRefused("job", 2, "is text: give one, not Integer 2");
        assertRefused("job", null, "is text: give one, not null");
        assertRefused("locked", 2, "should be true or false");
        assertRefused("locked", null, "null should be true or false");
        assertRefused("counters", List.of(1, 2), "is an array of 4: give a list of as many, not 2");
        assertRefused("counters", 7, "is an array of 4: give a list of as many, not Integer 7");
        assertRefused("rollers[0]", List.of(), "is a struct: give a map");
        assertRefused("rollers[0]", Map.of("colour", 1), "has no member 'colour'; there are diameter, temperature");
    }

    @Test
    void shouldConvertToSiAndBack() throws Exception {
        block.set("speed", 100.0);
        assertThat(memory.getDouble(Press.FORMAT.field("speed").offset())).isCloseTo(954.9297, within(1e-4));
        assertThat((Double) block.get("speed")).isCloseTo(100.0, within(1e-12));
        block.setRaw("speed", 12.0);
        assertThat((Double) block.get("speed")).isCloseTo(1.2566370614, within(1e-9));
        block.setRaw("speed", -1);
        assertThat(block.get("speed")).isNull();
        block.setRaw("rollers[1].temperature", 20);
        assertThat(block.get("rollers[1].temperature")).isEqualTo(293.15);
        block.set("rollers[1].temperature", Double.NaN);
        assertThat(memory.getShort(Press.FORMAT.field("rollers[1].temperature").offset()))
                .as("the first sentinel")
                .isEqualTo((short) -300);
        block.setRaw("gauge", Double.NaN);
        assertThat(memory.getFloat(Press.FORMAT.field("gauge").offset())).isNaN();
    }

    @Test
    void shouldSetWholeStructsAndParts() throws Exception {
        final Map<String, Object> roller = new LinkedHashMap<>();
        roller.put("diameter", 0.5);
        roller.put("temperature", null);
        roller.put("pressure", List.of(7L, 8L));
        roller.put("ink", "黄");
        block.set("rollers", List.of(roller, Map.of(), Map.of("ink", "K"), roller));
        assertThat(block.get("rollers[0]")).isEqualTo(roller);
        assertThat(block.get("rollers[3]")).isEqualTo(roller);
        assertThat(block.get("rollers[1].ink")).isEqualTo("");
        block.set("rollers[0]", Map.of("pressure", List.of(1, 2)));
        assertThat(block.get("rollers[0].ink"))
                .as("a member that was not given")
                .isEqualTo("黄");
        assertThat(block.get(List.of("rollers[0].pressure", "rollers[2].ink")))
                .isEqualTo(Map.of("rollers[0].pressure", List.of(1L, 2L), "rollers[2].ink", "K"));
    }

    @Test
    void shouldStoreAllOrNothing() throws Exception {
        final byte[] before = bytes();
        final Map<String, String> typed = new LinkedHashMap<>();
        typed.put("tail", "9");
        typed.put("job", "far too long for a job");
        assertThatThrownBy(() -> block.setText(typed)).hasMessageContaining("job: ");
        assertThat(bytes()).isEqualTo(before);
        typed.put("job", "short");
        block.setText(typed);
        assertThat(block.get(List.of("tail", "job"))).isEqualTo(Map.of("tail", 9L, "job", "short"));
        assertThat(memory.getInt(4)).as("two writes, two a write").isEqualTo(4);
    }

    @Test
    void shouldDescribeItselfSoThatItCanBeSetAgain() throws Exception {
        block.setText(
                Map.of("job", "June", "rollers[2].ink", "青", "alarms", "INK_LOW", "sheets", "0xffffffffffffffff"));
        block.setText(Map.of("speed", "null", "state", "FAULT", "locked", "true", "title", "印"));
        final Map<String, Object> described = new LinkedHashMap<>(block.describe());
        assertThat(described).containsEntry("state", "FAULT").containsEntry("sequence", 6L);
        described.remove("sequence");
        final FormattedBlock other =
                FormattedBlock.over(Press.FORMAT, new UnsafeBuffer(new byte[336]), "another press");
        other.set(described);
        assertThat(other.describe()).containsAllEntriesOf(described);
        assertThat(block.fields()).hasSameSizeAs(block.describe().keySet());
    }

    @Test
    void shouldKeepToTheVersionThatTheBlockStates() throws Exception {
        block.set("version", 1);
        assertThat(block.describe()).doesNotContainKey("operator");
        assertThatThrownBy(() -> block.get("operator"))
                .isInstanceOf(FormatException.class)
                .hasMessage("operator: is in blocks of version 2 and later, and this one states version 1");
        assertRefused("serial[0]", 1, "is in blocks of version 2 and later");
        block.set(Map.of("version", 2, "serial[0]", 1));
        assertThat(block.get("serial")).isEqualTo(List.of(1L, 0L));
        block.set("version", 3);
        assertThat(block.get("serial[0]"))
                .as("a newer block is as its newest known")
                .isEqualTo(1L);
        final Map<String, Integer> unknown = Map.of("version", 0);
        assertThatThrownBy(() -> block.set(unknown)).hasMessageContaining("set 'version' as well, to one of [1, 2]");
    }

    @Test
    void shouldSayThatNobodyHasWrittenYet() {
        final FormattedBlock fresh = FormattedBlock.over(Press.FORMAT, new UnsafeBuffer(new byte[336]), "qt:press");
        assertThatThrownBy(fresh::describe)
                .isInstanceOfSatisfying(
                        BlockUnavailableException.class,
                        e -> assertThat(e.isPassing()).isTrue())
                .hasMessageStartingWith(
                        "qt:press: nobody has written to the block yet, for its version, 'version', is 0");
        assertThatThrownBy(() -> fresh.set("tail", 1))
                .hasMessageStartingWith("qt:press: ")
                .hasMessageContaining("set 'version' as well");
    }

    @Test
    void shouldRefuseMemoryThatIsTooShort() throws Exception {
        assertThatThrownBy(() -> FormattedBlock.over(Press.FORMAT, new UnsafeBuffer(new byte[287]), "qt:press"))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("qt:press: the memory has 287 bytes")
                .hasMessageContaining("version 1 of the block press needs 288");
        final FormattedBlock old = FormattedBlock.over(Press.FORMAT, new UnsafeBuffer(new byte[288]), "qt:press");
        assertThatThrownBy(() -> old.set("version", 2)).hasMessageContaining("288 bytes, and version 2");
        old.set("version", 1);
        assertThat(old.get("version")).isEqualTo(1L);
        final UnsafeBuffer lying = new UnsafeBuffer(new byte[288]);
        lying.putInt(0, 2);
        lying.putInt(4, 2);
        assertThatThrownBy(FormattedBlock.over(Press.FORMAT, lying, "qt:press")::describe)
                .hasMessageContaining("the memory has 288 bytes, and version 2 of the block press needs 336");
    }

    @Test
    void shouldRefuseAVersionThatIsNotDescribed() {
        final BlockFormat gap = BlockFormat.parse("t", """
                format gap "Gap"
                version v
                length 3 4
                length 5 4
                object o "o"
                  u32 v
                end
                """);
        final UnsafeBuffer odd = new UnsafeBuffer(new byte[4]);
        odd.putInt(0, 4);
        assertThatThrownBy(() -> FormattedBlock.over(gap, odd, "x").get("v"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("version 4 of the block is not described, only [3, 5]");
    }

    @Test
    void shouldReadABlockThatStatesNoVersion() throws Exception {
        final BlockFormat plain = BlockFormat.parse("t", "format p \"P\"\nlength 7 16\nobject o \"o\"\n u8 x\nend\n");
        final FormattedBlock plainBlock = FormattedBlock.over(plain, new UnsafeBuffer(new byte[16]), "plain");
        plainBlock.set("x", 200);
        assertThat(plainBlock.describe()).isEqualTo(Map.of("x", 200L));
    }

    @Test
    void shouldNotWriteToReadOnlyMemory() throws Exception {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(336).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, 2).putInt(4, 2);
        final FormattedBlock readOnly =
                FormattedBlock.over(Press.FORMAT, new UnsafeBuffer(bytes.asReadOnlyBuffer()), "qt:press");
        assertThat(readOnly.get("version")).isEqualTo(2L);
        assertThatThrownBy(() -> readOnly.set("tail", 1))
                .isInstanceOf(FormatException.class)
                .hasMessage("qt:press: was attached to be read only; attach to it to read and write");
        assertThat(bytes.getInt(4)).isEqualTo(2);
    }

    @Test
    void shouldTreatTheSignOfASignedBitSetAsOneMoreBit() throws Exception {
        final BlockFormat signed = BlockFormat.parse("t", """
                format s "S"
                bits B
                  0x1        LOW
                  0x80000000 TOP
                end
                object o "o"
                  i32 b bits B
                end
                """);
        final FormattedBlock bits = FormattedBlock.over(signed, new UnsafeBuffer(new byte[4]), "bits");
        bits.set("b", List.of("TOP", "LOW"));
        assertThat(bits.get("b")).isEqualTo(List.of("LOW", "TOP"));
        bits.set("b", "TOP|0x10");
        assertThat(bits.get("b")).isEqualTo(List.of("TOP", "0x10"));
    }

    private void assertRefused(final String path, final Object value, final String message) {
        assertThatThrownBy(() -> block.set(path, value))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    private byte[] bytes() {
        final byte[] bytes = new byte[memory.capacity()];
        memory.getBytes(0, bytes);
        return bytes;
    }
}
