package io.slipstream.replay.cli;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessagePrinter;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.OffsetEpochNanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints the messages of a queue, live or recorded, from their schemas alone.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream tail ~/.local/share/slipstream/live/my-race --type CarState   # live, until Ctrl-C",
            "  slipstream tail sessions/NAME --from start --type LapCompleted --json",
            "  slipstream tail QUEUE --from -10s --follow"
        })
final class TailCommand implements Callable<Integer> {
    private static final long IDLE_NS = 5_000_000;
    private static final int POLL_LIMIT = 256;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "QUEUE",
            converter = SessionArgument.class,
            description = "Directory of a queue or session, or a session's name.")
    private Path directory;

    @Option(
            names = "--from",
            paramLabel = "start|end|TIME",
            defaultValue = "end",
            description =
                    "Where to begin: start; end (the default), which follows; a time as 2026-11-24T03:20:15Z; or a"
                            + " while ago as -10s.")
    private String from;

    @Option(names = "--type", paramLabel = "NAME", description = "Only messages of this type; may be repeated.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Option(
            names = {"-f", "--follow"},
            description = "Wait for more at the end, until Ctrl-C.")
    private boolean follow;

    @Option(names = "--for", paramLabel = "TIME", description = "End after this time.")
    private Duration duration;

    @Option(names = "--count", paramLabel = "N", description = "End after this many messages.")
    private long count = Long.MAX_VALUE;

    private MessagePrinter printer;
    private PrintWriter out;
    private long printed;
    private final StringBuilder line = new StringBuilder();

    @Override
    public Integer call() {
        final BooleanSupplier stop = Termination.onRequest();
        out = spec.commandLine().getOut();
        final long fromNs = isPlace() ? 0 : time();
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(directory).readOnly(true));
                Subscriber subscriber = queue.subscriber()) {
            printer = new MessagePrinter(queue.schemas());
            subscriber.filter(filter(queue));
            final boolean waits = position(subscriber, fromNs) || follow;
            final long end = duration == null ? Long.MAX_VALUE : System.nanoTime() + duration.toNanos();
            while (!stop.getAsBoolean() && printed < count && !out.checkError()) {
                final int moved = subscriber.poll(this::print, (int) Math.min(POLL_LIMIT, count - printed));
                if (moved == 0) {
                    if (!waits || System.nanoTime() > end) {
                        break;
                    }
                    LockSupport.parkNanos(IDLE_NS);
                } else if (duration != null && System.nanoTime() > end) {
                    break;
                }
            }
            out.flush();
            if (subscriber.foreign() > 0) {
                spec.commandLine()
                        .getErr()
                        .println(Texts.count(subscriber.foreign())
                                + " documents of another program or envelope version were passed over");
            }
        }
        return 0;
    }

    private MessageFilter filter(MessageQueue queue) {
        MessageFilter wanted = types.isEmpty() ? MessageFilter.ALL : null;
        for (String type : types) {
            final MessageFilter one = queue.schemas().templateNamed(type);
            if (one == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no message type '" + type + "' in " + directory + "; it has: "
                                + queue.schemas().templateNames());
            }
            final MessageFilter before = wanted;
            wanted = before == null ? one : message -> before.accept(message) || one.accept(message);
        }
        return wanted;
    }

    /** Moves to where the user wants to begin; true if that means to wait for what comes. */
    private boolean position(Subscriber subscriber, long fromNs) {
        switch (from) {
            case "start" -> subscriber.toStart();
            case "end" -> subscriber.toEnd();
            default -> subscriber.toTime(fromNs);
        }
        return from.equals("end");
    }

    private boolean isPlace() {
        return from.equals("start") || from.equals("end");
    }

    /** Of what is neither the start nor the end. */
    private long time() {
        try {
            if (from.startsWith("-")) {
                return new OffsetEpochNanoClock().nanoTime()
                        - Durations.parse(from.substring(1)).toNanos();
            }
            if (from.matches("\\d{16,19}")) {
                return Long.parseLong(from);
            }
            final Instant instant = Instant.parse(from);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (DateTimeException | ArithmeticException | NumberFormatException | TypeConversionException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--from " + from + ": give start, end, a time as 2026-11-24T03:20:15Z (up to the year 2261), or a"
                            + " while ago as -10s",
                    e);
        }
    }

    private void print(Message message) {
        line.setLength(0);
        if (json) {
            printer.print(message, line);
        } else {
            final long timestamp = message.timestamp();
            line.append(Instant.ofEpochSecond(timestamp / 1_000_000_000L, timestamp % 1_000_000_000L))
                    .append("  ");
            printer.printPlain(message, line);
        }
        out.println(line);
        printed++;
    }
}
