package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Names for numbers: an enum, where a value has one name, or a bit set, where every bit has. Immutable.
 *
 * @param name what the format calls it.
 * @param bits true for a bit set, whose values are masks.
 * @param values value or mask to name, in the order of declaration.
 */
public record ValueNames(String name, boolean bits, Map<Long, String> values) {

    /** Takes the map as it is: the parser makes it unmodifiable and ordered. */
    public ValueNames {
        values = Collections.unmodifiableMap(values);
    }

    /**
     * Name of an enum's value.
     *
     * @param value the number in the block.
     * @return its name; empty where the format has none for it.
     */
    public String nameOf(final long value) {
        return values.getOrDefault(value, "");
    }

    /**
     * Names of the bits that are set.
     *
     * @param value the number in the block.
     * @return names in the order of declaration, then what is left over in hexadecimal.
     */
    public List<String> namesOf(final long value) {
        final List<String> names = new ArrayList<>();
        long rest = value;
        for (final Map.Entry<Long, String> bit : values.entrySet()) {
            final long mask = bit.getKey();
            if ((value & mask) == mask) {
                names.add(bit.getValue());
                rest &= ~mask;
            }
        }
        if (rest != 0) {
            names.add("0x" + Long.toHexString(rest));
        }
        return names;
    }
}
