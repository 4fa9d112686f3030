package io.slipstream.replay.player;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Consistency;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FormatException;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;

/**
 * Writes frames into a shared block by the game's own protocol, each with the sequence number it was recorded with. The block
 * stays when the playback ends, with its last frame in it; one of Qt, Windows or Wine as long as another program has it.
 */
public final class BlockSink implements FrameSink {
    private final MappedBlock block;
    private final SeqlockWriter writer;
    private boolean removed;

    private BlockSink(MappedBlock block, SeqlockWriter writer) {
        this.block = block;
        this.writer = writer;
    }

    /**
     * Opens or makes the block.
     *
     * @param name of the block.
     * @param format of the frames to come.
     * @param blockLength bytes of the frames to come.
     * @param synthetic whether a simulator made the frames.
     * @return the sink.
     * @throws SharedMemoryException if the block is alive: a game, a simulator or another playback writes it; or cannot be made.
     * @throws FormatException if its frames have no sequence number.
     */
    public static BlockSink open(BlockName name, BlockFormat format, int blockLength, boolean synthetic)
            throws SharedMemoryException {
        final int sequenceOffset = sequence(format).offset();
        final int length = BlockDescriptor.mappingLength(blockLength);
        if (hasDeadBlockOfAnotherLength(name, sequenceOffset, length)) {
            MappedBlock.remove(name);
        }
        final MappedBlock block = MappedBlock.create(name, length);
        try {
            BlockTrailer.write(block.buffer(), synthetic, true);
            return new BlockSink(block, new SeqlockWriter(block.buffer(), sequenceOffset));
        } catch (RuntimeException e) {
            block.close();
            throw e;
        }
    }

    private static Field sequence(BlockFormat format) {
        if (format.consistency() instanceof Consistency.Seqlock(Field sequence)) {
            return sequence;
        }
        throw new FormatException(
                format.name(),
                0,
                "its blocks have no sequence number by which a reader knows a whole one; play into a queue, with --queue");
    }

    private static boolean hasDeadBlockOfAnotherLength(BlockName name, int sequenceOffset, int length)
            throws SharedMemoryException {
        try (MappedBlock there = MappedBlock.openReadOnly(name)) {
            if (BlockLiveness.isAlive(there, sequenceOffset)) {
                throw new SharedMemoryException(
                        SharedMemoryError.ALREADY_EXISTS,
                        name + " is alive: something writes it now; give --block another name");
            }
            return there.length() != length;
        } catch (SharedMemoryException e) {
            if (e.error() == SharedMemoryError.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Removes the block at the end, as when a game exits.
     *
     * @return this.
     */
    public BlockSink removedAtEnd() {
        removed = true;
        return this;
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        writer.writeRecorded(cursor.block(), cursor.block().capacity());
    }

    @Override
    public void close() throws SharedMemoryException {
        BlockTrailer.signOff(block.buffer());
        final boolean ours = block.stillThere();
        block.close();
        if (removed && ours) {
            MappedBlock.remove(block.name());
        }
    }
}
