package io.slipstream.replay.player;

import io.slipstream.queue.MessageSchema;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.util.BitSet;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which types of messages a replayed queue gets. Immutable. */
public final class MessageSelection {
    /** Template ids are 16 bits. */
    private static final int TEMPLATES = 1 << 16;

    private final BitSet templates;

    private MessageSelection(BitSet templates) {
        this.templates = templates;
    }

    /**
     * Chooses by name.
     *
     * @param schema that the messages are of.
     * @param include names of the only types wanted; empty for all.
     * @param exclude names of types not wanted, among them.
     * @return the selection.
     * @throws IllegalArgumentException if the schema has no such type, naming those it has; if nothing is left; or if frames
     *     would be left that nobody can read: a Delta says only what changed since the Keyframe before.
     */
    public static MessageSelection of(MessageSchema schema, Collection<String> include, Collection<String> exclude) {
        final BitSet templates = new BitSet(TEMPLATES);
        if (include.isEmpty()) {
            templates.set(0, TEMPLATES);
        }
        include.forEach(name -> templates.set(id(schema, name)));
        exclude.forEach(name -> templates.clear(id(schema, name)));
        if (templates.isEmpty()) {
            throw new IllegalArgumentException("all types of messages that are included are excluded as well");
        }
        if (templates.get(DeltaDecoder.TEMPLATE_ID) && !templates.get(KeyframeDecoder.TEMPLATE_ID)) {
            throw new IllegalArgumentException(
                    "Delta without Keyframe: nobody could read those frames; include or exclude both");
        }
        return new MessageSelection(templates);
    }

    private static int id(MessageSchema schema, String name) {
        final int id = schema.templateId(name);
        if (id < 0) {
            throw new IllegalArgumentException("no message type '" + name + "'; there are: " + names(schema));
        }
        return id;
    }

    private static SortedSet<String> names(MessageSchema schema) {
        final SortedSet<String> names = new TreeSet<>();
        for (int id = 0; id < TEMPLATES; id++) {
            final String name = schema.templateName(id);
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** Whether messages of a template are wanted. */
    boolean has(int templateId) {
        return templates.get(templateId);
    }
}
