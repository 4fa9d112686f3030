package io.slipstream.memory.format;

/** Arithmetic of a seqlock's number: 32 bits, unsigned, plus two a frame, round the end through 0. Stateless. */
public final class Sequence {
    /** There is no earlier sequence. */
    public static final long NONE = -1;

    /** {@link #missed}: the number went back or leapt; the writer was started again. */
    public static final long RESTARTED = -1;

    /**
     * The largest step that is taken for missed frames: three and a half hours at 165 Hz. A reader that slept longer and a writer
     * that was started again look alike, and the latter is common.
     */
    public static final long LARGEST_STEP = 1L << 22;

    private Sequence() {}

    /**
     * Frames that were written between two that were read.
     *
     * @param last sequence of the earlier one, or {@link #NONE}.
     * @param current sequence of the later one, unsigned.
     * @return frames missed; 0 after {@link #NONE}; {@link #RESTARTED} where that cannot be told.
     */
    public static long missed(final long last, final long current) {
        if (last < 0 || last == current) {
            return 0;
        }
        final long step = (current - last) & 0xFFFF_FFFFL;
        return step > LARGEST_STEP || (step & 1) != 0 ? RESTARTED : step / 2 - 1;
    }
}
