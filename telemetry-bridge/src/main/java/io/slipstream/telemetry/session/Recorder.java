package io.slipstream.telemetry.session;

import io.slipstream.queue.Message;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Copies the frames and events of a live queue into a session, from the first keyframe on. What was copied survives the death
 * of the recorder; the summary beside it is brought up to date every second. Single-threaded.
 */
public final class Recorder implements AutoCloseable {
    private static final int POLL_LIMIT = 256;
    private static final int FIRST_EVENT_TEMPLATE = 20;

    private final Subscriber live;
    private final Path into;
    private SessionWriter writer;
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
        if (writer != null && count < POLL_LIMIT) {
            writer.keepUp();
        }
        return count;
    }

    private void onMessage(Message message) {
        if (message.schemaId() != SessionSummary.SCHEMA_ID || !isRecorded(message.templateId())) {
            return;
        }
        if (writer == null) {
            if (message.templateId() != KeyframeDecoder.TEMPLATE_ID) {
                return;
            }
            begin(message);
        }
        writer.write(message);
    }

    /** Typed state is derived again from the frames on replay, so that decoders may improve after the fact. */
    private static boolean isRecorded(int templateId) {
        return templateId == KeyframeDecoder.TEMPLATE_ID
                || templateId == DeltaDecoder.TEMPLATE_ID
                || templateId >= FIRST_EVENT_TEMPLATE;
    }

    private void begin(Message first) {
        try {
            writer = new SessionWriter(
                    SessionDirectory.create(into, first.timestamp(), track(first)), first.sourceId(), "", Map.of());
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
        return writer == null ? null : writer.session();
    }

    /**
     * What has been recorded so far.
     *
     * @return the summary; bytes on disk are not counted.
     */
    public SessionInfo info() {
        return writer == null ? new SessionSummary().info(false, 0) : writer.info();
    }

    /**
     * Frames recorded so far.
     *
     * @return count.
     */
    public long frames() {
        return writer == null ? 0 : writer.frames();
    }

    /**
     * From the first frame to the last.
     *
     * @return ns; 0 before the second frame.
     */
    public long durationNs() {
        return writer == null ? 0 : writer.durationNs();
    }

    /**
     * Ends the session and marks it as finished.
     *
     * @throws IOException if its summary cannot be written.
     */
    public void finish() throws IOException {
        if (writer != null && !closed) {
            closed = true;
            writer.finish();
        }
    }

    /**
     * Releases the session as it is, unfinished unless {@link #finish} was called.
     *
     * @throws IOException if a file cannot be closed.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        if (writer != null) {
            writer.close();
        }
    }
}
