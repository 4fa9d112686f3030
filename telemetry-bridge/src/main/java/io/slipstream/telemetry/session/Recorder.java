package io.slipstream.telemetry.session;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Copies the frames and events of a live queue into a session, from the first keyframe on. What was copied survives the death
 * of the recorder; the summary beside it is brought up to date every second. Single-threaded.
 */
public final class Recorder implements AutoCloseable {
    private static final int POLL_LIMIT = 256;
    private static final int FIRST_EVENT_TEMPLATE = 20;
    private static final long SUMMARY_INTERVAL_NS = 1_000_000_000L;

    private final Subscriber live;
    private final Path into;
    private final SessionSummary summary = new SessionSummary();
    private SessionDirectory session;
    private MessageQueue queue;
    private Publisher publisher;
    private long nextSummary;
    private long lastTimestamp;
    private boolean closed;

    /**
     * Creates a recorder; the session's directory is made with its first frame.
     *
     * @param live stands where to start; stays the caller's to close.
     * @param into the directory of sessions.
     */
    public Recorder(Subscriber live, Path into) {
        this.live = live;
        this.into = into;
    }

    /**
     * Copies what is there.
     *
     * @return messages looked at; 0 if there was nothing new.
     * @throws IOException if the session cannot be written.
     */
    public int doWork() throws IOException {
        final int count;
        try {
            count = live.poll(this::onMessage, POLL_LIMIT);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        final long now = System.nanoTime();
        if (session != null && count < POLL_LIMIT && now - nextSummary >= 0) {
            nextSummary = now + SUMMARY_INTERVAL_NS;
            session.write(summary.info(false, session.bytes()));
        }
        return count;
    }

    private void onMessage(Message message) {
        if (message.schemaId() != SessionSummary.SCHEMA_ID || !isRecorded(message.templateId())) {
            return;
        }
        if (session == null) {
            if (message.templateId() != KeyframeDecoder.TEMPLATE_ID) {
                return;
            }
            begin(message);
        }
        // Of two bridges the later one's clock may be behind: a session is in the order of time all the same.
        lastTimestamp = Math.max(lastTimestamp, message.timestamp());
        publisher.publish(
                message.buffer(),
                message.offset() - EnvelopeDescriptor.SBE_HEADER_LENGTH,
                message.length() + EnvelopeDescriptor.SBE_HEADER_LENGTH,
                lastTimestamp);
        summary.onMessage(message);
    }

    /** Typed state is derived again from the frames on replay, so that decoders may improve after the fact. */
    private static boolean isRecorded(int templateId) {
        return templateId == KeyframeDecoder.TEMPLATE_ID
                || templateId == DeltaDecoder.TEMPLATE_ID
                || templateId >= FIRST_EVENT_TEMPLATE;
    }

    private void begin(Message first) {
        try {
            session = SessionDirectory.create(into, first.timestamp(), track(first));
            queue = MessageQueue.open(new MessageQueue.Context()
                    .directory(session.path())
                    .blockSize(SessionDirectory.BLOCK_SIZE)
                    .sourceId(first.sourceId())
                    .schema(Bridge.schema()));
            publisher = queue.publisher();
            session.write(summary.info(false, 0));
            nextSummary = System.nanoTime() + SUMMARY_INTERVAL_NS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String track(Message keyframe) {
        final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
        return reader.onMessage(keyframe) == FrameDecoder.OK
                ? GameFormats.load(reader.formatName()).field("mTrackLocation").text(reader.block(), 0)
                : "";
    }

    /**
     * Where the session is.
     *
     * @return its directory, or null before the first frame.
     */
    public SessionDirectory session() {
        return session;
    }

    /**
     * What has been recorded so far.
     *
     * @return the summary; bytes on disk are not counted.
     */
    public SessionInfo info() {
        return summary.info(closed, 0);
    }

    /**
     * Frames recorded so far.
     *
     * @return count.
     */
    public long frames() {
        return summary.frames();
    }

    /**
     * From the first frame to the last.
     *
     * @return ns; 0 before the second frame.
     */
    public long durationNs() {
        return summary.durationNs();
    }

    /**
     * Ends the session and marks it as finished.
     *
     * @throws IOException if its summary cannot be written.
     */
    public void finish() throws IOException {
        if (session != null && !closed) {
            close();
            session.write(summary.info(true, session.bytes()));
        }
    }

    /** Releases the session as it is, unfinished unless {@link #finish} was called. */
    @Override
    public void close() {
        closed = true;
        if (queue != null) {
            publisher.close();
            queue.close();
        }
    }
}
