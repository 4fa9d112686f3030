package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;

/**
 * Tells what changed in a block between two looks at it. What came and went between them is not seen; the caller decides how often to
 * look. Starts no thread. Single-threaded; any number may watch a block.
 */
public final class FieldWatch {
    private final FormattedBlock block;
    private final List<Field> watched;
    private Snapshot last;

    /**
     * Watches a block, which is not looked at yet.
     *
     * @param block to watch.
     * @param paths of the fields, whole arrays and structs too; empty for every field but those that the format's consistency rule
     *     counts up, which change with every write.
     * @throws FormatException where there is no such field.
     */
    public FieldWatch(final FormattedBlock block, final Collection<String> paths) {
        this.block = block;
        final Set<String> counted =
                block.format().consistency().fields().stream().map(Field::path).collect(Collectors.toSet());
        this.watched = paths.isEmpty()
                ? block.fields().stream()
                        .filter(field -> !counted.contains(field.path()))
                        .toList()
                : paths.stream().distinct().map(block.format()::field).toList();
    }

    /**
     * Looks at the block.
     *
     * @return what changed since the last look, one value each, in the order watched; nothing at the first look.
     * @throws BlockUnavailableException where no whole state could be read, or the memory was cut off; the next look compares with the
     *     last that succeeded.
     * @throws FormatException where the memory is shorter than the version's block, or the version is not described.
     */
    public List<FieldChange> poll() throws BlockUnavailableException {
        final Snapshot now = block.snapshot();
        final Map<String, FieldChange> changes = new LinkedHashMap<>();
        if (last != null) {
            watched.forEach(field -> compare(field, last, now, changes));
        }
        last = now;
        return new ArrayList<>(changes.values());
    }

    /**
     * What the watched fields were at the last look.
     *
     * @return path to value, as {@link FormattedBlock#get(Collection)} gives them, without the fields that the block's version lacks;
     *     empty before the first look.
     */
    public Map<String, Object> values() {
        final Map<String, Object> values = new LinkedHashMap<>();
        if (last != null) {
            watched.stream().filter(last::has).forEach(field -> values.put(field.path(), last.value(field)));
        }
        return values;
    }

    private static void compare(
            final Field field, final Snapshot before, final Snapshot after, final Map<String, FieldChange> changes) {
        if (before.has(field) && after.has(field) && sameBytes(field, before.block(), after.block())) {
            return;
        }
        if (field.lists() > 0) {
            for (int i = 0; i < field.dims().getFirst(); i++) {
                compare(field.element(i), before, after, changes);
            }
        } else if (field.type() == FieldType.STRUCT) {
            field.members().forEach(member -> compare(member, before, after, changes));
        } else {
            // Other bytes may be the same value: what follows the NUL of a text, for instance.
            final Object was = before.value(field);
            final Object is = after.value(field);
            if (!Objects.equals(was, is)) {
                changes.put(field.path(), new FieldChange(field.path(), was, is));
            }
        }
    }

    private static boolean sameBytes(final Field field, final DirectBuffer before, final DirectBuffer after) {
        final int end = field.offset() + field.length();
        for (int i = field.offset(); i < end; i++) {
            if (before.getByte(i) != after.getByte(i)) {
                return false;
            }
        }
        return true;
    }
}
