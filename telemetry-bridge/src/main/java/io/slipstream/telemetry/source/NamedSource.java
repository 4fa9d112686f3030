package io.slipstream.telemetry.source;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.telemetry.block.MappedBlock;

/** A block that programs know by its name, of whatever kind. */
public final class NamedSource implements BlockSource {
    /** To look for a name in Wine starts a program there each time. */
    private static final long WINE_INTERVAL_NS = 2_000_000_000;

    private final BlockName name;
    private final int minLength;
    private final long intervalNs;
    private long nextLook = System.nanoTime();

    /**
     * Looks for a name.
     *
     * @param name of the block.
     * @param minLength bytes below which it cannot be the block; a shorter one is still being made.
     */
    public NamedSource(BlockName name, int minLength) {
        this.name = name;
        this.minLength = minLength;
        this.intervalNs = name instanceof BlockName.Wine ? WINE_INTERVAL_NS : 0;
    }

    @Override
    public MappedBlock open() throws SharedMemoryException {
        if (System.nanoTime() - nextLook < 0) {
            return null;
        }
        try {
            return longEnough(MappedBlock.openReadOnly(name));
        } catch (SharedMemoryException e) {
            if (e.error() == SharedMemoryError.NOT_FOUND) {
                return null;
            }
            throw e;
        } finally {
            nextLook = System.nanoTime() + intervalNs;
        }
    }

    private MappedBlock longEnough(MappedBlock block) throws SharedMemoryException {
        if (block.length() < minLength) {
            block.close();
            return null;
        }
        return block;
    }

    @Override
    public String describe() {
        return name.toString();
    }
}
