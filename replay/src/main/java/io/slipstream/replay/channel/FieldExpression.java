package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FieldType;
import java.util.ArrayList;
import java.util.List;

/** Turns the FIELDS of a channel, {@code -a[2]} or {@code a*b}, into what reads them. */
final class FieldExpression {
    private static final String PLAYER = "[player]";
    private static final String FIRST = "[0]";

    private final BlockFormat format;
    private final long version;
    private Player player;

    FieldExpression(BlockFormat format, long version) {
        this.format = format;
        this.version = version;
    }

    /** Does this version of the block have all the fields, as numbers? A session may bring along a format that lacks some. */
    boolean isIn(String text) {
        for (String path : paths(text)) {
            final String one = path.replace(PLAYER, FIRST);
            if (!format.has(one) || !isNumber(format.field(one))) {
                return false;
            }
        }
        return true;
    }

    private boolean isNumber(Field field) {
        return field.since() <= version
                && field.dims().isEmpty()
                && field.type() != FieldType.STRUCT
                && !field.type().isText();
    }

    /** The fields; of the player's the first participant's. */
    List<Field> fields(String text) {
        final List<Field> fields = new ArrayList<>();
        for (String path : paths(text)) {
            fields.add(format.field(path.replace(PLAYER, FIRST)));
        }
        return fields;
    }

    /** What reads the fields and gives their value in a unit. */
    Reading reading(String text, UnitConversion unit, boolean own) {
        final String[] paths = paths(text);
        // One that is stored in the wanted unit is not converted there and back.
        final boolean stored = paths.length == 1 && unit.isStoredBy(fields(text).getFirst());
        Reading reading = field(paths[0], stored);
        for (int i = 1; i < paths.length; i++) {
            reading = Reading.product(reading, field(paths[i], false));
        }
        if (!stored && (unit.factor() != 1 || unit.offset() != 0)) {
            reading = Reading.shown(reading, unit);
        }
        if (text.startsWith("-")) {
            reading = Reading.negative(reading);
        }
        return own ? Reading.own(player(), reading) : reading;
    }

    private static String[] paths(String text) {
        return (text.startsWith("-") ? text.substring(1) : text).split("\\*", -1);
    }

    private Reading field(String path, boolean stored) {
        final int at = path.indexOf(PLAYER);
        if (at < 0) {
            return one(path, stored);
        }
        final int participants = format.field(path.substring(0, at)).count();
        final Reading[] readings = new Reading[participants];
        for (int i = 0; i < participants; i++) {
            readings[i] = one(path.replace(PLAYER, "[" + i + "]"), stored);
        }
        return Reading.ofPlayer(player(), readings);
    }

    private Reading one(String path, boolean stored) {
        return stored ? Reading.stored(format.field(path)) : Reading.si(format.field(path));
    }

    private Player player() {
        if (player == null) {
            player = new Player(format, version);
        }
        return player;
    }
}
