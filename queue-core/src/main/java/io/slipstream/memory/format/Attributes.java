package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What follows a field's name: pairs of a word and its value, in any order, each at most once. Single-threaded. */
final class Attributes {
    private static final int MOST_SENTINELS = 8;

    private final Line line;
    private final Names names;
    private final Set<Long> versions;
    private final FieldType type;

    Unit unit = Unit.NONE;
    final List<Double> sentinels = new ArrayList<>();
    ValueNames valueNames;

    /** Null for what is no text. */
    TextEncoding encoding;

    long since = -1;
    long at = -1;
    long stride = -1;

    Attributes(final Line line, final Names names, final Set<Long> versions, final FieldType type) {
        this.line = line;
        this.names = names;
        this.versions = versions;
        this.type = type;
        this.encoding = switch (type) {
            case CHAR8 -> TextEncoding.LENIENT_UTF_8;
            case CHAR16 -> TextEncoding.UTF_16LE;
            default -> null;
        };
    }

    /** Reads the line from this word to its end. */
    void read(final int first) {
        final Set<String> seen = new HashSet<>();
        for (int i = first; i < line.size(); i += 2) {
            final String attribute = line.word(i, "an attribute");
            if (!seen.add(attribute)) {
                throw line.error("'" + attribute + "' is given twice; keep one");
            }
            attribute(attribute, i + 1);
        }
    }

    private void attribute(final String attribute, final int value) {
        switch (attribute) {
            case "unit" -> {
                requireNumber(attribute);
                unit = Names.find(line, names.units, line.word(value, "a unit"), "unit");
            }
            case "unset" -> {
                requireNumber(attribute);
                readSentinels(line.word(value, "the stored values that mean 'not set'"));
            }
            case "enum", "bits" -> readNames(attribute, line.word(value, "the name of an enum or a bit set"));
            case "since" -> {
                since = line.integer(value, "a version", 0, 0xFFFF_FFFFL);
                if (!versions.contains(since)) {
                    throw line.error("no 'length' line for version " + since + "; add one above, or mend the version");
                }
            }
            case "encoding" -> readEncoding(line.word(value, "utf-8, windows-1252 or gbk"));
            case "at" -> at = line.integer(value, "an offset in bytes", 0, Layout.LIMIT);
            case "stride" -> stride = line.integer(value, "a number of bytes", 1, Layout.LIMIT);
            default ->
                throw line.error("'" + attribute + "' is no attribute; there are unit, unset, enum, bits, encoding,"
                        + " since, at and stride");
        }
    }

    private void requireNumber(final String attribute) {
        if (!type.isInteger() && !type.isFloating()) {
            throw line.error("'" + attribute + "' is for numbers, not for " + type.keyword() + "; remove it");
        }
    }

    private void readSentinels(final String values) {
        for (final String value : values.split(",", MOST_SENTINELS + 1)) {
            final double number = line.real(value, "a stored value that means 'not set'");
            // A block's single is compared as the single it is: -273.16 is not one.
            sentinels.add(type == FieldType.F32 ? (double) (float) number : number);
        }
    }

    private void readEncoding(final String keyword) {
        if (type != FieldType.CHAR8) {
            throw line.error("'encoding' is for char8; "
                    + (type == FieldType.CHAR16
                            ? "char16 is always UTF-16 little-endian; remove it"
                            : type.keyword() + " is no text; remove it"));
        }
        encoding = TextEncoding.named(keyword);
        if (encoding == null) {
            throw line.error("'" + keyword + "' is no encoding; there are utf-8, windows-1252 and gbk");
        }
    }

    private void readNames(final String kind, final String name) {
        if (!type.isInteger()) {
            throw line.error("'" + kind + "' is for whole numbers, not for " + type.keyword() + "; remove it");
        }
        if (valueNames != null) {
            throw line.error("a field has an enum or a bit set, not both; keep one");
        }
        valueNames = Names.find(line, names.valueNames, name, kind);
        if (valueNames.bits() != kind.equals("bits")) {
            throw line.error("'" + name + "' is declared with '" + (valueNames.bits() ? "bits" : "enum")
                    + "'; use that word here");
        }
    }
}
