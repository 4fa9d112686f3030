package io.slipstream.replay.export;

import java.io.OutputStream;
import java.nio.file.Path;

/** Where an export goes. */
public sealed interface ExportTarget {
    /**
     * A file, which exists when it is whole.
     *
     * @param path of the file.
     * @param replace true to replace one that is there.
     */
    record File(Path path, boolean replace) implements ExportTarget {}

    /**
     * A stream, as standard output.
     *
     * @param out that is flushed at the end, and not closed.
     */
    record Stream(OutputStream out) implements ExportTarget {}
}
