package io.slipstream.telemetry.source;

import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;

/** A place where a block may be, now or later. Safe for one thread at a time. */
public interface BlockSource {

    /**
     * Looks for the block.
     *
     * @return the block, attached read-only, to be closed by the caller; null if it is not there now.
     * @throws IOException if something is there that cannot be a block, or may not be read; the message names the remedy.
     */
    MappedBlock open() throws IOException;

    /**
     * Says where it looks.
     *
     * @return for people to read.
     */
    String describe();
}
