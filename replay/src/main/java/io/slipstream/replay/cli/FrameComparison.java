package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.simulator.Simulator;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Plays frames into a block, reads each back from there as any program would, and compares it with the frame of the same
 * sequence number in a second run of the same race.
 */
final class FrameComparison implements FrameSink {
    private final BlockSink sink;
    private final Simulator race;
    private final MappedBlock copy;
    private final MappedBlock original;
    private final BlockFormat format;
    private final int sequenceOffset;
    private final SeqlockReader reader = new SeqlockReader(0);
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(BlockDescriptor.MAX_FRAME_LENGTH));
    private long compared;
    private long equal;
    private String firstDifference;

    FrameComparison(BlockSink sink, BlockName copyName, Simulator race, BlockName raceName, BlockFormat format)
            throws IOException {
        this.sink = sink;
        this.race = race;
        this.format = format;
        this.sequenceOffset = format.field("mSequenceNumber").offset();
        this.copy = MappedBlock.openReadOnly(copyName);
        this.original = MappedBlock.openReadOnly(raceName);
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        sink.onFrame(cursor, timestampNs);
        final int length = cursor.block().capacity();
        final int wanted = cursor.block().getInt(sequenceOffset);
        compared++;
        while (original.buffer().getInt(sequenceOffset) < wanted && race.writeFrame()) {
            // Frames that were missed are passed over.
        }
        final int code = reader.sample(copy.buffer(), sequenceOffset, Sequence.NONE, frame, length);
        int at = 0;
        while (at < length && frame.getByte(at) == original.buffer().getByte(at)) {
            at++;
        }
        if (code == SeqlockReader.OK && at == length) {
            equal++;
        } else if (firstDifference == null) {
            firstDifference = code == SeqlockReader.OK
                    ? "frame " + wanted + ", byte " + at + " (" + fieldAt(at) + ")"
                    : "frame " + wanted + " cannot be read, code " + code;
        }
    }

    private String fieldAt(int offset) {
        return format.fields().stream()
                .filter(field -> field.offset() <= offset && offset < field.offset() + field.length())
                .reduce((outer, inner) -> inner)
                .map(field -> field.path())
                .orElse("between fields");
    }

    long compared() {
        return compared;
    }

    long equal() {
        return equal;
    }

    boolean allEqual() {
        return equal == compared;
    }

    String firstDifference() {
        return firstDifference;
    }

    @Override
    public void close() throws IOException {
        copy.close();
        original.close();
    }
}
