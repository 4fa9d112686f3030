package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description =
                "Makes a block, all zero, for this user alone. Blocks of Qt and Windows go with the last program that"
                        + " has them: such a one is kept until Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream memory create posix:settings --size 4096",
            "  slipstream memory create qt:MyUniqueKey --size 1024 &"
        })
final class MemoryCreateCommand implements Callable<Integer> {
    private static final long IDLE_NS = 50_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockArgument block;

    @Option(names = "--size", paramLabel = "BYTES", required = true, description = "How long; 0x1000 is 4096.")
    private String size;

    @Override
    public Integer call() throws SharedMemoryException {
        final BlockName name = block.name();
        final BooleanSupplier stop = Termination.onRequest();
        try (SharedBlock made = SharedBlock.create(name, bytes())) {
            spec.commandLine().getOut().println(made);
            spec.commandLine().getOut().flush();
            if (!name.staysUntilRemoved()) {
                spec.commandLine().getErr().println("kept until Ctrl-C");
                spec.commandLine().getErr().flush();
                while (!stop.getAsBoolean()) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
        }
        return 0;
    }

    private long bytes() {
        try {
            return Long.decode(size);
        } catch (NumberFormatException e) {
            throw new CommandFailure("--size " + size + ": give a number of bytes, as 4096 or 0x1000");
        }
    }
}
