package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** A block as nested maps and lists. For people's tools, not for hot paths. */
final class BlockDescriber {
    private BlockDescriber() {}

    static Map<String, Object> describe(final BlockFormat format, final DirectBuffer block, final long version) {
        if (format.objects().size() == 1) {
            return members(format.fields(), block, version);
        }
        final Map<String, Object> objects = new LinkedHashMap<>();
        for (final BlockObject object : format.objects()) {
            final List<Field> fields = format.fields().stream()
                    .filter(field -> field.path().startsWith(object.name() + "."))
                    .toList();
            objects.put(object.name(), members(fields, block, version));
        }
        return objects;
    }

    private static Map<String, Object> members(
            final Iterable<Field> fields, final DirectBuffer block, final long version) {
        final Map<String, Object> members = new LinkedHashMap<>();
        for (final Field field : fields) {
            if (field.since() <= version) {
                members.put(field.name(), value(field, block, version));
            }
        }
        return members;
    }

    /** One field; null for a number that is not set. */
    static Object value(final Field field, final DirectBuffer block, final long version) {
        if (field.lists() > 0) {
            final List<Object> elements = new ArrayList<>(field.dims().getFirst());
            for (int i = 0; i < field.dims().getFirst(); i++) {
                elements.add(value(field.element(i), block, version));
            }
            return elements;
        }
        return switch (field.type()) {
            case STRUCT -> members(field.members(), block, version);
            case CHAR8, CHAR16 -> field.text(block, 0);
            case BOOL8 -> field.integer(block, 0) != 0;
            default -> number(field, block);
        };
    }

    private static Object number(final Field field, final DirectBuffer block) {
        if (field.names() != null) {
            final long value = field.integer(block, 0);
            if (field.names().bits()) {
                // The sign of a signed set is one more bit, not all that are left of it.
                return field.names()
                        .namesOf(value & (-1L >>> (Long.SIZE - 8 * field.type().size())));
            }
            final String name = field.names().nameOf(value);
            return name.isEmpty() ? whole(field, block) : name;
        }
        final double si = field.si(block, 0);
        if (Double.isNaN(si)) {
            return null;
        }
        final boolean whole = field.type().isInteger() && field.scale() == 1.0 && field.shift() == 0.0;
        return whole ? whole(field, block) : (Object) si;
    }

    private static Object whole(final Field field, final DirectBuffer block) {
        return StoredValue.whole(block, field.offset(), field.type(), field.path());
    }
}
