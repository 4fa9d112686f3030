package io.slipstream.telemetry.bridge;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.CopiedBlockReader;
import io.slipstream.telemetry.block.EngineCheck;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Takes whole frames out of one attached block. Single-threaded; allocates nothing after it is made. */
final class FrameSampler implements AutoCloseable {
    /** A frame is in {@link #frame()}. */
    static final int FRAME = 1;

    /** Nothing new. */
    static final int NOTHING = 0;

    /** Blocks that are longer than any format of ours are recorded up to here. */
    static final int MAX_LENGTH = BlockDescriptor.MAX_FRAME_LENGTH;

    private static final int MAX_RETRIES = 64;
    private static final long COPY_INTERVAL_NS = 1_000_000;

    private final MappedBlock block;
    private final BlockFormat format;
    private final int sequenceOffset;
    private final SeqlockReader seqlock = new SeqlockReader(MAX_RETRIES);
    private final CopiedBlockReader copied;
    private final EngineCheck engines;
    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_LENGTH));
    private long sequence = Sequence.NONE;
    /** None yet: not 0, which is what a block states that nobody has written. */
    private long version = -1;

    private int length;
    private long retries;
    private int torn;
    private long missed;
    /** The frame that a dead writer may have left, and whether it can still be that one. */
    private final int leftBehind;

    private boolean maybeLeftBehind;

    FrameSampler(MappedBlock block, BlockFormat format, boolean behindCopy) {
        this.block = block;
        this.format = format;
        this.sequenceOffset = format.field("mSequenceNumber").offset();
        this.engines = new EngineCheck(
                format.field("mRpm").offset(), format.field("mEngineSpeed").offset());
        this.copied = behindCopy ? new CopiedBlockReader(MAX_LENGTH, COPY_INTERVAL_NS, engines) : null;
        final UnsafeBuffer live = block.buffer();
        this.leftBehind = live.getIntVolatile(sequenceOffset);
        this.maybeLeftBehind = !(BlockTrailer.isPresent(live) && BlockTrailer.writerAlive(live));
    }

    /** Looks at the block once. */
    int sample(long nowNs) {
        final UnsafeBuffer live = block.buffer();
        if (!checkVersion(live) || isLeftBehind(live)) {
            return NOTHING;
        }
        final int result = copied == null
                ? seqlock.sample(live, sequenceOffset, sequence, frame, length)
                : copied.sample(live, sequenceOffset, sequence, frame, length, nowNs);
        if (copied == null) {
            retries += seqlock.retries();
        } else if (result == SeqlockReader.TORN) {
            retries++;
        }
        if (result != SeqlockReader.OK) {
            return NOTHING;
        }
        sequence = copied == null ? seqlock.sequence() : copied.sequence();
        missed = copied == null ? seqlock.missed() : copied.missed();
        // The protocol excludes it; this would show that the writer does not keep to the protocol.
        torn = engines.agrees(frame) ? 0 : 1;
        return FRAME;
    }

    /** A version that nobody has written yet is 0; one that changes means another game, with another length. */
    private boolean checkVersion(UnsafeBuffer live) {
        final long stated = format.version(live, 0);
        if (stated != version) {
            if (!format.knows(stated) && stated < format.newestVersion()) {
                return false;
            }
            final int mapped = block.length() - (BlockTrailer.isPresent(live) ? BlockDescriptor.TRAILER_LENGTH : 0);
            // Of a newer version than ours everything that is mapped is kept: what is not recorded cannot be recovered.
            final int wanted = format.knows(stated) ? format.length(stated) : Math.min(mapped, MAX_LENGTH);
            if (wanted > mapped) {
                return false;
            }
            version = stated;
            length = wanted;
        }
        return true;
    }

    /** A block that does not move when we come to it may have been left by a game that is gone: nobody's frame. */
    private boolean isLeftBehind(UnsafeBuffer live) {
        if (maybeLeftBehind) {
            maybeLeftBehind = live.getIntVolatile(sequenceOffset) == leftBehind;
        }
        return maybeLeftBehind;
    }

    /** Tells whether the block is still the one that the name leads to; for now and then, not for every frame. */
    boolean stillThere() {
        return block.stillThere();
    }

    boolean synthetic() {
        return BlockTrailer.isPresent(block.buffer()) && BlockTrailer.synthetic(block.buffer());
    }

    DirectBuffer frame() {
        return frame;
    }

    int length() {
        return length;
    }

    long version() {
        return version;
    }

    long sequence() {
        return sequence;
    }

    long missed() {
        return missed;
    }

    /** Copies thrown away since this was asked last. */
    int takeRetries() {
        final int taken = (int) Math.min(retries, 0xFFFE);
        retries = 0;
        return taken;
    }

    /** 1 if the frame's engine speeds disagree, as in a torn copy. */
    int torn() {
        return torn;
    }

    String origin() {
        return block.name().toString();
    }

    @Override
    public void close() throws IOException {
        block.close();
    }
}
