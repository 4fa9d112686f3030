package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;

/** Formats of any members: what a block is set to is what it says that it holds. */
class RoundTripTest {
    private static final List<String> NUMBERS =
            List.of("i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64");
    private static final List<String> PACKS = List.of("natural", "1", "2", "4", "8");

    @Property(tries = 300)
    void shouldReadBackWhateverABlockOfAnyFormatIsSetTo(@ForAll final long seed) throws Exception {
        final Random random = new Random(seed);
        final String text =
                "format r \"R\"\npack " + PACKS.get(random.nextInt(PACKS.size())) + "\nunit u v 4 0\nstruct A\n"
                        + members(random) + "end\nstruct B\n" + members(random) + "  A a[2]\nend\nobject o \"o\"\n"
                        + members(random) + "  B b[3]\n  A last\nend\n";
        final BlockFormat format = BlockFormat.parse("random", text);
        final byte[] noise = new byte[format.length(0) + 8];
        random.nextBytes(noise);
        final FormattedBlock source = FormattedBlock.over(format, new UnsafeBuffer(noise), "source");
        final Map<String, Object> values = settable(source.describe());
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[format.length(0) + 8]);
        memory.setMemory(0, memory.capacity(), (byte) 0x55);
        final FormattedBlock block = FormattedBlock.over(format, memory, "copy");
        block.set(values);
        assertThat(block.describe()).as(text).isEqualTo(values);
        assertThat(memory.getLong(format.length(0))).as("behind the block").isEqualTo(0x5555_5555_5555_5555L);
    }

    private static String members(final Random random) {
        final StringBuilder members = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            final String name = " m" + i;
            final String dims = random.nextInt(3) == 0 ? "[" + (1 + random.nextInt(3)) + "]" : "";
            members.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "char16" + name + dims + "[7]";
                        case 1 -> "char8" + name + dims + "[9] encoding windows-1252";
                        case 2 -> "bool8" + name + dims;
                        default ->
                            NUMBERS.get(random.nextInt(NUMBERS.size()))
                                    + name
                                    + dims
                                    + (random.nextBoolean() ? " unit u" : "");
                    });
            members.append('\n');
        }
        return members.toString();
    }

    /** Noise is no text of any encoding, and NaN is no value. */
    private static Map<String, Object> settable(final Map<String, Object> described) {
        final Map<String, Object> values = new LinkedHashMap<>();
        described.forEach((name, value) -> values.put(name, settable(value)));
        return values;
    }

    private static Object settable(final Object value) {
        return switch (value) {
            case null -> 1.0;
            case String text -> "x".repeat(Math.min(text.length(), 6));
            case List<?> list -> {
                final List<Object> values = new ArrayList<>();
                list.forEach(element -> values.add(settable(element)));
                yield values;
            }
            case Map<?, ?> map -> {
                final Map<String, Object> values = new LinkedHashMap<>();
                map.forEach((name, member) -> values.put(String.valueOf(name), settable(member)));
                yield values;
            }
            default -> value;
        };
    }
}
