package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds fields by path. Immutable. */
final class FieldTree {
    private static final int LONGEST_PATH = 1_000;

    private final String formatName;
    private final List<BlockObject> objects;
    private final Map<String, Struct> roots;
    private final Map<String, Long> constants;
    private final List<Field> fields = new ArrayList<>();

    FieldTree(
            final String formatName,
            final List<BlockObject> objects,
            final Map<String, Struct> roots,
            final Map<String, Long> constants) {
        this.formatName = formatName;
        this.objects = List.copyOf(objects);
        this.roots = roots;
        this.constants = constants;
        for (final BlockObject object : this.objects) {
            for (final Declaration member : roots.get(object.name()).members().values()) {
                fields.add(top(object, member));
            }
        }
    }

    List<Field> fields() {
        return List.copyOf(fields);
    }

    private Field top(final BlockObject object, final Declaration member) {
        final String prefix = objects.size() > 1 ? object.name() + "." : "";
        return new Field(prefix + member.name(), member, member.dims(), object.offset() + member.offset());
    }

    /** Follows a path such as {@code mParticipantInfo[3].mWorldPosition[0]}. */
    Field find(final String path) {
        if (path.length() > LONGEST_PATH) {
            throw error(path.substring(0, 40) + "...", "is longer than " + LONGEST_PATH + " characters");
        }
        final String[] names = path.split("\\.", -1);
        BlockObject object = objects.getFirst();
        int next = 0;
        if (objects.size() > 1) {
            final String first = names[0];
            object = objects.stream()
                    .filter(candidate -> candidate.name().equals(first))
                    .findFirst()
                    .orElseThrow(
                            () -> error(path, "should begin with an object: " + String.join(", ", roots.keySet())));
            next = 1;
        }
        if (next == names.length) {
            throw error(path, "names an object; add a field of it");
        }
        final Map<String, Declaration> members = roots.get(object.name()).members();
        Field field = indexed(path, top(object, member(path, members, names[next])), names[next]);
        for (int i = next + 1; i < names.length; i++) {
            if (field.type() == FieldType.STRUCT && !field.dims().isEmpty()) {
                throw error(path, "needs an index after '" + field.path() + "', as in " + field.path() + "[0]");
            }
            field = indexed(path, field.member(member(path, field.memberDeclarations(), names[i])), names[i]);
        }
        return field;
    }

    private Declaration member(final String path, final Map<String, Declaration> members, final String text) {
        final int bracket = text.indexOf('[');
        final String name = bracket < 0 ? text : text.substring(0, bracket);
        final Declaration found = members.get(name);
        if (found == null) {
            throw error(path, "names no field at '" + name + "'" + suggestion(members, name));
        }
        return found;
    }

    private static String suggestion(final Map<String, Declaration> members, final String name) {
        final String wanted = name.toLowerCase(Locale.ROOT);
        final List<String> near = members.keySet().stream()
                .filter(candidate -> !wanted.isEmpty()
                        && candidate
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted.substring(0, Math.min(wanted.length(), 5))))
                .limit(5)
                .toList();
        return near.isEmpty() ? "" : "; near it are " + String.join(", ", near);
    }

    private Field indexed(final String path, final Field whole, final String text) {
        Field field = whole;
        int at = text.indexOf('[');
        while (at >= 0 && at < text.length()) {
            final int close = text.indexOf(']', at);
            if (text.charAt(at) != '[' || close < 0) {
                throw error(path, "has a faulty index; write it as mSpeeds[3]");
            }
            if (field.dims().isEmpty()) {
                throw error(path, "has more indexes than '" + whole.path() + "' has dimensions");
            }
            field = field.element(
                    index(path, text.substring(at + 1, close), field.dims().getFirst()));
            at = close + 1;
        }
        return field;
    }

    private int index(final String path, final String text, final int dim) {
        long index = -1;
        if (constants.containsKey(text)) {
            index = constants.get(text);
        } else if (!text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            index = Integer.parseInt(text);
        }
        if (index < 0 || index >= dim) {
            throw error(path, "has index '" + text + "', which should be 0 to " + (dim - 1));
        }
        return (int) index;
    }

    FormatException error(final String path, final String problem) {
        return new FormatException(formatName, 0, "the path '" + path + "' " + problem);
    }
}
