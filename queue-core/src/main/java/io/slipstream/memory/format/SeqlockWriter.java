package io.slipstream.memory.format;

import java.lang.invoke.VarHandle;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes frames, whole states of a block, as a program with a seqlock does: the sequence number is odd while a frame is written, grows by two with every frame,
 * and is never 0 again. One writer a block. Single-threaded, allocates nothing.
 *
 * <pre>{@code
 * writer.begin();
 * block.putFloat(6848, speed);
 * writer.end();
 * }</pre>
 */
public final class SeqlockWriter {
    private final UnsafeBuffer block;
    private final int sequenceOffset;

    /** The even number that {@link #end()} publishes. */
    private int next;

    private boolean writing;

    /**
     * Makes a writer that carries on from the sequence in the block.
     *
     * @param block the shared block.
     * @param sequenceOffset where its sequence number is, a multiple of 4 bytes.
     */
    public SeqlockWriter(final UnsafeBuffer block, final int sequenceOffset) {
        if (sequenceOffset < 0 || (sequenceOffset & 3) != 0 || sequenceOffset + Integer.BYTES > block.capacity()) {
            throw new IllegalArgumentException("a sequence number at " + sequenceOffset + " in a block of "
                    + block.capacity() + " bytes; give a multiple of 4 within it");
        }
        this.block = block;
        this.sequenceOffset = sequenceOffset;
    }

    /**
     * Opens the block: readers do not accept what they copy from now on.
     *
     * @throws IllegalStateException where it is open.
     */
    public void begin() {
        if (writing) {
            throw new IllegalStateException("begin() was called twice; call end() between");
        }
        // A writer that died while it wrote left an odd number behind; it serves.
        final int odd = block.getIntVolatile(sequenceOffset) | 1;
        next = odd == -1 ? 2 : odd + 1;
        writing = true;
        block.putIntVolatile(sequenceOffset, odd);
        VarHandle.fullFence();
    }

    /**
     * Closes the block with the next sequence number.
     *
     * @throws IllegalStateException where it is not open.
     */
    public void end() {
        if (!writing) {
            throw new IllegalStateException("end() without begin()");
        }
        writing = false;
        VarHandle.releaseFence();
        block.putIntVolatile(sequenceOffset, next);
    }

    /**
     * Writes a frame and gives it the next sequence number, whatever its own.
     *
     * @param frame at offset 0; longer than the sequence number's end.
     * @param length bytes of it.
     */
    public void write(final DirectBuffer frame, final int length) {
        requireFit(frame, length);
        begin();
        copyAroundSequence(frame, length);
        end();
    }

    /**
     * Writes a frame as it was recorded, with its own sequence number; with the next one where its own is odd or 0, which no whole
     * frame has.
     *
     * @param frame at offset 0; longer than the sequence number's end.
     * @param length bytes of it.
     */
    public void writeRecorded(final DirectBuffer frame, final int length) {
        requireFit(frame, length);
        begin();
        copyAroundSequence(frame, length);
        final int recorded = frame.getInt(sequenceOffset);
        if (recorded != 0 && (recorded & 1) == 0) {
            next = recorded;
        }
        end();
    }

    private void requireFit(final DirectBuffer frame, final int length) {
        final int after = sequenceOffset + Integer.BYTES;
        if (length < after || length > block.capacity() || length > frame.capacity()) {
            throw new IllegalArgumentException(
                    "a frame of " + length + " bytes from a buffer of " + frame.capacity() + " for a block of "
                            + block.capacity() + "; give " + after + " at least and no more than both have");
        }
    }

    private void copyAroundSequence(final DirectBuffer frame, final int length) {
        final int after = sequenceOffset + Integer.BYTES;
        block.putBytes(0, frame, 0, sequenceOffset);
        block.putBytes(after, frame, after, length - after);
    }

    /**
     * The sequence number in the block.
     *
     * @return unsigned; odd between {@link #begin()} and {@link #end()}; 0 before the first frame.
     */
    public long sequence() {
        return Integer.toUnsignedLong(block.getIntVolatile(sequenceOffset));
    }
}
