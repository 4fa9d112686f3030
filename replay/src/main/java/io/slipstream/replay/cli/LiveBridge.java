package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.BridgeStatistics;
import io.slipstream.telemetry.session.DiskSpace;
import io.slipstream.telemetry.session.Markers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Samples a block into its live queue, in a thread of its own, and keeps that queue within its bounds. Where another process
 * samples the same block already, this only stands by to take over from it. Single-threaded but for that thread.
 */
final class LiveBridge implements AutoCloseable {
    private static final long PRUNE_INTERVAL_NS = 10_000_000_000L;
    private static final long TAKE_OVER_INTERVAL_NS = 500_000_000L;
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(1);
    private static final long LOCK_INTERVAL_NS = 20_000_000L;
    private static final long LOOK_INTERVAL_NS = 1_000_000_000L;

    /**
     * What the live queue may take.
     *
     * @param age how long its files are kept.
     * @param bytes that they take at most, all together.
     * @param keptFree bytes of the disk that are kept free; negative for the default.
     * @param diskSpace says how much there is.
     */
    record Bounds(Duration age, long bytes, long keptFree, DiskSpace diskSpace) {
        static final Duration DEFAULT_AGE = Duration.ofMinutes(30);
        static final long DEFAULT_BYTES = 2L << 30;
        static final Bounds DEFAULT = new Bounds(DEFAULT_AGE, DEFAULT_BYTES, -1, DiskSpace.SYSTEM);
    }

    private final LiveDirectory directory;
    private final Bounds bounds;
    private final Bridge.Context bridge;
    private final MessageQueue live;
    private final FileChannel lockFile;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private FileLock lock;
    private MessageQueue markerQueue;
    private Markers markers;
    private Bridge sampler;
    private Thread sampling;
    private volatile boolean stopped;
    private long nextTakeOver;
    private long nextPrune = System.nanoTime();
    private long nextLook = System.nanoTime();
    private boolean diskFull;

    /**
     * Opens the queue and takes the lock; nothing is sampled before {@link #start}.
     *
     * @param bridge all set but the queue.
     * @param directory of the queue; made if missing.
     * @param bounds of the queue.
     */
    LiveBridge(Bridge.Context bridge, LiveDirectory directory, Bounds bounds) throws IOException {
        this.directory = directory;
        this.bounds = bounds;
        this.bridge = bridge;
        this.lockFile = directory.openLock();
        try {
            this.lock = LiveDirectory.tryLock(lockFile);
            this.live = directory.open();
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /** Begins to sample, unless another process does. */
    void start() {
        if (lock != null) {
            final Bridge started = new Bridge(bridge.queue(live));
            sampler = started;
            sampling = new Thread(() -> sample(started), "bridge");
            sampling.setDaemon(true);
            sampling.start();
        }
    }

    private void sample(Bridge started) {
        try {
            started.run(() -> stopped);
        } catch (IOException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    /** Whether this process samples, or another does. */
    boolean samples() {
        return lock != null;
    }

    /** Whether this process samples, or does once another that is about to end has let go; waits a second for that. */
    boolean samplesSoon() throws IOException {
        final long started = System.nanoTime();
        while (lock == null && System.nanoTime() - started < LOCK_PATIENCE.toNanos()) {
            LockSupport.parkNanos(LOCK_INTERVAL_NS);
            lock = LiveDirectory.tryLock(lockFile);
        }
        return samples();
    }

    /** Throws what the sampling thread ended with, if it did. */
    void check() throws IOException {
        rethrow(failure.get());
    }

    LiveDirectory directory() {
        return directory;
    }

    MessageQueue queue() {
        return live;
    }

    /** To be called now and then. Throws what the sampling thread ended with. */
    void doWork() throws IOException {
        check();
        final long now = System.nanoTime();
        if (lock == null && now - nextTakeOver >= 0) {
            nextTakeOver = now + TAKE_OVER_INTERVAL_NS;
            // The bridge that another process ran may have ended; then this one samples on.
            lock = LiveDirectory.tryLock(lockFile);
            start();
        }
        if (samples() && now - nextPrune >= 0) {
            nextPrune = now + PRUNE_INTERVAL_NS;
            live.prune(bounds.age(), bounds.bytes());
        }
        if (now - nextLook >= 0) {
            nextLook = now + LOOK_INTERVAL_NS;
            final DiskSpace.Room room = bounds.diskSpace().look(directory.path());
            diskFull = room.usable() < (bounds.keptFree() < 0 ? room.keptFree() : bounds.keptFree());
        }
    }

    /** Whether the disk of the live queue has less room than is to be kept free, as of the last look. */
    boolean isDiskFull() {
        return diskFull;
    }

    /** What was sampled so far; of a bridge of this process. */
    BridgeStatistics statistics() {
        return sampler.statistics();
    }

    /** Marks this moment. */
    void mark(String label) {
        if (markers == null) {
            if (markerQueue == null) {
                markerQueue = directory.openForMarkers();
            }
            markers = new Markers(markerQueue);
        }
        markers.mark(label);
    }

    /** Stops sampling; what was sampled is in the queue then. */
    void stop() {
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
            case null -> {}
            case IOException io -> throw io;
            case RuntimeException runtime -> throw runtime;
            default -> throw (Error) e;
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        try {
            if (markers != null) {
                markers.close();
            }
            if (markerQueue != null) {
                markerQueue.close();
            }
            live.close();
        } finally {
            // The lock is given back whatever happens.
            lockFile.close();
        }
    }
}
