package io.slipstream.replay.cli;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.format.BlockUnavailableException;
import io.slipstream.memory.format.FieldChange;
import io.slipstream.memory.format.FieldWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows what changes in a block, as it changes, until Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream memory watch 'posix:$pcars2$' --format pcars2 mSpeed mGear",
            "  slipstream memory watch qt:MyUniqueKey --as text",
            "  slipstream memory watch posix:block            # whatever changes, in hexadecimal"
        })
final class MemoryWatchCommand implements Callable<Integer> {
    private static final int LINE = 16;
    private static final long LOOK_AT_BLOCK_NS = 500_000_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    @Spec
    private CommandSpec spec;

    @Mixin
    private BlockArgument block;

    @Mixin
    private ViewOptions view;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "PATH", description = "Fields of the format; all without.")
    private List<String> paths = List.of();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "50ms",
            description = "How often to look (default: 50ms).")
    private Duration every;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time.")
    private Duration duration;

    @Option(names = "--changes", paramLabel = "N", description = "End after this many changes.")
    private long most = Long.MAX_VALUE;

    @Option(names = "--json", description = "One JSON object a change.")
    private boolean json;

    private PrintWriter out;
    private long printed;

    @Override
    public Integer call() throws IOException {
        out = spec.commandLine().getOut();
        final BooleanSupplier stop = Termination.onRequest();
        try (OpenBlock open = OpenBlock.open(block.name(), BlockAccess.READ_ONLY, view.locked(), view.lockTimeout())) {
            final Look look = view.isHex() ? bytes(open) : fields(open);
            final long end = duration == null ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
            long lookAtBlock = System.nanoTime();
            spec.commandLine().getErr().println("watching " + open.block());
            spec.commandLine().getErr().flush();
            while (!stop.getAsBoolean() && printed < most && System.nanoTime() < end && !out.checkError()) {
                look.look();
                out.flush();
                if (System.nanoTime() - lookAtBlock > LOOK_AT_BLOCK_NS) {
                    lookAtBlock = System.nanoTime();
                    if (!open.block().stillThere()) {
                        throw new CommandFailure(
                                open.block().name() + " was removed, replaced or cut; watch again for the new one");
                    }
                }
                LockSupport.parkNanos(every.toNanos());
            }
        }
        return 0;
    }

    /** One look at the block, which prints what has changed since the last. */
    private interface Look {
        void look() throws IOException;
    }

    private Look fields(OpenBlock open) throws IOException {
        final FieldWatch watch = open.use(memory -> new FieldWatch(
                view.fields(memory, open.block().name().toString()), ViewOptions.paths(paths, view.hasFormat())));
        final boolean[] begun = new boolean[1];
        return () -> {
            try {
                final List<FieldChange> changes = open.use(memory -> watch.poll());
                if (!begun[0]) {
                    begun[0] = true;
                    watch.values().forEach((path, value) -> print(path, null, value, true));
                }
                changes.forEach(change -> print(change.path(), change.before(), change.after(), false));
            } catch (BlockUnavailableException e) {
                if (!e.isPassing()) {
                    throw e;
                }
                // Its writer is at it, or has not begun: the next look may find it whole.
            }
        };
    }

    private void print(String path, Object before, Object after, boolean first) {
        if (printed >= most) {
            return;
        }
        final Instant now = Instant.now();
        if (json) {
            final Map<String, Object> change = new LinkedHashMap<>();
            change.put("time", now.toString());
            change.put("path", path);
            if (!first) {
                change.put("before", before);
            }
            change.put("after", after);
            out.println(BlockJson.line(change));
        } else {
            out.println(TIME.format(now) + "  " + path + "  " + (first ? "" : BlockJson.line(before) + " -> ")
                    + BlockJson.line(after));
        }
        if (!first) {
            printed++;
        }
    }

    private Look bytes(OpenBlock open) throws IOException {
        if (json || !paths.isEmpty()) {
            throw new CommandFailure("fields and JSON need a --format that names them, or --as a type");
        }
        final int size = open.block().buffer().capacity();
        final int from = view.offset(size) / LINE * LINE;
        final byte[][] last = new byte[1][];
        return () -> {
            final byte[] now = open.use(memory -> copy(memory, from, size - from));
            for (int at = 0; last[0] != null && at < now.length && printed < most; at += LINE) {
                final int end = Math.min(at + LINE, now.length);
                if (!Arrays.equals(now, at, end, last[0], at, end)) {
                    out.println(TIME.format(Instant.now()) + "  "
                            + HexDump.line(Arrays.copyOfRange(now, at, end), (long) from + at));
                    printed++;
                }
            }
            last[0] = now;
        };
    }

    private static byte[] copy(UnsafeBuffer memory, int from, int length) {
        final byte[] bytes = new byte[length];
        memory.getBytes(from, bytes);
        return bytes;
    }
}
