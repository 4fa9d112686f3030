package io.slipstream.tests.bench;

import io.slipstream.memory.BlockName;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.BridgeStatistics;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.simulator.Simulator;
import io.slipstream.telemetry.source.NamedSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * The whole bridge at a writer of a thousand frames a second in another process. Every frame that it accepts is compared, byte
 * for byte, with the frame that a second run of the same race writes under the same sequence number: a torn one cannot hide.
 */
final class BridgeBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 1000;
    private static final int MIN_LENGTH = 20_000;
    private static final int MAX_BLOCK_LENGTH = 64 << 10;
    private static final double TARGET_MISSED = 0.1;

    private record Run(BridgeStatistics statistics, double cpu) {}

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public String about() {
        return "a writer at 1 kHz sampled by the whole bridge: frames torn and missed, and what it takes of a core";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final Path block = settings.directory().resolve("block");
        final Path live = settings.directory().resolve("live");
        final int seconds = settings.pick(1, 10, 60);
        final int still = settings.pick(1, 4, 10);
        final Run none = sample(block, settings.directory().resolve("none"), still);
        final Run idle;
        try (Simulator simulator = new Simulator(SimulatedFrames.config(block, CARS, HZ))) {
            idle = sample(block, settings.directory().resolve("idle"), still);
            settings.say("no block, a block with %d frames: done", simulator.frames());
        }
        final Run busy;
        final String written;
        try (ChildJvm game = new ChildJvm(SimulatorProcess.class, block.toString(), "" + CARS, "" + HZ)) {
            game.line();
            busy = sample(block, live, seconds);
            written = game.finish();
        }
        settings.say("the writer's frames and late frames: %s", written);
        final Check check = new Check(settings.directory().resolve("again"));
        check.run(live);
        final BridgeStatistics told = busy.statistics();
        final double missed = 100.0 * told.missed() / Math.max(1, told.frames() + told.missed());
        final String over = Row.format("at 1 kHz for %d s", seconds);
        return List.of(
                Row.judged(
                        "torn frames accepted, " + over,
                        Row.format("%d of %d", check.torn, check.frames),
                        Row.format("%d copies thrown away", told.retries()),
                        Double.NaN,
                        "0",
                        check.torn == 0 && check.frames > 0),
                Row.judged(
                        "frames missed, " + over,
                        Row.format("%.3f %% (%d)", missed, told.missed()),
                        "",
                        Double.NaN,
                        Row.format("< %.1f %%", TARGET_MISSED),
                        missed < TARGET_MISSED && check.frames > 0),
                Row.information("bridge thread, " + over, Row.format("%.1f %% of a core", busy.cpu()), "", Double.NaN),
                Row.information(
                        "bridge thread, block stands still",
                        Row.format("%.2f %% of a core", idle.cpu()),
                        "",
                        Double.NaN),
                Row.information(
                        "bridge thread, no block", Row.format("%.2f %% of a core", none.cpu()), "", Double.NaN));
    }

    /** Runs a bridge for some seconds; what it takes of a core is measured in the second half, when it is compiled. */
    private static Run sample(Path block, Path live, int seconds) throws Exception {
        try (MessageQueue queue =
                MessageQueue.open(new MessageQueue.Context().directory(live).schema(Bridge.schema()))) {
            final Bridge bridge = new Bridge(new Bridge.Context()
                    .format(Frames.FORMAT)
                    .source(new NamedSource(new BlockName.MappedFile(block), MIN_LENGTH))
                    .warmUp(true)
                    .queue(queue));
            final CompletableFuture<Void> done = new CompletableFuture<>();
            final long half = seconds * 500_000_000L;
            final long end = System.nanoTime() + 2 * half;
            final Thread thread = new Thread(
                    () -> {
                        try {
                            bridge.run(() -> System.nanoTime() - end >= 0);
                            done.complete(null);
                        } catch (IOException | RuntimeException e) {
                            done.completeExceptionally(e);
                        }
                    },
                    "bridge");
            thread.start();
            LockSupport.parkNanos(half);
            final long cpuStart = cpuTime(thread);
            final long start = System.nanoTime();
            LockSupport.parkNanos(end - start - half / 10);
            final double cpu = 100.0 * (cpuTime(thread) - cpuStart) / (System.nanoTime() - start);
            thread.join();
            done.get();
            return new Run(bridge.statistics(), cpu);
        } catch (ExecutionException e) {
            throw new IOException("the bridge failed: " + e.getCause(), e);
        }
    }

    private static long cpuTime(Thread thread) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
    }

    /** Compares what was recorded with the same race, run again. */
    private static final class Check {
        private final Path block;
        private final FrameReader reader = new FrameReader(MAX_BLOCK_LENGTH);
        private SimulatedFrames again;
        private long frames;
        private long torn;

        Check(Path block) {
            this.block = block;
        }

        void run(Path live) throws IOException {
            try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context().directory(live));
                    Subscriber subscriber = queue.subscriber();
                    SimulatedFrames race = new SimulatedFrames(block, CARS, HZ)) {
                again = race;
                while (subscriber.poll(this::onMessage, 64) > 0) {
                    // To the end.
                }
            }
        }

        private void onMessage(Message message) {
            final int code = reader.onMessage(message);
            if (code == FrameReader.NOT_A_FRAME) {
                return;
            }
            frames++;
            if (code != FrameDecoder.OK) {
                torn++;
                return;
            }
            while (again.sequence() < reader.sequence()) {
                again.next();
            }
            final int length = reader.blockLength();
            for (int i = 0; i < length; i++) {
                if (reader.block().getByte(i) != again.block().getByte(i)) {
                    torn++;
                    return;
                }
            }
        }
    }
}
