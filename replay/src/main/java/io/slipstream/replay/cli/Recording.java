package io.slipstream.replay.cli;

import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.session.LivePast;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.RecordingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * A bridge and a recorder in one process: the bridge samples in a thread of its own into the live queue, the recorder copies
 * from there. Where another process samples the same block already, only the recorder runs.
 */
final class Recording implements AutoCloseable {
    private final LiveBridge bridge;
    private final Subscriber subscriber;
    private final Recorder recorder;
    private final LivePast past;

    /**
     * Starts both, with the next frame.
     *
     * @param bridge all set but the queue.
     * @param liveDirectory of the live queue.
     * @param into the directory of sessions.
     */
    Recording(Bridge.Context bridge, Path liveDirectory, Path into) throws IOException {
        this(
                new LiveBridge(bridge, new LiveDirectory(liveDirectory), LiveBridge.Bounds.DEFAULT),
                new RecordingPlan(into),
                Duration.ZERO);
    }

    /**
     * Starts both.
     *
     * @param bridge not started; this closes it, and it may be closed again.
     * @param plan of the recorder.
     * @param before how much of the past to record, as far as the live queue has it.
     */
    Recording(LiveBridge bridge, RecordingPlan plan, Duration before) throws IOException {
        this.bridge = bridge;
        Subscriber opened = null;
        try {
            opened = bridge.queue().subscriber();
            this.subscriber = opened;
            this.recorder = new Recorder(subscriber, plan);
            this.past = position(before);
            bridge.start();
        } catch (IOException | RuntimeException e) {
            try (bridge;
                    Subscriber _ = opened) {
                throw e;
            }
        }
    }

    private LivePast position(Duration before) throws IOException {
        final long now = new OffsetEpochNanoClock().nanoTime();
        if (!before.isZero()) {
            return LivePast.find(bridge.queue(), subscriber, now - before.toNanos());
        }
        if (bridge.samples()) {
            subscriber.toEnd();
        } else {
            subscriber.toTime(now - KeyframeRule.EVERY_NS);
        }
        return new LivePast(true, 0);
    }

    LiveBridge bridge() {
        return bridge;
    }

    Recorder recorder() {
        return recorder;
    }

    /** What of the past is recorded. */
    LivePast past() {
        return past;
    }

    /** Copies what is there; 0 if there was nothing. */
    int doWork() throws IOException {
        final int count = recorder.doWork();
        bridge.doWork();
        return count;
    }

    /** Stops sampling, copies the rest and finishes the session. */
    void finish() throws IOException {
        bridge.stop();
        if (bridge.samples()) {
            while (recorder.doWork() > 0) {
                // What the bridge had published.
            }
        }
        recorder.finish();
        // A sampler that died just before the end is no success, though what it sampled is whole.
        bridge.check();
    }

    @Override
    public void close() throws IOException {
        try (bridge;
                subscriber;
                recorder) {
            bridge.stop();
        }
    }
}
