package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.source.BlockSource;
import io.slipstream.telemetry.source.FirstOf;
import io.slipstream.telemetry.source.NamedSource;
import io.slipstream.telemetry.source.WineSource;
import java.util.List;
import picocli.CommandLine.Option;

/** Which block to read: what {@code record} and {@code doctor} have in common. */
final class BlockOptions {
    /** The layout that games have whose block is not named. */
    static final String DEFAULT_FORMAT = "pcars2";

    @Option(
            names = "--block",
            paramLabel = "BLOCK",
            description = "The block: " + BlockNames.EXPLAINED + ". Without it, the game's own name is tried, then, on"
                    + " Linux, the mappings of games that run under Wine or Proton.")
    private String block;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = DEFAULT_FORMAT,
            description = "Layout of the block (default: ${DEFAULT-VALUE}, for Project CARS 2 and Automobilista 2).")
    private String format;

    BlockFormat format() {
        return GameFormats.load(format);
    }

    boolean isNamed() {
        return block != null;
    }

    /** Whether Wine's mappings are looked at too. */
    boolean triesWine() {
        return !isNamed() && !BlockNames.ON_WINDOWS;
    }

    BlockName name() throws SharedMemoryException {
        return BlockNames.of(block == null ? format().objectName() : block);
    }

    BlockSource source() throws SharedMemoryException {
        final BlockFormat layout = format();
        final BlockSource named =
                new NamedSource(name(), layout.lengths().firstEntry().getValue());
        return triesWine() ? new FirstOf(List.of(named, new WineSource(layout))) : named;
    }
}
