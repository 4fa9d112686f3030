package io.slipstream.telemetry.session;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.Message;
import io.slipstream.queue.NoSpaceException;
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
import java.util.List;

/**
 * Copies the frames and events of a live queue into a session, or into several in a row, each from a keyframe on. What was
 * copied survives the death of the recorder; the summary beside it is brought up to date every second. Where the live queue
 * lost frames, because its oldest files were deleted before they were copied, it goes on with the next keyframe, and the
 * session's summary counts them. Single-threaded.
 */
public final class Recorder implements AutoCloseable {
    private static final String TRACK = "mTrackLocation";
    private static final int POLL_LIMIT = 256;
    private static final int FIRST_EVENT_TEMPLATE = 20;

    private final Subscriber live;
    private final RecordingPlan plan;
    private final RecordingParts parts;
    private final DiskGuard guard;
    private final KeyframeDecoder keyframe = new KeyframeDecoder();
    private final DeltaDecoder delta = new DeltaDecoder();
    private long lastFrameNumber;
    private boolean broken;
    private RecordingEnd ended;

    /**
     * Creates a recorder; the session's directory is made with its first frame.
     *
     * @param live stands where to start; stays the caller's to close.
     * @param into the directory of sessions.
     */
    public Recorder(Subscriber live, Path into) {
        this(live, new RecordingPlan(into));
    }

    /**
     * Creates a recorder; a session's directory is made with its first frame.
     *
     * @param live stands where to start; stays the caller's to close.
     * @param plan says how to record; not to be changed any more.
     */
    public Recorder(Subscriber live, RecordingPlan plan) {
        this.live = live;
        this.plan = plan;
        this.parts = new RecordingParts(plan);
        this.guard = new DiskGuard(plan, parts);
    }

    /**
     * Copies what is there.
     *
     * @return messages looked at; 0 if there was nothing new, or the recording has {@link #ended}.
     * @throws IOException if the session cannot be written.
     */
    public int doWork() throws IOException {
        look();
        if (ended != null) {
            return 0;
        }
        final int count;
        try {
            count = live.poll(this::onMessage, POLL_LIMIT);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (count < POLL_LIMIT) {
            parts.keepUp();
        }
        return count;
    }

    private void look() throws IOException {
        if (ended == null) {
            ended = guard.look();
        }
    }

    private void onMessage(Message message) {
        if (ended != null || message.schemaId() != SessionSummary.SCHEMA_ID) {
            return;
        }
        if (message.position() > plan.untilPosition() || message.timestamp() > plan.untilNs()) {
            ended = RecordingEnd.TIME;
            return;
        }
        try {
            if (isRecorded(message)) {
                parts.write(message, message.templateId() == KeyframeDecoder.TEMPLATE_ID);
                if (guard.isPressing()) {
                    look();
                }
            }
        } catch (NoSpaceException e) {
            // The guard was too slow. Nothing of this message was written; what came before it is whole.
            ended = RecordingEnd.DISK_FULL;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Typed state is derived again from the frames on replay, so that decoders may improve after the fact. */
    private boolean isRecorded(Message message) throws IOException {
        return switch (message.templateId()) {
            case KeyframeDecoder.TEMPLATE_ID -> {
                onKeyframe(message);
                yield true;
            }
            case DeltaDecoder.TEMPLATE_ID -> !parts.isEmpty() && follows(message);
            default -> message.templateId() >= FIRST_EVENT_TEMPLATE && !parts.isEmpty();
        };
    }

    private void onKeyframe(Message message) throws IOException {
        keyframe.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
        final boolean followsOn = keyframe.frameNumber() > lastFrameNumber;
        final long lost = followsOn ? keyframe.frameNumber() - lastFrameNumber - 1 : 0;
        lastFrameNumber = keyframe.frameNumber();
        broken = false;
        if (parts.isEmpty()) {
            parts.begin(message, track(message));
        } else if (parts.isSplitDue(message.timestamp())) {
            // No part's summary can count what is missing between two.
            parts.countBetween(lost, keyframe.missed());
            parts.begin(message, track(message));
        }
    }

    /** A delta that does not build on the frame before can never be restored. */
    private boolean follows(Message message) {
        delta.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
        broken |= delta.frameNumber() != lastFrameNumber + 1;
        lastFrameNumber = broken ? lastFrameNumber : delta.frameNumber();
        return !broken;
    }

    private static String track(Message keyframe) {
        final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
        if (reader.onMessage(keyframe) != FrameDecoder.OK) {
            return "";
        }
        final BlockFormat format = GameFormats.load(reader.formatName());
        return format.has(TRACK) ? format.field(TRACK).text(reader.block(), 0) : "";
    }

    /**
     * Whether the recording came to its end by itself. Then {@link #finish} is to be called.
     *
     * @return why; null while it goes on.
     */
    public RecordingEnd ended() {
        return ended;
    }

    /**
     * Where the session is, or the newest part.
     *
     * @return its directory, or null before the first frame.
     */
    public SessionDirectory session() {
        return parts.session();
    }

    /**
     * Where the parts are, that being written included.
     *
     * @return those that are left, the oldest first; empty before the first frame.
     */
    public List<SessionDirectory> sessions() {
        return parts.sessions();
    }

    /**
     * Parts begun so far.
     *
     * @return count, those included that were deleted again.
     */
    public int partCount() {
        return parts.count();
    }

    /**
     * Parts deleted again because the quota was used up.
     *
     * @return count.
     */
    public int partsDeleted() {
        return parts.deleted();
    }

    /**
     * What has been recorded so far, in the newest part.
     *
     * @return the summary; bytes on disk are not counted.
     */
    public SessionInfo info() {
        return parts.info();
    }

    /**
     * Frames recorded so far, in all parts.
     *
     * @return count.
     */
    public long frames() {
        return parts.frames();
    }

    /**
     * Frames that were published and could not be recorded, in all parts and between them.
     *
     * @return count.
     */
    public long lost() {
        return parts.lost();
    }

    /**
     * Frames that the game wrote and nobody saw between the end of one part and the start of the next; those within a part are in
     * its summary.
     *
     * @return count.
     */
    public long missedBetweenParts() {
        return parts.missedBetween();
    }

    /**
     * From the first message to the last, in all parts.
     *
     * @return ns; 0 before the second frame.
     */
    public long durationNs() {
        return parts.durationNs();
    }

    /**
     * Ends the session and marks it as finished.
     *
     * @throws IOException if its summary cannot be written.
     */
    public void finish() throws IOException {
        parts.finish();
    }

    /**
     * Releases the session as it is, unfinished unless {@link #finish} was called.
     *
     * @throws IOException if a file cannot be closed.
     */
    @Override
    public void close() throws IOException {
        parts.close();
    }
}
