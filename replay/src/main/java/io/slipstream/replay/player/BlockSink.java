package io.slipstream.replay.player;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes frames into a shared block by the game's own protocol, each with the sequence number it was recorded with. The block
 * stays when the playback ends, with its last frame in it.
 */
public final class BlockSink implements FrameSink {
    private final MappedBlock block;
    private final SeqlockWriter writer;

    private BlockSink(MappedBlock block, SeqlockWriter writer) {
        this.block = block;
        this.writer = writer;
    }

    /**
     * Opens or makes the block.
     *
     * @param path of the block's file.
     * @param format of the frames to come.
     * @param blockLength bytes of the frames to come.
     * @param synthetic whether a simulator made the frames.
     * @return the sink.
     * @throws IOException if the block is alive: a game, a simulator or another playback writes it; or cannot be made.
     */
    public static BlockSink open(Path path, BlockFormat format, int blockLength, boolean synthetic) throws IOException {
        final int sequenceOffset = format.field("mSequenceNumber").offset();
        final int length = BlockDescriptor.mappingLength(blockLength);
        if (Files.exists(path)) {
            if (BlockLiveness.isAlive(path, sequenceOffset)) {
                throw new IOException(path + " is alive: something writes it now; give --block another name");
            }
            if (Files.size(path) != length) {
                // A dead block of another version.
                Files.delete(path);
            }
        }
        final MappedBlock block =
                Files.exists(path) ? MappedBlock.openReadWrite(path) : MappedBlock.create(path, length);
        try {
            BlockTrailer.write(block.buffer(), synthetic, true);
            return new BlockSink(block, new SeqlockWriter(block.buffer(), sequenceOffset));
        } catch (RuntimeException e) {
            block.close();
            throw e;
        }
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        writer.writeRecorded(cursor.block(), cursor.block().capacity());
    }

    @Override
    public void close() throws IOException {
        BlockTrailer.signOff(block.buffer());
        block.close();
    }
}
