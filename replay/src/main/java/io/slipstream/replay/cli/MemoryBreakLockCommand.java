package io.slipstream.replay.cli;

import io.slipstream.memory.SemaphoreLock;
import io.slipstream.memory.SharedMemoryException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "break-lock",
        mixinStandardHelpOptions = true,
        description =
                "Takes a block's lock away from a program that does not give it back. If that program lives, it goes on"
                        + " with what the lock protects: end it first.")
final class MemoryBreakLockCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockArgument block;

    @Override
    public Integer call() throws SharedMemoryException {
        if (!SemaphoreLock.exists(block.name())) {
            throw new CommandFailure(block.name() + " has no lock, or it is another user's");
        }
        try (SemaphoreLock lock = SemaphoreLock.open(block.name())) {
            final OptionalLong owner = lock.owner();
            final String outcome = lock.breakLock()
                    ? "taken away" + (owner.isPresent() ? " from process " + owner.getAsLong() : "")
                    : "it was free";
            spec.commandLine().getOut().println(outcome);
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}
