package io.slipstream.telemetry.bridge;

import io.slipstream.queue.MessageQueue;
import io.slipstream.telemetry.source.BlockSource;
import java.io.IOException;
import java.nio.file.Path;

/** A bridge on a thread of its own, and its live queue. */
final class BridgeRun implements AutoCloseable {
    final LiveTail tail;
    final Bridge bridge;
    private final MessageQueue queue;
    private final Thread thread;
    private volatile boolean stop;
    private volatile Throwable failure;

    BridgeRun(final Path liveQueue, final BlockSource source) {
        queue = MessageQueue.open(new MessageQueue.Context()
                .directory(liveQueue)
                .blockSize(4 << 20)
                .schema(Bridge.schema()));
        tail = new LiveTail(queue, this::requireNoFailure);
        bridge = new Bridge(
                new Bridge.Context().format(GameBlock.FORMAT).source(source).queue(queue));
        thread = new Thread(this::run, "bridge");
        thread.start();
    }

    private void run() {
        try {
            bridge.run(() -> stop);
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Ends the bridge and reads the rest of what it has published. */
    void end() {
        join();
        requireNoFailure();
        tail.toEnd();
    }

    private void join() {
        stop = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the bridge ended", e);
        }
    }

    private void requireNoFailure() {
        if (failure != null) {
            throw new AssertionError("the bridge ended by itself after " + tail, failure);
        }
    }

    @Override
    public void close() {
        join();
        tail.close();
        queue.close();
    }
}
