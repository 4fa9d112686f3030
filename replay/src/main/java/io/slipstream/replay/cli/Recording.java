package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.RollCycle;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.session.Recorder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * A bridge and a recorder in one process: the bridge samples in a thread of its own into the live queue, the recorder copies
 * from there. Where another process samples the same block already, only the recorder runs.
 */
final class Recording implements AutoCloseable {
    private static final int LIVE_BLOCK_SIZE = 16 << 20;
    private static final Duration KEPT_FOR = Duration.ofMinutes(30);
    private static final long KEPT_BYTES = 2L << 30;
    private static final long PRUNE_INTERVAL_NS = 10_000_000_000L;
    private static final long TAKE_OVER_INTERVAL_NS = 500_000_000L;
    private static final long KEYFRAME_INTERVAL_NS = 1_000_000_000L;

    private final MessageQueue live;
    private final Subscriber subscriber;
    private final Recorder recorder;
    private final FileChannel lockFile;
    private FileLock lock;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Bridge.Context bridge;
    private Thread sampling;
    private long nextTakeOver;
    private volatile boolean stopped;
    private long nextPrune = System.nanoTime();

    /**
     * Starts both.
     *
     * @param bridge all set but the queue.
     * @param liveDirectory of the live queue.
     * @param into the directory of sessions.
     */
    Recording(Bridge.Context bridge, Path liveDirectory, Path into) throws IOException {
        Files.createDirectories(liveDirectory);
        this.lockFile = FileChannel.open(
                liveDirectory.resolve("bridge.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        this.lock = lockFile.tryLock();
        this.bridge = bridge;
        this.live = MessageQueue.open(new MessageQueue.Context()
                .directory(liveDirectory)
                .rollCycle(RollCycle.FIVE_MINUTELY)
                .blockSize(LIVE_BLOCK_SIZE)
                .schema(Bridge.schema()));
        this.subscriber = live.subscriber();
        this.recorder = new Recorder(subscriber, into);
        if (lock != null) {
            subscriber.toEnd();
            startSampling();
        } else {
            subscriber.toTime(new OffsetEpochNanoClock().nanoTime() - KEYFRAME_INTERVAL_NS);
        }
    }

    private void startSampling() {
        sampling = new Thread(() -> sample(new Bridge(bridge.queue(live))), "bridge");
        sampling.setDaemon(true);
        sampling.start();
    }

    /** The bridge that another process ran may have ended; then this one samples on. */
    private void takeOver() throws IOException {
        final long now = System.nanoTime();
        if (lock == null && now - nextTakeOver >= 0) {
            nextTakeOver = now + TAKE_OVER_INTERVAL_NS;
            lock = lockFile.tryLock();
            if (lock != null) {
                startSampling();
            }
        }
    }

    private void sample(Bridge bridge) {
        try {
            bridge.run(() -> stopped);
        } catch (IOException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    /** Whether this process samples, or another does. */
    boolean samples() {
        return lock != null;
    }

    Recorder recorder() {
        return recorder;
    }

    /** Copies what is there; 0 if there was nothing. */
    int doWork() throws IOException {
        final int count = recorder.doWork();
        if (failure.get() != null) {
            rethrow(failure.get());
        }
        takeOver();
        if (samples() && System.nanoTime() - nextPrune >= 0) {
            nextPrune = System.nanoTime() + PRUNE_INTERVAL_NS;
            live.prune(KEPT_FOR, KEPT_BYTES);
        }
        return count;
    }

    /** Stops sampling, copies the rest and finishes the session. */
    void finish() throws IOException {
        stopSampling();
        if (samples()) {
            while (recorder.doWork() > 0) {
                // What the bridge had published.
            }
        }
        recorder.finish();
    }

    private void stopSampling() {
        stopped = true;
        if (sampling != null) {
            boolean interrupted = false;
            while (sampling.isAlive()) {
                try {
                    sampling.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void rethrow(Throwable e) throws IOException {
        switch (e) {
            case IOException io -> throw io;
            case RuntimeException runtime -> throw runtime;
            default -> throw (Error) e;
        }
    }

    @Override
    public void close() throws IOException {
        stopSampling();
        recorder.close();
        subscriber.close();
        live.close();
        lockFile.close();
    }
}
