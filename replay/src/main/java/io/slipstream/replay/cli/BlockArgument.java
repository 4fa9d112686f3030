package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryException;
import picocli.CommandLine.Parameters;

/** Which block a command is about. */
final class BlockArgument {
    @Parameters(
            index = "0",
            paramLabel = "BLOCK",
            description = "The block, as KIND:KEY; 'slipstream memory --help' shows the kinds.")
    private String block;

    BlockName name() throws SharedMemoryException {
        return BlockName.parse(block);
    }
}
