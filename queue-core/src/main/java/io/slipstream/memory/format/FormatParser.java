package io.slipstream.memory.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the language that the package describes, a line at a time and never back, so its time and memory are bounded by the
 * text's. Single-threaded, one a text.
 */
final class FormatParser {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final long MOST_U32 = 0xFFFF_FFFFL;

    /** A later object begins at a multiple of this. */
    private static final int OBJECT_ALIGNMENT = 8;

    private final String source;
    private final Names names = new Names();
    private final TreeMap<Long, Integer> lengths = new TreeMap<>();
    private final List<BlockObject> objects = new ArrayList<>();
    private final Map<String, Struct> roots = new LinkedHashMap<>();
    private String name = "";
    private String title = "";
    private int pack = 8;
    private long blockEnd;
    private Line versionLine;
    private Line consistencyLine;
    private Line playerLine;

    /** The struct, object, enum or bit set whose lines are being read; null between them. */
    private Line opened;

    private MemberParser memberParser;
    private Map<Long, String> values;

    FormatParser(final String source) {
        this.source = source;
    }

    BlockFormat parse(final String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new FormatException(
                    source, 0, "a format of " + text.length() + " characters; at most " + LONGEST_TEXT);
        }
        int number = 0;
        for (final String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            final Line words = new Line(source, number, line);
            if (!words.isEmpty()) {
                statement(words);
            }
        }
        if (opened != null) {
            throw opened.error("'" + opened.word(0, "") + "' is not closed; write 'end' on a line of its own");
        }
        if (name.isEmpty()) {
            throw new FormatException(source, 0, "no 'format' line; begin with: format name \"Title\"");
        }
        if (objects.isEmpty()) {
            throw new FormatException(source, 0, "no object; declare one: object name \"mapping's name\"");
        }
        return finish();
    }

    private void statement(final Line line) {
        if (line.word(0, "").equals("end") && opened != null) {
            line.endsAfter(1);
            close();
        } else if (memberParser != null) {
            memberParser.member(line);
        } else if (values != null) {
            value(line);
        } else {
            declaration(line);
        }
    }

    private void declaration(final Line line) {
        final String keyword = line.word(0, "a statement");
        switch (keyword) {
            case "format" -> format(line);
            case "pack" -> pack(line);
            case "constant" -> {
                final long value = line.integer(2, "the constant's value", Integer.MIN_VALUE, Integer.MAX_VALUE);
                Names.declare(line, names.constants, line.name(1, "a constant's name"), value);
                line.endsAfter(3);
            }
            case "unit" -> unit(line);
            case "version" -> versionLine = once(line, versionLine, 2);
            case "length" -> length(line);
            case "consistency" -> consistencyLine = once(line, consistencyLine, 4);
            case "player" -> playerLine = once(line, playerLine, 8);
            case "enum", "bits" -> {
                line.name(1, "the name of an " + keyword);
                line.endsAfter(2);
                opened = line;
                values = new LinkedHashMap<>();
            }
            case "struct", "object" -> open(line, keyword);
            default ->
                throw line.error(
                        "'" + keyword + "' is no statement; there are format, pack, constant, unit, version, length,"
                                + " consistency, player, enum, bits, struct and object");
        }
    }

    private void format(final Line line) {
        if (!name.isEmpty()) {
            throw line.error("a second 'format' line; keep one a file");
        }
        name = line.name(1, "the format's name");
        title = line.quoted(2, "the format's title");
        line.endsAfter(3);
    }

    private void pack(final Line line) {
        if (!roots.isEmpty() || !names.structs.isEmpty()) {
            throw line.error("'pack' holds for the whole file; put it above the first struct or object");
        }
        pack = switch (line.word(1, "natural, 1, 2, 4 or 8")) {
            case "natural", "8" -> 8;
            case "4" -> 4;
            case "2" -> 2;
            case "1" -> 1;
            default -> throw line.error("'" + line.word(1, "") + "' is no pack; there are natural, 1, 2, 4 and 8");
        };
        line.endsAfter(2);
    }

    private void unit(final Line line) {
        final String stored = line.word(1, "the unit as the block holds it");
        final String si = line.size() > 2 ? line.word(2, "") : stored;
        final double scale = line.size() > 3 ? line.real(line.word(3, ""), "the number of SI units in one") : 1.0;
        final double shift = line.size() > 4 ? line.real(line.word(4, ""), "the SI value of zero") : 0.0;
        if (scale == 0.0) {
            throw line.error("a scale of 0 would lose every value; give the number of " + si + " in one " + stored);
        }
        line.endsAfter(5);
        Names.declare(line, names.units, stored, new Unit(stored, si, scale, shift));
    }

    private void length(final Line line) {
        if (!roots.isEmpty() || !names.structs.isEmpty()) {
            throw line.error("put the 'length' lines above the first struct or object, which name versions");
        }
        final long version = line.integer(1, "a version", 0, MOST_U32);
        final int length = (int) line.integer(2, "the block's length in bytes", 1, Layout.LIMIT);
        line.endsAfter(3);
        if (lengths.put(version, length) != null) {
            throw line.error("version " + version + " has two lengths; keep one");
        }
        final Map.Entry<Long, Integer> older = lengths.lowerEntry(version);
        final Map.Entry<Long, Integer> newer = lengths.higherEntry(version);
        if ((older != null && older.getValue() > length) || (newer != null && newer.getValue() < length)) {
            throw line.error("a block never shrinks from a version to the next; mend the lengths");
        }
    }

    private Line once(final Line line, final Line earlier, final int words) {
        if (earlier != null) {
            throw line.error("a second '" + line.word(0, "") + "' line; keep one");
        }
        line.endsAfter(words);
        return line;
    }

    private void open(final Line line, final String keyword) {
        line.name(1, "the name of " + (keyword.equals("struct") ? "a struct" : "an object"));
        if (keyword.equals("object")) {
            line.quoted(2, "the mapping's name");
        }
        line.endsAfter(keyword.equals("object") ? 3 : 2);
        opened = line;
        memberParser = new MemberParser(names, pack, lengths.keySet(), firstVersion());
    }

    private long firstVersion() {
        return lengths.isEmpty() ? 0 : lengths.firstKey();
    }

    private void value(final Line line) {
        final boolean bits = opened.word(0, "").equals("bits");
        final long value = bits
                ? line.integer(0, "a mask of one or more bits", 1, Long.MAX_VALUE)
                : line.integer(0, "a value", Long.MIN_VALUE, Long.MAX_VALUE);
        final String valueName = line.name(1, "the value's name");
        line.endsAfter(2);
        if (values.containsValue(valueName) || values.putIfAbsent(value, valueName) != null) {
            throw line.error("'" + line.word(0, "") + " " + valueName + "' repeats a value or a name; remove one");
        }
        if (values.size() > 1_000) {
            throw line.error("more than 1000 values in '" + opened.word(1, "") + "'; that is no list of names");
        }
    }

    private void close() {
        final String opening = opened.word(1, "");
        switch (opened.word(0, "")) {
            case "struct" -> Names.declare(opened, names.structs, opening, memberParser.finish(opened, opening));
            case "object" -> object(memberParser.finish(opened, opening));
            default -> {
                if (values.isEmpty()) {
                    throw opened.error("'" + opening + "' has no value; give it one, or remove it");
                }
                final boolean bits = opened.word(0, "").equals("bits");
                Names.declare(opened, names.valueNames, opening, new ValueNames(opening, bits, values));
            }
        }
        opened = null;
        memberParser = null;
        values = null;
    }

    private void object(final Struct root) {
        final long offset = Layout.align(blockEnd, OBJECT_ALIGNMENT);
        blockEnd = offset + root.size();
        if (blockEnd > Layout.LIMIT) {
            throw opened.error("the objects are longer than the limit of " + Layout.LIMIT + " bytes a block");
        }
        Names.declare(opened, roots, root.name(), root);
        objects.add(new BlockObject(root.name(), opened.quoted(2, "the mapping's name"), (int) offset, root.size()));
    }

    private BlockFormat finish() {
        if (lengths.isEmpty()) {
            lengths.put(0L, (int) blockEnd);
        }
        final FieldTree tree = new FieldTree(name, objects, roots, names.constants);
        for (final Field field : tree.fields()) {
            fitsItsVersions(field);
        }
        final Rules rules = new Rules(tree);
        return new BlockFormat(
                name,
                title,
                objects,
                tree,
                lengths,
                names.constants,
                names.valueNames,
                versionLine == null ? null : rules.version(versionLine),
                consistencyLine == null ? new Consistency.None() : rules.consistency(consistencyLine),
                playerLine == null ? null : rules.player(playerLine));
    }

    private void fitsItsVersions(final Field field) {
        final Map.Entry<Long, Integer> first = lengths.floorEntry(Math.max(field.since(), firstVersion()));
        final long end = (long) field.offset() + field.length();
        if (end > first.getValue()) {
            throw new FormatException(
                    source,
                    0,
                    "field '" + field.path() + "' ends at byte " + end + ", but version " + first.getKey()
                            + " of the block has " + first.getValue()
                            + "; mend the length, the field's 'since' or the fields before it");
        }
    }
}
