package io.slipstream.memory.format;

/** Turns the lines that name fields into rules, once every field is known. */
final class Rules {
    private final FieldTree tree;

    Rules(final FieldTree tree) {
        this.tree = tree;
    }

    Field version(final Line line) {
        return integer(line, 1, "the field that holds the version");
    }

    Consistency consistency(final Line line) {
        final String kind = line.word(1, "seqlock, pair, counter or none");
        return switch (kind) {
            case "seqlock" -> {
                line.endsAfter(3);
                final Field sequence = integer(line, 2, "the field that holds the sequence number");
                if (sequence.type().size() != 4 || (sequence.offset() & 3) != 0) {
                    throw line.error("'" + sequence.path() + "' should be a 32-bit integer at a multiple of 4 bytes");
                }
                yield new Consistency.Seqlock(sequence);
            }
            case "pair" ->
                new Consistency.Pair(
                        integer(line, 2, "the field counted up before a frame"),
                        integer(line, 3, "the field counted up after a frame"));
            case "counter" -> {
                line.endsAfter(3);
                yield new Consistency.Counter(integer(line, 2, "the field that counts frames"));
            }
            case "none" -> {
                line.endsAfter(2);
                yield new Consistency.None();
            }
            default -> throw line.error("'" + kind + "' is no consistency; there are seqlock, pair, counter and none");
        };
    }

    PlayerRule player(final Line line) {
        final Field participants = field(line, 1, "the array of participants");
        if (participants.type() != FieldType.STRUCT || participants.dims().size() != 1) {
            throw line.error("'" + participants.path() + "' should be an array of structs with one dimension");
        }
        keyword(line, 2, "count");
        final Field count = integer(line, 3, "the field that counts participants");
        keyword(line, 4, "viewed");
        final Field viewed = integer(line, 5, "the field that holds the viewed one's index");
        keyword(line, 6, "name");
        final String member = line.word(7, "the member that holds a participant's name");
        final Field name = find(line, participants.path() + "[0]." + member);
        if (!name.type().isText()) {
            throw line.error("'" + name.path() + "' should be text");
        }
        return new PlayerRule(participants, count, viewed, name);
    }

    private static void keyword(final Line line, final int index, final String keyword) {
        if (!line.word(index, "'" + keyword + "'").equals(keyword)) {
            throw line.error("'" + line.word(index, "") + "' should be '" + keyword
                    + "'; the line is: player ARRAY count FIELD viewed" + " FIELD name MEMBER");
        }
    }

    private Field integer(final Line line, final int index, final String what) {
        final Field field = field(line, index, what);
        if (!field.type().isInteger() || !field.dims().isEmpty()) {
            throw line.error("'" + field.path() + "' should be one whole number to be " + what);
        }
        return field;
    }

    private Field field(final Line line, final int index, final String what) {
        return find(line, line.word(index, what));
    }

    private Field find(final Line line, final String path) {
        try {
            return tree.find(path);
        } catch (final FormatException e) {
            throw line.error(e.problem());
        }
    }
}
