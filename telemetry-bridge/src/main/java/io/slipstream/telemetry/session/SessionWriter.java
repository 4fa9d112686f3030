package io.slipstream.telemetry.session;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.store.StoreTrimmer;
import io.slipstream.telemetry.bridge.Bridge;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a session: its messages, and beside them the summary and the index, which are brought up to date as it goes. The one
 * place that does, whether the messages come from a live queue, from another session or from a file. What was written survives
 * the death of the writer. Single-threaded.
 */
public final class SessionWriter implements AutoCloseable {
    private static final long SUMMARY_INTERVAL_NS = 1_000_000_000L;
    private static final long INDEX_INTERVAL_NS = 10_000_000_000L;

    private final SessionDirectory session;
    private final SessionSummary summary = new SessionSummary();
    private final int sourceId;
    private final MessageQueue queue;
    private final Publisher publisher;
    private final SessionIndex index;
    private final Map<Integer, MessageQueue> otherQueues = new HashMap<>();
    private final Map<Integer, Publisher> otherPublishers = new HashMap<>();
    private boolean keepSources;
    private long nextSummary;
    private long nextIndex;
    private long lastTimestamp;
    private boolean closed;

    /**
     * Begins a session in an empty directory.
     *
     * @param session its directory.
     * @param sourceId that its messages carry.
     * @param name the session's own name; empty for none.
     * @param metadata what else people want to know of it.
     * @throws IOException if it cannot be written.
     */
    public SessionWriter(SessionDirectory session, int sourceId, String name, Map<String, String> metadata)
            throws IOException {
        this.session = session;
        this.sourceId = sourceId;
        summary.describe(name, metadata);
        session.ownFormat().ifPresent(summary::useFormat);
        this.queue = open(sourceId);
        this.publisher = queue.publisher();
        this.index = SessionIndex.empty(session);
        session.write(summary.info(false, 0));
        nextSummary = System.nanoTime() + SUMMARY_INTERVAL_NS;
        nextIndex = System.nanoTime() + INDEX_INTERVAL_NS;
    }

    private MessageQueue open(int source) {
        return MessageQueue.open(new MessageQueue.Context()
                .directory(session.path())
                .blockSize(SessionDirectory.BLOCK_SIZE)
                .sourceId(source)
                .schema(Bridge.schema()));
    }

    /**
     * From now on each message keeps the source id that it has, as where a session is copied; else all carry that of the session.
     *
     * @return this.
     */
    public SessionWriter keepSources() {
        keepSources = true;
        return this;
    }

    /**
     * Copies a message. The session's own source says what time it is: a message of another, where all get the session's source
     * id, is stamped with the newest time of that one.
     *
     * @param message of the telemetry schema, or of another that the session's directory holds.
     */
    public void write(Message message) {
        stamp(message);
        publisherFor(message.sourceId())
                .publish(
                        message.buffer(),
                        message.offset() - EnvelopeDescriptor.SBE_HEADER_LENGTH,
                        message.length() + EnvelopeDescriptor.SBE_HEADER_LENGTH,
                        lastTimestamp);
        summary.onMessage(message, lastTimestamp);
    }

    private Publisher publisherFor(int source) {
        if (!keepSources || source == sourceId) {
            return publisher;
        }
        final Publisher known = otherPublishers.get(source);
        if (known != null) {
            return known;
        }
        final Publisher another =
                otherQueues.computeIfAbsent(source, this::open).publisher();
        otherPublishers.put(source, another);
        return another;
    }

    /**
     * A session is in the order of time, though of two bridges the later one's clock may be behind. What another source says, as
     * a marker does, takes the newest time of the session's own: its clock may be ahead, and must not move the frames.
     */
    private void stamp(Message message) {
        if (keepSources || message.sourceId() == sourceId || lastTimestamp == 0) {
            lastTimestamp = Math.max(lastTimestamp, message.timestamp());
        }
    }

    /** Time of the newest message, as it was stamped, ns since the Unix epoch; 0 before the first. */
    long newestNs() {
        return lastTimestamp;
    }

    /**
     * Brings the summary up to date once a second and the index every ten; cheap otherwise. To be called now and then.
     *
     * @throws IOException if they cannot be written.
     */
    public void keepUp() throws IOException {
        final long now = System.nanoTime();
        if (now - nextSummary >= 0) {
            nextSummary = now + SUMMARY_INTERVAL_NS;
            index.catchUp();
            session.write(summary.info(false, session.bytes()));
        }
        if (now - nextIndex >= 0) {
            nextIndex = now + INDEX_INTERVAL_NS;
            index.save();
        }
    }

    /**
     * Where the session is.
     *
     * @return its directory.
     */
    public SessionDirectory session() {
        return session;
    }

    /**
     * What has been written so far.
     *
     * @return the summary; bytes on disk are not counted.
     */
    public SessionInfo info() {
        return summary.info(closed, 0);
    }

    /**
     * Frames written so far.
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
     * Ends the session, gives back the room that was reserved for more, and marks it as finished.
     *
     * @return its summary.
     * @throws IOException if its summary cannot be written.
     */
    public SessionInfo finish() throws IOException {
        index.catchUp();
        index.save();
        close();
        StoreTrimmer.trim(session.path());
        final SessionInfo info = summary.info(true, session.bytes());
        session.write(info);
        return info;
    }

    /**
     * Releases the session as it is, unfinished unless {@link #finish} was called. May be called again.
     *
     * @throws IOException if a file cannot be closed.
     */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            otherQueues.values().forEach(MessageQueue::close);
            publisher.close();
            queue.close();
            index.close();
        }
    }
}
