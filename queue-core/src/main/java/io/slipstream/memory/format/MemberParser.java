package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The lines of a struct or an object: {@code type name[dimensions] attributes}. A struct can hold only structs that were declared
 * above it, so that none can hold itself. Single-threaded, one a struct.
 */
final class MemberParser {
    private static final int MOST_DIMENSIONS = 4;

    /** So that nobody's file makes the decoder build a million-entry map. */
    private static final long MOST_VALUES = 1L << 20;

    private final Names names;
    private final Set<Long> versions;
    private final long firstVersion;
    private final Layout layout;
    private final Map<String, Declaration> members = new LinkedHashMap<>();
    private long values;

    MemberParser(final Names names, final int pack, final Set<Long> versions, final long firstVersion) {
        this.names = names;
        this.versions = versions;
        this.firstVersion = firstVersion;
        this.layout = new Layout(pack);
    }

    /** One member. */
    void member(final Line line) {
        final String typeName = line.word(0, "a type");
        final FieldType type = typeOf(typeName);
        final Struct struct = type == FieldType.STRUCT
                ? Names.find(
                        line,
                        names.structs,
                        typeName,
                        "type (i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 bool8 char8 char16) or struct")
                : null;
        final String declared = line.word(1, "the field's name");
        final int bracket = declared.indexOf('[');
        final String name = bracket < 0 ? declared : declared.substring(0, bracket);
        if (!Line.isName(name) || name.indexOf('-') >= 0) {
            throw line.error(
                    "'" + name + "' cannot be a field's name: use letters, digits and _, and begin with a letter");
        }
        final List<Integer> dims = bracket < 0 ? List.of() : dims(line, declared, bracket);
        final Attributes attributes = new Attributes(line, names, versions, type);
        attributes.read(2);
        place(line, name, type, struct, dims, attributes);
    }

    private void place(
            final Line line,
            final String name,
            final FieldType type,
            final Struct struct,
            final List<Integer> dims,
            final Attributes attributes) {
        final int size = struct == null ? type.size() : struct.size();
        if (attributes.stride >= 0 && (struct == null || dims.size() != 1 || attributes.stride < size)) {
            throw line.error("stride is for an array of structs with one dimension, and at least the struct's " + size
                    + " bytes");
        }
        final int stride = attributes.stride >= 0 ? (int) attributes.stride : size;
        final long placed = layout.place(struct == null ? type.size() : struct.alignment());
        final long offset = attributes.at >= 0 ? attributes.at : placed;
        final Declaration declaration = new Declaration(
                name,
                type,
                struct,
                dims,
                (int) offset,
                stride,
                attributes.since < 0 ? firstVersion : attributes.since,
                attributes.unit,
                List.copyOf(attributes.sentinels),
                attributes.valueNames,
                attributes.encoding);
        if (!layout.occupy(offset, declaration.length())) {
            throw line.error(
                    "'" + name + "' ends past the limit of " + Layout.LIMIT + " bytes a block; check its dimensions");
        }
        values += values(declaration);
        if (values > MOST_VALUES) {
            throw line.error("more than " + MOST_VALUES + " values with '" + name + "'; check its dimensions");
        }
        Names.declare(line, members, name, declaration);
    }

    private static long values(final Declaration declaration) {
        long product = declaration.struct() == null ? 1 : declaration.struct().values();
        final int counted = declaration.dims().size() - (declaration.type().isText() ? 1 : 0);
        for (int i = 0; i < counted; i++) {
            product *= declaration.dims().get(i);
        }
        return product;
    }

    /** The struct that the lines made. */
    Struct finish(final Line line, final String name) {
        if (members.isEmpty()) {
            throw line.error("'" + name + "' has no member; give it one, or remove it");
        }
        if (layout.size() > Layout.LIMIT) {
            throw line.error("'" + name + "' is longer than the limit of " + Layout.LIMIT + " bytes a block");
        }
        return new Struct(name, members, (int) layout.size(), layout.alignment(), values);
    }

    private static FieldType typeOf(final String keyword) {
        for (final FieldType type : FieldType.values()) {
            if (type != FieldType.STRUCT && type.keyword().equals(keyword)) {
                return type;
            }
        }
        return FieldType.STRUCT;
    }

    private List<Integer> dims(final Line line, final String declared, final int firstBracket) {
        final List<Integer> dims = new ArrayList<>();
        long product = 1;
        int at = firstBracket;
        while (at < declared.length()) {
            final int close = declared.indexOf(']', at);
            if (declared.charAt(at) != '[' || close < 0 || dims.size() == MOST_DIMENSIONS) {
                throw line.error("'" + declared + "' should be a name and at most " + MOST_DIMENSIONS
                        + " dimensions, as mName[64][3]");
            }
            final long dim = dim(line, declared.substring(at + 1, close));
            product *= dim;
            if (dim < 1 || dim > Layout.LIMIT || product > Layout.LIMIT) {
                throw line.error(
                        "'" + declared + "' needs dimensions from 1, and at most " + Layout.LIMIT + " elements in all");
            }
            dims.add((int) dim);
            at = close + 1;
        }
        return List.copyOf(dims);
    }

    private long dim(final Line line, final String text) {
        if (Line.isName(text)) {
            return Names.find(line, names.constants, text, "constant");
        }
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException ignored) {
            throw line.error(
                    "'" + text.toLowerCase(Locale.ROOT) + "' should be a dimension: a whole number or a constant");
        }
    }
}
