package io.slipstream.replay.player;

import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** Whether somebody writes a block now. */
public final class BlockLiveness {
    /** A game that shows three frames a second is alive. */
    private static final long PATIENCE_NS = 400_000_000L;

    private BlockLiveness() {}

    /**
     * Looks at a block: at the process that says it writes it, else for a while at its sequence number.
     *
     * @param block to look at; reading is enough.
     * @param sequenceOffset where its sequence number is.
     * @return true if the writer lives, or the number moves.
     */
    public static boolean isAlive(MappedBlock block, int sequenceOffset) {
        final UnsafeBuffer buffer = block.buffer();
        if (BlockTrailer.isPresent(buffer)) {
            return BlockTrailer.writerAlive(buffer);
        }
        if (sequenceOffset + Integer.BYTES > block.length()) {
            return false;
        }
        final int before = buffer.getIntVolatile(sequenceOffset);
        final long deadline = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() < deadline) {
            if (buffer.getIntVolatile(sequenceOffset) != before) {
                return true;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return false;
    }
}
