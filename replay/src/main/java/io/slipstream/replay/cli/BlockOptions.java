package io.slipstream.replay.cli;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.source.BlockSource;
import io.slipstream.telemetry.source.FileSource;
import io.slipstream.telemetry.source.FirstOf;
import io.slipstream.telemetry.source.WineSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which block to read: what {@code record} and {@code doctor} have in common. */
final class BlockOptions {
    @Option(
            names = "--block",
            paramLabel = "BLOCK",
            description =
                    "The block: a name in /dev/shm, or the path of its file. Without it, the game's own name is tried,"
                            + " then the mappings of games that run under Wine or Proton.")
    private String block;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "pcars2",
            description = "Layout of the block (default: ${DEFAULT-VALUE}, for Project CARS 2 and Automobilista 2).")
    private String format;

    BlockFormat format() {
        return GameFormats.load(format);
    }

    boolean isNamed() {
        return block != null;
    }

    Path path() throws IOException {
        return MappedBlock.resolve(block == null ? format().objectName() : block);
    }

    BlockSource source() throws IOException {
        final BlockFormat layout = format();
        final BlockSource file =
                new FileSource(path(), layout.lengths().firstEntry().getValue());
        return isNamed() ? file : new FirstOf(List.of(file, new WineSource(layout)));
    }
}
