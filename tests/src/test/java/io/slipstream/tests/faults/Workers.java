package io.slipstream.tests.faults;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.RollCycle;
import io.slipstream.tests.contract.NativePrograms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/** A queue that starts a new file each second, and the processes that work on it. */
final class Workers implements AutoCloseable {
    /** An index page of this roll cycle takes 256 KiB and has to fit a quarter of a block. */
    private static final int BLOCK_SIZE = 4 << 20;

    private static final RollCycle ROLL_CYCLE = RollCycle.TEST_SECONDLY;

    private static final NativePrograms NATIVE = NativePrograms.of(NativePrograms.Flavour.RELEASE);

    private final Path directory;
    private final Path queue;
    private final Collection<WorkerProcess> started = new ConcurrentLinkedQueue<>();

    /** What runs a worker. */
    enum Kind {
        NATIVE,
        JVM,
        /** One that starts faster and publishes slower. */
        YOUNG_JVM
    }

    /** Makes the queue, in a directory of the build that may grow large; what an earlier run left there is deleted. */
    Workers(String name) {
        directory = Path.of(System.getProperty("slipstream.root"), "tests", "target", "faults", name);
        queue = directory.resolve("queue");
        try {
            delete();
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        MessageQueue.open(new MessageQueue.Context()
                        .directory(queue)
                        .blockSize(BLOCK_SIZE)
                        .rollCycle(ROLL_CYCLE)
                        .schema(MessageSchema.fromResource(Workers.class, "faults-schema.xml")))
                .close();
    }

    /** Why there is no native worker, or null if there is one. */
    static String missing() {
        return NATIVE.missing();
    }

    Path directory() {
        return directory;
    }

    /**
     * Starts a publisher.
     *
     * @param count of messages, or 0 for no end.
     * @param pauseNs between calls.
     * @param holdNs how long a claim is open at the most.
     * @param ledger file to keep, or null.
     */
    WorkerProcess publisher(Kind kind, int source, long count, long pauseNs, long holdNs, Path ledger) {
        return start(
                kind + "-publisher-" + source,
                kind,
                "publish",
                queue.toString(),
                Integer.toString(BLOCK_SIZE),
                Integer.toString(source),
                Long.toString(count),
                Long.toString(pauseNs),
                Long.toString(holdNs),
                ledger == null ? "-" : ledger.toString());
    }

    /** Starts a reader. */
    WorkerProcess reader(Kind kind, String name) {
        return start(kind + "-" + name, kind, "read", queue.toString(), Integer.toString(BLOCK_SIZE));
    }

    private WorkerProcess start(String name, Kind kind, String... arguments) {
        final List<String> command = new ArrayList<>();
        if (kind == Kind.NATIVE) {
            command.add(NATIVE.program("worker").toString());
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
            command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
            if (kind == Kind.YOUNG_JVM) {
                command.add("-XX:TieredStopAtLevel=1");
            }
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        }
        command.addAll(List.of(arguments));
        final WorkerProcess worker = new WorkerProcess(name, kind != Kind.NATIVE, command, directory);
        started.add(worker);
        return worker;
    }

    /** One that was killed is of no more interest. */
    void forget(WorkerProcess worker) {
        started.remove(worker);
        worker.deleteErrors();
    }

    /** Reads everything with nothing but Chronicle's own tailer. */
    String readBare(Verifier verifier) {
        long foreign = 0;
        final UnsafeBuffer document = new UnsafeBuffer(0, 0);
        try (ChronicleQueue bare = SingleChronicleQueueBuilder.binary(queue)
                        .rollCycle(bareCycle())
                        .blockSize(BLOCK_SIZE)
                        .readOnly(true)
                        .build();
                ExcerptTailer tailer = bare.createTailer()) {
            while (true) {
                try (DocumentContext context = tailer.readingDocument()) {
                    if (!context.isPresent()) {
                        return verifier.outcome(foreign);
                    }
                    final Bytes<?> bytes = context.wire().bytes();
                    final int length = (int) bytes.readRemaining();
                    document.wrap(bytes.addressForRead(bytes.readPosition()), length);
                    if (EnvelopeDescriptor.isMessage(document, 0, length)) {
                        verifier.add(
                                context.index(),
                                EnvelopeDescriptor.sourceId(document, 0),
                                EnvelopeDescriptor.timestamp(document, 0),
                                document,
                                EnvelopeDescriptor.BODY_OFFSET,
                                length - EnvelopeDescriptor.BODY_OFFSET - EnvelopeDescriptor.padding(document, 0));
                    } else {
                        foreign++;
                    }
                }
            }
        }
    }

    private static net.openhft.chronicle.queue.RollCycle bareCycle() {
        for (net.openhft.chronicle.queue.RollCycle cycle : RollCycles.all()) {
            if (cycle.toString().equals(ROLL_CYCLE.name())) {
                return cycle;
            }
        }
        throw new AssertionError("Chronicle has no " + ROLL_CYCLE);
    }

    /** What everybody is at, and the queue: for whoever has to find out why a test failed. */
    String story() {
        final List<String> story = new ArrayList<>();
        try {
            final WorkerProcess describe =
                    start("describe", Kind.NATIVE, "describe", queue.toString(), Integer.toString(BLOCK_SIZE));
            story.add("queue " + queue + ", kept: " + describe.await("", 10));
            forget(describe);
        } catch (AssertionError e) {
            story.add("queue " + queue + ", kept; it cannot be described: " + e.getMessage());
        }
        try (Stream<Path> files = Files.list(queue)) {
            story.add(files.map(path -> path.getFileName().toString()).sorted().collect(Collectors.joining(" ")));
        } catch (IOException e) {
            story.add(e.toString());
        }
        started.forEach(worker -> story.add(worker.story()));
        return String.join("\n", story);
    }

    /** Deletes the queue; not called after a failure. */
    void delete() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Override
    public void close() {
        started.forEach(WorkerProcess::kill);
        started.forEach(WorkerProcess::awaitEnd);
    }
}
