package io.slipstream.replay.player;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.schema.PlaybackClockEncoder;
import io.slipstream.telemetry.session.SessionDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Publishes frames to a live queue as the bridge does, with the typed state and events that today's decoders derive from
 * them, and the markers that were recorded. Messages keep the time stamps of the recording, unless told otherwise. A jump reads
 * as a source that was lost and came back, so that nobody times a lap across it.
 */
public final class QueueSink implements FrameSink {
    private final MessageQueue queue;
    private final Publisher publisher;
    private final FramePublisher frames;
    private final PlaybackClockEncoder clock = new PlaybackClockEncoder();
    private final MarkerEncoder marker = new MarkerEncoder();
    private final String origin;
    private final boolean synthetic;
    private final Options options;
    private boolean attached;
    private long lastTimestamp;
    private long lastStamp;
    private long dropped;

    /**
     * What the queue gets.
     *
     * @param clock whether to publish the playback's own time, as PlaybackClock messages.
     * @param selection types of messages to publish; null for all.
     * @param now clock whose time messages are stamped with, ns since the Unix epoch; null for the times of the recording.
     * @param sourceId that the messages carry.
     */
    public record Options(boolean clock, MessageSelection selection, EpochNanoClock now, int sourceId) {
        /** What the bridge published, and the markers. */
        public static final Options DEFAULT = new Options(false, null, null, new MessageQueue.Context().sourceId());
    }

    /**
     * Opens or makes the queue.
     *
     * @param directory of the queue.
     * @param format of the frames to come.
     * @param origin of the frames, for people to read.
     * @param synthetic whether a simulator made the frames.
     * @throws IllegalArgumentException if the directory is a session, which must not be changed.
     */
    public QueueSink(Path directory, BlockFormat format, String origin, boolean synthetic) {
        this(directory, format, origin, synthetic, Options.DEFAULT);
    }

    /**
     * Opens or makes the queue.
     *
     * @param directory of the queue.
     * @param format of the frames to come.
     * @param origin of the frames, for people to read.
     * @param synthetic whether a simulator made the frames.
     * @param options what it gets.
     * @throws IllegalArgumentException if the directory is a session, which must not be changed.
     */
    public QueueSink(Path directory, BlockFormat format, String origin, boolean synthetic, Options options) {
        if (SessionDirectory.isSession(directory)) {
            throw new IllegalArgumentException(
                    directory + " is a session: playing into it would change it; give another directory");
        }
        this.origin = origin;
        this.synthetic = synthetic;
        this.options = options;
        this.queue = MessageQueue.open(new MessageQueue.Context()
                .directory(directory)
                .sourceId(options.sourceId())
                .schema(Bridge.schema()));
        try {
            this.publisher = new SelectingPublisher(queue.publisher(), options.selection(), this::stamp);
            this.frames = new FramePublisher(format, publisher);
        } catch (RuntimeException e) {
            queue.close();
            throw e;
        }
    }

    /** Those of the player's never go back; a clock that is set back does not either. */
    private long stamp(long timestamp) {
        lastStamp = Math.max(
                lastStamp, options.now() == null ? timestamp : options.now().nanoTime());
        return lastStamp;
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        final FrameReader frame = cursor.frame();
        // What was missed before the frame that is played first is not missing from what is played.
        final long missed = attached ? frame.missed() : 0;
        if (!attached) {
            frames.onAttached(timestampNs, origin, synthetic, frame.consistency());
            attached = true;
        }
        frames.onFrame(
                cursor.block(),
                cursor.block().capacity(),
                frame.formatVersion(),
                frame.sequence(),
                missed + dropped,
                frame.retries(),
                frame.torn(),
                timestampNs);
        dropped = 0;
        lastTimestamp = timestampNs;
    }

    @Override
    public void onJump(long timestampNs) {
        lose();
    }

    private void lose() {
        if (attached) {
            frames.onLost(lastTimestamp);
            attached = false;
        }
        dropped = 0;
    }

    /** To those who read the queue, it is a frame that the game wrote and nobody saw. */
    @Override
    public void onDropped() {
        dropped++;
    }

    @Override
    public void onMarker(String label, long timestampNs) {
        final byte[] text = label.getBytes(StandardCharsets.UTF_8);
        publisher.wrap(marker).putLabel(text, 0, text.length);
        publisher.publish(marker, timestampNs);
    }

    @Override
    public void onClock(PlaybackState state, long timestampNs) {
        if (options.clock()) {
            publisher
                    .wrap(clock)
                    .position(state.positionNs())
                    .duration(state.durationNs())
                    .rate(state.paused() ? 0 : state.rate())
                    .frame(state.frame())
                    .loops(state.loops());
            publisher.publish(clock, timestampNs);
        }
    }

    @Override
    public void close() {
        try {
            lose();
        } finally {
            publisher.close();
            queue.close();
        }
    }
}
