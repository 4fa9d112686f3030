package io.slipstream.replay.player;

import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Path;
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
     * @param path of the block's file.
     * @param sequenceOffset where its sequence number is.
     * @return true if the writer lives, or the number moves.
     * @throws IOException if the block cannot be read.
     */
    public static boolean isAlive(Path path, int sequenceOffset) throws IOException {
        try (MappedBlock block = MappedBlock.openReadOnly(path)) {
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
}
