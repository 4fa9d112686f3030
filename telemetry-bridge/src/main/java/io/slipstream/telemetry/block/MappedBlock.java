package io.slipstream.telemetry.block;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A shared block that a game, a simulator or a player writes, in this process's memory. The buffer may be used from any thread
 * until {@link #close()}, which must not overtake a use: Agrona's buffers do not know that memory was unmapped. Writing to a block
 * that was opened read-only ends the process, and reading one that somebody cut short throws {@link InternalError};
 * {@link #stillThere()} tells of the latter beforehand.
 *
 * <p>No lock is taken to read or write, also where the kind has one: the seqlock in the block is the protocol.
 */
public final class MappedBlock implements AutoCloseable {
    private final SharedBlock block;
    private final UnsafeBuffer buffer;
    private final int length;

    private MappedBlock(final SharedBlock block, final UnsafeBuffer buffer) {
        this.block = block;
        this.buffer = buffer;
        this.length = buffer.capacity();
    }

    /**
     * Makes a block for this user alone, all zero; or takes one over that is there and just as long, as it is.
     *
     * @param name of the block.
     * @param length bytes, from 1.
     * @return the block, writable.
     * @throws SharedMemoryException {@link SharedMemoryError#INVALID_SIZE} where a block of another length is there; or where none
     *     can be made, for want of memory for instance.
     */
    public static MappedBlock create(final BlockName name, final int length) throws SharedMemoryException {
        final MappedBlock block = over(SharedBlock.createOrAttach(name, length));
        if (block.length != length) {
            block.close();
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE,
                    name + " is there with " + block.length + " bytes, not " + length
                            + "; a program may be using it: end it and remove the block, or choose another name");
        }
        return block;
    }

    /**
     * Opens a block to read.
     *
     * @param name of the block.
     * @return the block; its buffer must not be written to.
     * @throws SharedMemoryException where there is no block, or it may not be read.
     */
    public static MappedBlock openReadOnly(final BlockName name) throws SharedMemoryException {
        return over(SharedBlock.attach(name, BlockAccess.READ_ONLY));
    }

    /**
     * Opens a block to write.
     *
     * @param name of the block.
     * @return the block.
     * @throws SharedMemoryException where there is no block, or it may not be written.
     */
    public static MappedBlock openReadWrite(final BlockName name) throws SharedMemoryException {
        return over(SharedBlock.attach(name, BlockAccess.READ_WRITE));
    }

    private static MappedBlock over(final SharedBlock block) throws SharedMemoryException {
        try {
            return new MappedBlock(block, block.buffer());
        } catch (final SharedMemoryException e) {
            block.close();
            throw e;
        }
    }

    /**
     * Removes a block, as when a game exits: those who are attached keep the memory, nobody else finds it. Blocks that go with the
     * last program that has them, as Qt's and those of Windows do, are left to go by themselves.
     *
     * @param name of the block, which need not be there.
     * @throws SharedMemoryException where that is refused.
     */
    public static void remove(final BlockName name) throws SharedMemoryException {
        if (name.staysUntilRemoved()) {
            SharedBlock.remove(name);
        }
    }

    /**
     * The memory, from the start of the block to the end of the mapping.
     *
     * @return buffer; empty after {@link #close()}.
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Bytes of the mapping.
     *
     * @return length.
     */
    public int length() {
        return length;
    }

    /**
     * What the block was asked for by.
     *
     * @return name; its text is fit to be kept with what was read.
     */
    public BlockName name() {
        return block.name();
    }

    /**
     * Is this still the block that others find under its name? Costs a system call or two: meant for once in a while, when no new
     * frame comes.
     *
     * @return false where the block is gone, another has taken its place, or its length has changed.
     */
    public boolean stillThere() {
        return block.stillThere();
    }

    /**
     * Detaches; a block whose kind does not go with its last user stays. May be called again.
     *
     * @throws SharedMemoryException where the system refuses; it is detached even so.
     */
    @Override
    public void close() throws SharedMemoryException {
        buffer.wrap(0, 0);
        block.close();
    }

    @Override
    public String toString() {
        return block.toString();
    }
}
