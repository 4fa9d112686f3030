package io.slipstream.telemetry.block;

import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies frames out of a block that a bridge copies from the game's, so that the sequence number guards nothing: the bridge may
 * write any part at any time, and may itself have copied a torn frame. A frame is accepted when two snapshots, apart in time by at
 * least a round of the bridge, are the same, its sequence is even, and two fields that say the same agree: the engine's speed in
 * rpm and in rad/s, within one per cent. That lowers the odds of a torn frame; it cannot exclude one.
 *
 * <p>Returns the codes of {@link SeqlockReader}, and {@link #SETTLING}. Allocates nothing, never waits. Single-threaded.
 */
public final class CopiedBlockReader {
    /** The frame was seen once; call again after the time between snapshots. */
    public static final int SETTLING = -4;

    private final long apartNs;
    private final EngineCheck engines;
    private final UnsafeBuffer candidate;
    private long candidateTime;
    private int candidateLength;
    private long sequence = Sequence.NONE;
    private long missed;
    private boolean restarted;
    private long totalTorn;

    /**
     * Makes a reader.
     *
     * @param maxLength bytes of the longest frame.
     * @param apartNs least time between the two snapshots, in ns; 0 takes them one right after the other.
     * @param engines what a whole frame must pass.
     */
    public CopiedBlockReader(final int maxLength, final long apartNs, final EngineCheck engines) {
        this.apartNs = apartNs;
        this.engines = engines;
        this.candidate = new UnsafeBuffer(ByteBuffer.allocateDirect(maxLength));
    }

    /**
     * Copies the frame that the block holds, if it is another than the caller has and has settled.
     *
     * @param live the shared block.
     * @param sequenceOffset where its sequence number is, a multiple of 4 bytes.
     * @param lastSequence of the frame that the caller has, or {@link Sequence#NONE}.
     * @param destination gets the frame at offset 0; scratch unless {@link SeqlockReader#OK} is returned.
     * @param length bytes of the frame.
     * @param nowNs a clock that does not go back, in ns.
     * @return {@link SeqlockReader#OK}, {@link SeqlockReader#NO_CHANGE}, {@link SeqlockReader#NOT_READY},
     *     {@link SeqlockReader#TORN} or {@link #SETTLING}.
     */
    public int sample(
            final UnsafeBuffer live,
            final int sequenceOffset,
            final long lastSequence,
            final MutableDirectBuffer destination,
            final int length,
            final long nowNs) {
        VarHandle.acquireFence();
        destination.putBytes(0, live, 0, length);
        final int found = destination.getInt(sequenceOffset, ByteOrder.LITTLE_ENDIAN);
        if (found == 0) {
            return SeqlockReader.NOT_READY;
        }
        if (Integer.toUnsignedLong(found) == lastSequence) {
            return SeqlockReader.NO_CHANGE;
        }
        if (candidateLength != length || candidate.getInt(sequenceOffset, ByteOrder.LITTLE_ENDIAN) != found) {
            propose(destination, length, nowNs);
            if (apartNs > 0) {
                return SETTLING;
            }
            VarHandle.acquireFence();
            destination.putBytes(0, live, 0, length);
        } else if (nowNs - candidateTime < apartNs) {
            return SETTLING;
        }
        return judge(lastSequence, destination, length, found, nowNs);
    }

    private void propose(final MutableDirectBuffer snapshot, final int length, final long nowNs) {
        candidate.putBytes(0, snapshot, 0, length);
        candidateLength = length;
        candidateTime = nowNs;
    }

    private int judge(
            final long lastSequence,
            final MutableDirectBuffer snapshot,
            final int length,
            final int found,
            final long nowNs) {
        if ((found & 1) != 0 || !same(snapshot, length) || !engines.agrees(snapshot)) {
            totalTorn++;
            propose(snapshot, length, nowNs);
            return SeqlockReader.TORN;
        }
        candidateLength = 0;
        sequence = Integer.toUnsignedLong(found);
        final long between = Sequence.missed(lastSequence, sequence);
        restarted = between == Sequence.RESTARTED;
        missed = Math.max(0, between);
        return SeqlockReader.OK;
    }

    private boolean same(final MutableDirectBuffer snapshot, final int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (snapshot.getLong(i) != candidate.getLong(i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (snapshot.getByte(i) != candidate.getByte(i)) {
                return false;
            }
        }
        return true;
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
     * Frames that were written between the caller's last and the accepted one.
     *
     * @return count; 0 where {@link #restarted()}.
     */
    public long missed() {
        return missed;
    }

    /**
     * Did the sequence of the accepted frame go back or leap, as when the game was started again?
     *
     * @return true where missed frames cannot be counted.
     */
    public boolean restarted() {
        return restarted;
    }

    /**
     * Of every call.
     *
     * @return calls that returned {@link SeqlockReader#TORN}.
     */
    public long totalTorn() {
        return totalTorn;
    }
}
