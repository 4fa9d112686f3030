package io.slipstream.replay.edit;

import java.nio.file.Path;

/** Where a new session is to be. */
public sealed interface Destination {

    /**
     * A directory of this very name; there must be nothing yet.
     *
     * @param path of the session to be.
     */
    record Named(Path path) implements Destination {}

    /**
     * A directory among others, named by time and track as recordings are.
     *
     * @param sessions the directory of sessions; made if missing.
     */
    record Among(Path sessions) implements Destination {}
}
