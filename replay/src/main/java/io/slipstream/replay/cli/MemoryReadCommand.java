package io.slipstream.replay.cli;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.format.FormattedBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description = "Prints what is in a block: the fields of a format in SI units, text, numbers, or a hex dump.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream memory read qt:MyUniqueKey --as text",
            "  slipstream memory read 'posix:$pcars2$' --format pcars2 mSpeed 'mTyreRPS[2]'",
            "  slipstream memory read systemv:0x51020304 --as f32 --at 0x40 --count 3"
        })
final class MemoryReadCommand implements Callable<Integer> {
    private static final int SHORT = 4096;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockArgument block;

    @Mixin
    private ViewOptions view;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "PATH", description = "Fields of the format; all without.")
    private List<String> paths = List.of();

    @Option(names = "--length", paramLabel = "BYTES", description = "Of a hex dump (default: at most 4096).")
    private int length;

    @Option(names = "--json", description = "Fields as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        try (OpenBlock open = OpenBlock.open(block.name(), BlockAccess.READ_ONLY, view.locked(), view.lockTimeout())) {
            if (view.isHex()) {
                hex(out, open);
            } else {
                final Map<String, Object> values = open.use(memory -> {
                    final FormattedBlock fields =
                            view.fields(memory, open.block().name().toString());
                    final List<String> wanted = ViewOptions.paths(paths, view.hasFormat());
                    return wanted.isEmpty() ? fields.describe() : fields.get(wanted);
                });
                print(out, values);
            }
        }
        out.flush();
        return 0;
    }

    private void print(PrintWriter out, Map<String, Object> values) {
        if (!view.hasFormat()) {
            final Object value = values.get(ViewOptions.VALUE);
            out.println(json ? BlockJson.line(value) : value instanceof String text ? text : BlockJson.line(value));
        } else if (json) {
            out.println(BlockJson.pretty(values));
        } else {
            final int width =
                    values.keySet().stream().mapToInt(String::length).max().orElse(0);
            values.forEach((path, value) -> out.printf("%-" + width + "s  %s%n", path, BlockJson.line(value)));
        }
    }

    private void hex(PrintWriter out, OpenBlock open) throws IOException {
        if (json || !paths.isEmpty()) {
            throw new CommandFailure("fields and JSON need a --format that names them, or --as a type");
        }
        final int size = open.block().buffer().capacity();
        final int from = view.offset(size);
        final int wanted = Math.min(length > 0 ? length : SHORT, size - from);
        final byte[] bytes = open.use(memory -> {
            final byte[] copy = new byte[wanted];
            memory.getBytes(from, copy);
            return copy;
        });
        HexDump.print(out, bytes, from);
        final long rest = open.block().size() - from - wanted;
        if (rest > 0 && length <= 0) {
            out.flush();
            spec.commandLine().getErr().println(Texts.count(rest) + " more bytes; --length and --at show others");
        }
    }
}
