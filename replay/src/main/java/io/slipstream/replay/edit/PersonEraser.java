package io.slipstream.replay.edit;

import io.slipstream.telemetry.block.BlockDescriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds and replaces people's names in blocks. What a name's field held last is remembered, so that the names of most frames cost a
 * comparison. Single-threaded.
 */
final class PersonEraser {
    private final List<PersonFields.Slot> slots;
    private final PersonNames names;
    private final byte[][] seen;
    private final byte[][] instead;
    private final byte[] bytes = new byte[BlockDescriptor.MAX_FRAME_LENGTH];
    private final UnsafeBuffer block = new UnsafeBuffer(bytes);

    PersonEraser(PersonFields fields, PersonNames names) {
        this.slots = fields.slots();
        this.names = names;
        this.seen = new byte[slots.size()][];
        this.instead = new byte[slots.size()][];
    }

    /** Takes in who is named in the source's present frame. */
    void find(SoundMessages source) throws IOException {
        final int length = load(source);
        for (int i = 0; i < slots.size(); i++) {
            final PersonFields.Slot slot = slots.get(i);
            if (isIn(slot, source, length) && isOther(i)) {
                seen[i] = content(slot);
                names.add(text(slot));
            }
        }
    }

    /** The source's present block with nobody's name in it, valid until the next call. */
    UnsafeBuffer erase(SoundMessages source) throws IOException {
        final int length = load(source);
        for (int i = 0; i < slots.size(); i++) {
            final PersonFields.Slot slot = slots.get(i);
            if (isIn(slot, source, length)) {
                if (instead[i] == null || isOther(i)) {
                    seen[i] = content(slot);
                    instead[i] = encode(names.instead(text(slot)), slot);
                }
                System.arraycopy(instead[i], 0, bytes, slot.offset(), Math.min(slot.length(), length - slot.offset()));
            }
        }
        return block;
    }

    private int load(SoundMessages source) {
        final int length = source.frame().blockLength();
        source.frame().block().getBytes(0, bytes, 0, length);
        return length;
    }

    private static boolean isIn(PersonFields.Slot slot, SoundMessages source, int length) {
        return slot.field().since() <= source.frame().formatVersion() && slot.offset() < length;
    }

    private boolean isOther(int i) {
        final PersonFields.Slot slot = slots.get(i);
        return seen[i] == null
                || !Arrays.equals(seen[i], 0, slot.length(), bytes, slot.offset(), slot.offset() + slot.length());
    }

    private byte[] content(PersonFields.Slot slot) {
        return Arrays.copyOfRange(bytes, slot.offset(), slot.offset() + slot.length());
    }

    private String text(PersonFields.Slot slot) {
        return slot.field().text(block, 0, slot.index());
    }

    /** The bytes behind the text are zero: what stood there may have been a longer name. */
    private byte[] encode(String name, PersonFields.Slot slot) throws IOException {
        final byte[] field = new byte[slot.length()];
        if (name.equals(names.kept())) {
            final byte[] original = content(slot);
            System.arraycopy(original, 0, field, 0, textLength(original, slot));
            return field;
        }
        final byte[] text = name.getBytes(slot.charset());
        if (text.length >= field.length) {
            throw new IOException(
                    "the field " + slot.field().path() + " is too short for '" + name + "': it names nobody");
        }
        System.arraycopy(text, 0, field, 0, text.length);
        return field;
    }

    private static int textLength(byte[] original, PersonFields.Slot slot) {
        final int unit = slot.field().encoding().equals("utf-16le") ? 2 : 1;
        for (int i = 0; i + unit <= original.length; i += unit) {
            if (original[i] == 0 && original[i + unit - 1] == 0) {
                return i;
            }
        }
        return original.length;
    }

    /** The loaded block. */
    UnsafeBuffer block() {
        return block;
    }
}
