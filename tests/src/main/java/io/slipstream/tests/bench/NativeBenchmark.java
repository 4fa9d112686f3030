package io.slipstream.tests.bench;

import io.slipstream.queue.MessageQueue;
import io.slipstream.tests.contract.NativePrograms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.concurrent.UnsafeBuffer;

/** What libslipstream appends and reads alone, beside the JVM's bare Chronicle; and what preparing pages saves, in both. */
final class NativeBenchmark implements Benchmark {
    static final String PROGRAM = "bench";

    private static final int[] LENGTHS = {40, 256};
    private static final int[] PREPARED_LENGTHS = {256, 1024};
    private static final int PAGE_FAULTS = 0;
    private static final int DEFAULT_POPULATE = 64 << 10;
    private static final int PRETOUCHED = -1;
    private static final double APPEND_TARGET = 0.5;

    @Override
    public String name() {
        return "native";
    }

    @Override
    public String about() {
        return "libslipstream appends and reads, beside bare chronicle-queue in a JVM; what prepared pages save, in both";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final NativePrograms programs = NativePrograms.of(NativePrograms.Flavour.RELEASE);
        if (programs.missing() != null) {
            return List.of(Row.skipped("libslipstream appends and reads", programs.missing()));
        }
        final Path program = programs.program(PROGRAM);
        final Path schema = schema(settings.directory());
        final List<Row> rows = new ArrayList<>();
        for (int length : LENGTHS) {
            append(settings, program, schema, length, rows);
            settings.say("%d bytes: done", length);
        }
        for (int length : PREPARED_LENGTHS) {
            prepare(settings, program, schema, length, rows);
            settings.say("%d bytes on prepared pages: done", length);
        }
        return rows;
    }

    /** The schema of the messages, as a file that the native side can add to its queues. */
    static Path schema(Path directory) {
        final Path queue = directory.resolve("schema-of-messages");
        MessageQueue.open(QueueRounds.context(queue)).close();
        return queue.resolve("schema").resolve(QueueRounds.SCHEMA_ID + "-1.sbeir");
    }

    private static int messages(Settings settings, int length) {
        return settings.pick(1 << 16, 24 << 20, 40 << 20) / (length + 24);
    }

    private static PairedRounds rounds(Settings settings) {
        return new PairedRounds(settings.pick(0, 4, 8), settings.pick(2, 9, 21));
    }

    private static double publish(Settings settings, Path program, Path schema, int length, int populate)
            throws Exception {
        final Path queue = settings.directory().resolve("native");
        try {
            return NativeProgram.figures(
                    program, "publish", queue, schema, messages(settings, length), length, populate)[0];
        } finally {
            Scratch.delete(queue);
        }
    }

    private static void append(Settings settings, Path program, Path schema, int length, List<Row> rows)
            throws Exception {
        final int messages = messages(settings, length);
        final QueueRounds bare = new QueueRounds(settings.directory(), messages, length);
        for (int populate : new int[] {DEFAULT_POPULATE, PRETOUCHED}) {
            final PairedRounds.Result append =
                    rounds(settings).run(() -> publish(settings, program, schema, length, populate), bare::publishBare);
            rows.add(Row.judged(
                    "append " + length + " B in C" + (populate == PRETOUCHED ? ", pages pretouched off the clock" : ""),
                    Row.format("%.0f ns", append.ours()),
                    Row.format("%.0f ns bare Chronicle", append.peer()),
                    append.ratio(),
                    Row.format("<= %.2f of its time", APPEND_TARGET),
                    append.ratio() <= APPEND_TARGET));
        }
        final Path queue = settings.directory().resolve("polled");
        NativeProgram.figures(program, "publish", queue, schema, messages, length, DEFAULT_POPULATE);
        try (ChronicleQueue chronicle =
                        SingleChronicleQueueBuilder.binary(queue).build();
                ExcerptTailer tailer = chronicle.createTailer()) {
            final UnsafeBuffer mapped = new UnsafeBuffer();
            final PairedRounds.Result tail = new PairedRounds(settings.pick(0, 20, 40), settings.pick(2, 21, 51))
                    .run(
                            () -> NativeProgram.figures(program, "poll", queue, messages)[0],
                            () -> bare.pollBare(tailer, mapped));
            rows.add(Row.judged(
                    "tail " + length + " B in C",
                    Row.format("%.1f ns", tail.ours()),
                    Row.format("%.1f ns bare Chronicle", tail.peer()),
                    tail.ratio(),
                    "<= its time",
                    tail.ratio() <= 1));
        } finally {
            Scratch.delete(queue);
        }
    }

    private static void prepare(Settings settings, Path program, Path schema, int length, List<Row> rows)
            throws Exception {
        rows.add(row(
                "append " + length + " B in C, pages populated as it goes",
                "page faults",
                rounds(settings)
                        .run(
                                () -> publish(settings, program, schema, length, DEFAULT_POPULATE),
                                () -> publish(settings, program, schema, length, PAGE_FAULTS))));
        rows.add(row(
                "append " + length + " B in C, pages pretouched",
                "page faults",
                rounds(settings)
                        .run(
                                () -> publish(settings, program, schema, length, PRETOUCHED),
                                () -> publish(settings, program, schema, length, PAGE_FAULTS))));
        final QueueRounds java = new QueueRounds(settings.directory(), messages(settings, length), length);
        rows.add(row(
                "publish " + length + " B in Java, pages pretouched", "page faults", java.prepare(rounds(settings))));
    }

    private static Row row(String what, String peer, PairedRounds.Result result) {
        return Row.information(
                what,
                Row.format("%.0f ns", result.ours()),
                Row.format("%.0f ns %s", result.peer(), peer),
                result.ratio());
    }
}
