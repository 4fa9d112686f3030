package io.slipstream.memory.format;

import java.lang.invoke.VarHandle;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies whole frames out of a block whose writer keeps a seqlock: the sequence is even before the copy and the <em>live</em>
 * sequence is the same after it, with fences between. To compare with the sequence inside the copy is not enough: it stands in the
 * middle of the block, and what was copied after it may be newer. See H.-J. Boehm, "Can Seqlocks Get Along With Programming
 * Language Memory Models?", MSPC 2012.
 *
 * <p>Holds only when the writer writes this very memory, not behind a program that copies it. Allocates nothing, never waits. Single-threaded; any number of readers may share a block.
 */
public final class SeqlockReader {
    /** The frame was copied whole. */
    public static final int OK = 0;

    /** The block still holds the frame with the sequence that the caller has; call again later. */
    public static final int NO_CHANGE = -1;

    /** Nobody has written a frame yet; call again later. */
    public static final int NOT_READY = -2;

    /** The writer was writing at every try; what is in the destination is worthless. Call again soon. */
    public static final int TORN = -3;

    private final int maxRetries;
    private long sequence = Sequence.NONE;
    private int retries;
    private long missed;
    private boolean restarted;
    private long totalRetries;
    private long totalTorn;

    /**
     * Makes a reader.
     *
     * @param maxRetries how often a call tries again before it returns {@link #TORN}.
     */
    public SeqlockReader(final int maxRetries) {
        if (maxRetries < 0) {
            throw new IllegalArgumentException("maxRetries is " + maxRetries + "; give 0 or more");
        }
        this.maxRetries = maxRetries;
    }

    /**
     * Copies the frame that the block holds, if it is another than the caller has.
     *
     * @param live the shared block.
     * @param sequenceOffset where its sequence number is, a multiple of 4 bytes.
     * @param lastSequence of the frame that the caller has, or {@link Sequence#NONE}.
     * @param destination gets the frame at offset 0; scratch unless {@link #OK} is returned.
     * @param length bytes of the frame.
     * @return {@link #OK}, {@link #NO_CHANGE}, {@link #NOT_READY} or {@link #TORN}.
     * @throws IndexOutOfBoundsException where live or destination is shorter.
     */
    public int sample(
            final UnsafeBuffer live,
            final int sequenceOffset,
            final long lastSequence,
            final MutableDirectBuffer destination,
            final int length) {
        retries = 0;
        for (int tries = 0; ; tries++) {
            final int before = live.getIntVolatile(sequenceOffset);
            if (before == 0) {
                return NOT_READY;
            }
            if (Integer.toUnsignedLong(before) == lastSequence) {
                return NO_CHANGE;
            }
            if ((before & 1) == 0) {
                VarHandle.acquireFence();
                destination.putBytes(0, live, 0, length);
                VarHandle.acquireFence();
                if (live.getIntVolatile(sequenceOffset) == before) {
                    accept(lastSequence, Integer.toUnsignedLong(before));
                    return OK;
                }
                retries++;
                totalRetries++;
            }
            if (tries == maxRetries) {
                totalTorn++;
                return TORN;
            }
            Thread.onSpinWait();
        }
    }

    private void accept(final long lastSequence, final long current) {
        sequence = current;
        final long between = Sequence.missed(lastSequence, current);
        restarted = between == Sequence.RESTARTED;
        missed = Math.max(0, between);
    }

    /**
     * Of the frame that was accepted last.
     *
     * @return sequence, unsigned, or {@link Sequence#NONE}.
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Copies that the last call threw away because the writer had begun to write.
     *
     * @return count.
     */
    public int retries() {
        return retries;
    }

    /**
     * Frames that were written between the caller's last and the accepted one.
     *
     * @return count; 0 where {@link #restarted()}.
     */
    public long missed() {
        return missed;
    }

    /**
     * Did the sequence of the accepted frame go back or leap, as when the writer was started again?
     *
     * @return true where missed frames cannot be counted.
     */
    public boolean restarted() {
        return restarted;
    }

    /**
     * Of every call.
     *
     * @return copies thrown away.
     */
    public long totalRetries() {
        return totalRetries;
    }

    /**
     * Of every call.
     *
     * @return calls that returned {@link #TORN}.
     */
    public long totalTorn() {
        return totalTorn;
    }
}
