package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns values into what to store, whole lists and structs too, and complains before anything is stored. Single-threaded, one a write.
 */
final class ValueEncoder {
    private final BlockFormat format;
    private final List<Patch> patches = new ArrayList<>();
    private long newestNamed;
    private String newestPath = "";

    ValueEncoder(final BlockFormat format) {
        this.format = format;
    }

    /** Everything so far, in the order given. */
    List<Patch> patches() {
        return patches;
    }

    /** Complains where a field was given that a block of this version lacks. */
    void requireVersion(final long version) {
        if (newestNamed > version) {
            throw new FormatException(
                    newestPath,
                    0,
                    "is in blocks of version " + newestNamed + " and later, and this one states version " + version);
        }
    }

    /** {@code raw}: numbers are in stored units. */
    void encode(final Field field, final Object value, final boolean raw) {
        if (field.since() > newestNamed) {
            newestNamed = field.since();
            newestPath = field.path();
        }
        if (field.lists() > 0) {
            elements(field, value, raw);
        } else if (field.type() == FieldType.STRUCT) {
            members(field, value, raw);
        } else if (field.type().isText()) {
            text(field, value);
        } else {
            add(field, new Patch(field.offset(), NumberEncoder.encode(field, value, raw)));
        }
    }

    private void elements(final Field field, final Object value, final boolean raw) {
        final int wanted = field.dims().getFirst();
        if (!(value instanceof List<?> list) || list.size() != wanted) {
            throw new FormatException(
                    field.path(),
                    0,
                    "is an array of " + wanted + ": give a list of as many, not "
                            + (value instanceof List<?> other ? other.size() : describe(value)));
        }
        for (int i = 0; i < wanted; i++) {
            encode(field.element(i), list.get(i), raw);
        }
    }

    private void members(final Field field, final Object value, final boolean raw) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new FormatException(
                    field.path(), 0, "is a struct: give a map of its members to values, not " + describe(value));
        }
        map.forEach((name, member) -> {
            final Declaration declaration = field.memberDeclarations().get(String.valueOf(name));
            if (declaration == null) {
                throw new FormatException(
                        field.path(),
                        0,
                        "has no member '" + name + "'; there are "
                                + String.join(", ", field.memberDeclarations().keySet()));
            }
            encode(field.member(declaration), member, raw);
        });
    }

    private void text(final Field field, final Object value) {
        if (!(value instanceof CharSequence)) {
            throw new FormatException(field.path(), 0, "is text: give one, not " + describe(value));
        }
        final byte[] bytes = BlockText.encode(value.toString(), field.textLength(), field.textEncoding(), field.path());
        add(field, new Patch(field.offset(), new UnsafeBuffer(bytes)));
    }

    private void add(final Field field, final Patch patch) {
        for (final Field counted : format.consistency().fields()) {
            if (patch.touches(counted)) {
                throw new FormatException(
                        field.path(), 0, "is counted up by every write, and cannot be set; leave it out");
            }
        }
        patches.add(patch);
    }

    private static String describe(final Object value) {
        return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    }
}
