package io.slipstream.replay.session;

import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.SchemaStore;
import io.slipstream.telemetry.bridge.Bridge;
import java.nio.file.Path;

/** Which schemas a session that is made of another can have: those that the other brings, and the one that every session gets. */
public final class KnownSchemas {
    private static final MessageSchema OURS = Bridge.schema();

    private KnownSchemas() {}

    /**
     * Tells whether messages of a schema can be written to a session that is made of another.
     *
     * @param session the other.
     * @param id of the schema.
     * @param version of the schema.
     * @return true if this very version is known.
     */
    public static boolean has(Path session, int id, int version) {
        return (id == OURS.id() && version == OURS.version()) || new SchemaStore(session).has(id, version);
    }
}
