package io.slipstream.telemetry.session;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.NoSpaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sessions that one recording makes, one after another. Never touches any other. Single-threaded. */
final class RecordingParts implements AutoCloseable {
    private final RecordingPlan plan;
    private final Deque<Part> done = new ArrayDeque<>();
    private SessionWriter writer;
    private boolean open;
    private String first = "";
    private int count;
    private int deleted;
    private long doneBytes;
    private long doneFrames;
    private long doneLost;
    private long missedBetween;
    private long startNs;
    private long endNs;
    private long partStartNs;
    private long partBytes;
    private long keyframeAt;
    private long writtenBytes;

    /** One that is finished. */
    private record Part(SessionDirectory session, long bytes) {}

    RecordingParts(RecordingPlan plan) {
        this.plan = plan;
    }

    boolean isEmpty() {
        return writer == null;
    }

    /** Whether the part is to end before a keyframe: because it is long enough, or too large with what is likely to follow. */
    boolean isSplitDue(long timestampNs) {
        final long bytes = plan.splitBytes();
        final long ns = plan.splitNs();
        return (bytes > 0 && partBytes + (partBytes - keyframeAt) > bytes)
                || (ns > 0 && timestampNs - partStartNs >= ns);
    }

    /** Counts frames that are missing before the part that begins next; its own summary begins with its first frame. */
    void countBetween(long lost, long missed) {
        doneLost += lost;
        missedBetween += missed;
    }

    /** Finishes the part, if there is one, and begins the next. */
    void begin(Message keyframe, String track) throws IOException {
        if (writer != null) {
            finish();
        }
        final SessionDirectory session = SessionDirectory.create(
                plan.into(), keyframe.timestamp(), plan.name().isEmpty() ? track : plan.name());
        final String firstName = count == 0 ? session.path().getFileName().toString() : first;
        writer = open(session, keyframe.sourceId(), firstName);
        if (count == 0) {
            first = firstName;
            startNs = keyframe.timestamp();
            endNs = startNs;
        }
        count++;
        open = true;
        partStartNs = keyframe.timestamp();
        partBytes = 0;
        keyframeAt = 0;
    }

    private SessionWriter open(SessionDirectory session, int sourceId, String firstName) throws IOException {
        final Map<String, String> metadata = new HashMap<>(plan.metadata());
        if (plan.splits()) {
            metadata.put(RecordingPlan.PART, Integer.toString(count + 1));
            metadata.put(RecordingPlan.PART_OF, firstName);
        }
        try {
            return new SessionWriter(session, sourceId, plan.name(), metadata);
        } catch (NoSpaceException e) {
            delete(session);
            throw e;
        }
    }

    void write(Message message, boolean isKeyframe) {
        writer.write(message);
        if (isKeyframe) {
            keyframeAt = partBytes;
        }
        final long bytes = (long) EnvelopeDescriptor.BODY_OFFSET + message.length() + Integer.BYTES;
        partBytes += bytes;
        writtenBytes += bytes;
        endNs = Math.max(endNs, writer.newestNs());
    }

    void keepUp() throws IOException {
        if (open) {
            writer.keepUp();
        }
    }

    /** Bytes of messages, in all parts. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Bytes on disk, of all parts that are left. */
    long bytes() throws IOException {
        return doneBytes + (open ? writer.session().bytes() : 0);
    }

    /** Deletes the oldest finished part; false if there is none. */
    boolean deleteOldest() throws IOException {
        final Part oldest = done.poll();
        if (oldest == null) {
            return false;
        }
        doneBytes -= oldest.bytes();
        deleted++;
        delete(oldest.session());
        return true;
    }

    private static void delete(SessionDirectory session) throws IOException {
        // The summary first: what has none is no longer a session.
        Files.deleteIfExists(session.path().resolve(SessionDirectory.SUMMARY));
        final List<Path> files;
        try (Stream<Path> walk = Files.walk(session.path())) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** Those that are left, the oldest first. */
    List<SessionDirectory> sessions() {
        final List<SessionDirectory> sessions = new ArrayList<>();
        for (Part part : done) {
            sessions.add(part.session());
        }
        if (open) {
            sessions.add(writer.session());
        }
        return sessions;
    }

    SessionDirectory session() {
        return writer == null ? null : writer.session();
    }

    SessionInfo info() {
        return writer == null ? new SessionSummary().info(false, 0) : writer.info();
    }

    int count() {
        return count;
    }

    int deleted() {
        return deleted;
    }

    long frames() {
        return doneFrames + (open ? writer.frames() : 0);
    }

    long lost() {
        return doneLost + (open ? writer.info().lost() : 0);
    }

    long missedBetween() {
        return missedBetween;
    }

    long durationNs() {
        return endNs - startNs;
    }

    /** Finishes the part that is being written. */
    void finish() throws IOException {
        if (open) {
            open = false;
            SessionInfo info = writer.info();
            try {
                info = writer.finish();
            } finally {
                // What failed to finish is there all the same; its bytes are not known then.
                doneFrames += info.frames();
                doneLost += info.lost();
                doneBytes += info.bytes();
                done.add(new Part(writer.session(), info.bytes()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        open = false;
        if (writer != null) {
            writer.close();
        }
    }
}
