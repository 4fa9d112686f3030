package io.slipstream.replay.cli;

import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description =
                "Removes a block and the lock that belongs to it. Programs that are attached keep the memory; nobody"
                        + " else finds it.")
final class MemoryRemoveCommand implements Callable<Integer> {
    @Mixin
    private BlockArgument block;

    @Override
    public Integer call() throws SharedMemoryException {
        if (!SharedBlock.remove(block.name())) {
            throw new CommandFailure(block.name() + " is not there; 'slipstream memory list' shows what is");
        }
        return 0;
    }
}
