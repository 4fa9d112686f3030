package io.slipstream.telemetry.block;

import static io.slipstream.telemetry.block.BlockDescriptor.FLAGS_OFFSET;
import static io.slipstream.telemetry.block.BlockDescriptor.FLAG_REPLAY;
import static io.slipstream.telemetry.block.BlockDescriptor.FLAG_SYNTHETIC;
import static io.slipstream.telemetry.block.BlockDescriptor.MAGIC;
import static io.slipstream.telemetry.block.BlockDescriptor.MAGIC_OFFSET;
import static io.slipstream.telemetry.block.BlockDescriptor.PID_OFFSET;
import static io.slipstream.telemetry.block.BlockDescriptor.START_TIME_OFFSET;
import static io.slipstream.telemetry.block.BlockDescriptor.TRAILER_LENGTH;

import io.slipstream.memory.Processes;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads and writes the trailer of {@link BlockDescriptor}. Stateless, for any thread. */
public final class BlockTrailer {
    private BlockTrailer() {}

    /**
     * Signs a block as written by this process.
     *
     * @param mapping the whole mapping, writable, a multiple of 8 bytes long.
     * @param synthetic the frames are made up.
     * @param replay the frames were recorded.
     * @throws IllegalArgumentException where the mapping has no room for a trailer.
     */
    public static void write(final UnsafeBuffer mapping, final boolean synthetic, final boolean replay) {
        final long pid = ProcessHandle.current().pid();
        write(mapping, synthetic, replay, (int) pid, Processes.startTime(pid));
    }

    static void write(
            final UnsafeBuffer mapping,
            final boolean synthetic,
            final boolean replay,
            final int pid,
            final long startTime) {
        final int trailer = BlockDescriptor.trailerOffset(mapping.capacity());
        if (trailer < 0 || !BitUtil.isAligned(trailer, Long.BYTES)) {
            throw new IllegalArgumentException("a mapping of " + mapping.capacity()
                    + " bytes has no place for a trailer; make it BlockDescriptor.mappingLength() long");
        }
        mapping.setMemory(trailer, TRAILER_LENGTH, (byte) 0);
        mapping.putInt(
                trailer + FLAGS_OFFSET,
                (synthetic ? FLAG_SYNTHETIC : 0) | (replay ? FLAG_REPLAY : 0),
                ByteOrder.LITTLE_ENDIAN);
        mapping.putInt(trailer + PID_OFFSET, pid, ByteOrder.LITTLE_ENDIAN);
        mapping.putLong(trailer + START_TIME_OFFSET, startTime, ByteOrder.LITTLE_ENDIAN);
        VarHandle.releaseFence();
        mapping.putLong(trailer + MAGIC_OFFSET, MAGIC, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Takes the writer's name away, as a writer does that ends in order: the block is nobody's, and still says that its frame
     * was made up or recorded.
     *
     * @param mapping the whole mapping, writable.
     */
    public static void signOff(final UnsafeBuffer mapping) {
        if (isPresent(mapping)) {
            final int trailer = BlockDescriptor.trailerOffset(mapping.capacity());
            mapping.putInt(trailer + PID_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
            mapping.putLong(trailer + START_TIME_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Is the block one that Slipstream writes?
     *
     * @param mapping the whole mapping.
     * @return false for a game's own.
     */
    public static boolean isPresent(final UnsafeBuffer mapping) {
        final int trailer = BlockDescriptor.trailerOffset(mapping.capacity());
        if (trailer < 0) {
            return false;
        }
        final boolean present = mapping.getLong(trailer + MAGIC_OFFSET, ByteOrder.LITTLE_ENDIAN) == MAGIC;
        VarHandle.acquireFence();
        return present;
    }

    /**
     * Are the frames made up?
     *
     * @param mapping the whole mapping.
     * @return false also for a block without trailer.
     */
    public static boolean synthetic(final UnsafeBuffer mapping) {
        return isPresent(mapping) && (word(mapping, FLAGS_OFFSET) & FLAG_SYNTHETIC) != 0;
    }

    /**
     * Are the frames played from a recording?
     *
     * @param mapping the whole mapping.
     * @return false also for a block without trailer.
     */
    public static boolean replay(final UnsafeBuffer mapping) {
        return isPresent(mapping) && (word(mapping, FLAGS_OFFSET) & FLAG_REPLAY) != 0;
    }

    /**
     * Who writes.
     *
     * @param mapping the whole mapping.
     * @return process id; 0 for a block without trailer, or whose writer signed off.
     */
    public static long writerPid(final UnsafeBuffer mapping) {
        return isPresent(mapping) ? word(mapping, PID_OFFSET) & 0xFFFF_FFFFL : 0;
    }

    /**
     * Does the process that signed the block still run? Another that was given its number later does not count.
     *
     * @param mapping the whole mapping.
     * @return false also for a block without trailer.
     */
    public static boolean writerAlive(final UnsafeBuffer mapping) {
        final long pid = writerPid(mapping);
        if (pid == 0) {
            return false;
        }
        final int trailer = BlockDescriptor.trailerOffset(mapping.capacity());
        return Processes.isAlive(pid, mapping.getLong(trailer + START_TIME_OFFSET, ByteOrder.LITTLE_ENDIAN));
    }

    private static int word(final UnsafeBuffer mapping, final int offset) {
        return mapping.getInt(BlockDescriptor.trailerOffset(mapping.capacity()) + offset, ByteOrder.LITTLE_ENDIAN);
    }
}
