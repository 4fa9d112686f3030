package io.slipstream.telemetry.source;

import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.util.List;

/** Several places, looked at in turn. */
public final class FirstOf implements BlockSource {
    private final List<BlockSource> sources;

    /**
     * Combines sources.
     *
     * @param sources in the order of preference.
     */
    public FirstOf(List<BlockSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public MappedBlock open() throws IOException {
        for (BlockSource source : sources) {
            final MappedBlock block = source.open();
            if (block != null) {
                return block;
            }
        }
        return null;
    }

    @Override
    public String describe() {
        return String.join(" or ", sources.stream().map(BlockSource::describe).toList());
    }
}
