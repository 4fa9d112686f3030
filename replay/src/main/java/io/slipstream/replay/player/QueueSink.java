package io.slipstream.replay.player;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.codec.FrameReader;
import java.nio.file.Path;

/**
 * Publishes frames to a live queue as the bridge does, with the typed state and events that today's decoders derive from
 * them. Messages keep the time stamps of the recording.
 */
public final class QueueSink implements FrameSink {
    private final MessageQueue queue;
    private final Publisher publisher;
    private final FramePublisher frames;
    private final String origin;
    private final boolean synthetic;
    private boolean attached;
    private long lastTimestamp;

    /**
     * Opens or makes the queue.
     *
     * @param directory of the queue.
     * @param format of the frames to come.
     * @param origin of the frames, for people to read.
     * @param synthetic whether a simulator made the frames.
     */
    public QueueSink(Path directory, BlockFormat format, String origin, boolean synthetic) {
        this.origin = origin;
        this.synthetic = synthetic;
        this.queue = MessageQueue.open(
                new MessageQueue.Context().directory(directory).schema(Bridge.schema()));
        this.publisher = queue.publisher();
        this.frames = new FramePublisher(format, publisher);
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        final FrameReader frame = cursor.frame();
        if (!attached) {
            frames.onAttached(timestampNs, origin, synthetic, frame.consistency());
            attached = true;
        }
        frames.onFrame(
                cursor.block(),
                cursor.block().capacity(),
                frame.formatVersion(),
                frame.sequence(),
                frame.missed(),
                frame.retries(),
                frame.torn(),
                timestampNs);
        lastTimestamp = timestampNs;
    }

    @Override
    public void close() {
        if (attached) {
            frames.onLost(lastTimestamp);
        }
        publisher.close();
        queue.close();
    }
}
