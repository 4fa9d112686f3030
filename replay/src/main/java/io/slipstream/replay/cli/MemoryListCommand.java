package io.slipstream.replay.cli;

import io.slipstream.memory.BlockInfo;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "Lists the blocks of this machine: POSIX, System V, and Qt's as far as their key can be told (it is"
                        + " one of letters alone; others are listed by their System V key). Mappings of Wine have no name outside"
                        + " of it.")
final class MemoryListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON array.")
    private boolean json;

    @Override
    public Integer call() throws SharedMemoryException {
        final PrintWriter out = spec.commandLine().getOut();
        final List<BlockInfo> blocks = SharedBlock.list();
        if (json) {
            out.println(BlockJson.pretty(blocks.stream().map(BlockJson::of).toList()));
        } else {
            print(out, blocks);
        }
        out.flush();
        return 0;
    }

    private static void print(PrintWriter out, List<BlockInfo> blocks) {
        if (blocks.isEmpty()) {
            out.println("no shared memory");
            return;
        }
        final int width = blocks.stream()
                .mapToInt(block -> Texts.printable(block.name().toString()).length())
                .max()
                .orElse(0);
        final String row = "%-" + Math.max(width, 5) + "s  %12s  %8s  %4s  %s%n";
        out.printf(row, "BLOCK", "BYTES", "ATTACHED", "MODE", "LOCK");
        for (BlockInfo block : blocks) {
            out.printf(
                    row,
                    Texts.printable(block.name().toString()),
                    Texts.count(block.size()),
                    block.attached().isPresent() ? block.attached().getAsInt() : "-",
                    block.mode().isPresent()
                            ? String.format("%04o", block.mode().getAsInt())
                            : "-",
                    block.lock().isEmpty() ? "-" : block.lock());
        }
    }
}
