package io.slipstream.tests.bench;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import org.agrona.DirectBuffer;

/** A run of frames, one at a time. */
interface Frames extends AutoCloseable {
    BlockFormat FORMAT = GameFormats.load("pcars2");
    int SEQUENCE_OFFSET = FORMAT.field("mSequenceNumber").offset();

    /** Moves to the next; false if there is none. */
    boolean next();

    /** The frame, at offset 0. */
    DirectBuffer block();

    /** When it was captured, ns since the Unix epoch. */
    long timestampNs();

    default long version() {
        return FORMAT.version(block(), 0);
    }

    /** Bytes of the frame. */
    default int length() {
        return FORMAT.length(version());
    }

    default long sequence() {
        return Integer.toUnsignedLong(block().getInt(SEQUENCE_OFFSET));
    }

    @Override
    default void close() throws IOException {}
}
