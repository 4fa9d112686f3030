package io.slipstream.replay.cli;

import io.slipstream.memory.BlockInfo;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = "Says how long a block is, who made it, and who has its lock.")
final class MemoryInfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockArgument block;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws SharedMemoryException {
        final PrintWriter out = spec.commandLine().getOut();
        final BlockInfo info = SharedBlock.info(block.name());
        if (json) {
            out.println(BlockJson.pretty(BlockJson.of(info)));
        } else {
            out.println(Texts.printable(info.name().toString()));
            row(out, "native", Texts.printable(info.nativeName()));
            row(out, "bytes", Texts.count(info.size()));
            info.attached().ifPresent(count -> row(out, "attached", count + (count == 1 ? " time" : " times")));
            info.creator().ifPresent(pid -> row(out, "made by", "process " + pid));
            info.mode().ifPresent(mode -> row(out, "mode", String.format("%04o", mode)));
            if (!info.lock().isEmpty()) {
                row(out, "lock", info.lock());
            }
        }
        out.flush();
        return 0;
    }

    private static void row(PrintWriter out, String label, String value) {
        out.printf("  %-9s %s%n", label, value);
    }
}
