package io.slipstream.replay.edit;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FormatException;
import io.slipstream.memory.format.PlayerRule;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a block names people: in the member that its format's {@code player} line says holds a participant's name, and in the fields
 * that the user adds. Nothing is guessed from a field's name. Immutable.
 */
final class PersonFields {
    /**
     * One text.
     *
     * @param field that it is of.
     * @param index among the field's texts.
     * @param offset in the block.
     * @param length bytes, its NUL included.
     */
    record Slot(Field field, int index, int offset, int length) {
        Charset charset() {
            return field.encoding().equals("utf-16le") ? StandardCharsets.UTF_16LE : StandardCharsets.US_ASCII;
        }
    }

    private final List<Slot> slots = new ArrayList<>();
    private final Optional<PlayerRule> player;

    PersonFields(BlockFormat format, List<String> more) throws IOException {
        player = format.player();
        player.ifPresent(rule -> {
            for (int i = 0; i < rule.participants().count(); i++) {
                add(format.field(rule.participants().path() + "[" + i + "]."
                        + rule.name().name()));
            }
        });
        for (String path : more) {
            addAll(format, path);
        }
        if (slots.isEmpty()) {
            throw new IOException("the format " + format.name() + " does not say where it names people: add a 'player'"
                    + " line to it, or name the fields with --fields, as drivers[].name");
        }
    }

    /** A path; {@code []} in it stands for every element. */
    private void addAll(BlockFormat format, String path) throws IOException {
        try {
            final int every = path.indexOf("[]");
            if (every < 0) {
                final Field field = format.field(path);
                if (field.encoding().isEmpty()) {
                    throw new IOException("the field " + path + " is no text: it names nobody");
                }
                add(field);
                return;
            }
            final List<Integer> dims = format.field(path.substring(0, every)).dims();
            for (int i = 0; i < (dims.isEmpty() ? 0 : dims.getFirst()); i++) {
                addAll(format, path.substring(0, every) + "[" + i + "]" + path.substring(every + 2));
            }
        } catch (FormatException e) {
            throw new IOException("there is no field " + path + ": " + e.getMessage(), e);
        }
    }

    private void add(Field field) {
        final int length = field.length() / field.count();
        for (int i = 0; i < field.count(); i++) {
            slots.add(new Slot(field, i, field.offset() + i * length, length));
        }
    }

    List<Slot> slots() {
        return slots;
    }

    /** Which of the participants is the player; empty where the format does not say. */
    Optional<PlayerRule> player() {
        return player;
    }
}
