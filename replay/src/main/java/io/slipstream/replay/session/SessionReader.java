package io.slipstream.replay.session;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionSummary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An open session. Reading never writes to it, so that it may be recorded at the same time. Cursors belong to the thread that
 * made them; close the reader last.
 */
public final class SessionReader implements AutoCloseable {
    private static final int POLL_LIMIT = 1024;

    private final SessionDirectory directory;
    private final MessageQueue queue;
    private final SessionInfo info;

    private SessionReader(SessionDirectory directory, MessageQueue queue, SessionInfo info) {
        this.directory = directory;
        this.queue = queue;
        this.info = info;
    }

    /**
     * Opens a session. The summary of a finished one is read; that of an unfinished one is made anew from its messages.
     *
     * @param path of the session.
     * @return the session.
     * @throws IOException if it is not a session, or cannot be read.
     */
    public static SessionReader open(Path path) throws IOException {
        final SessionDirectory directory = new SessionDirectory(path);
        final SessionInfo written = directory.read();
        final MessageQueue queue = directory.openQueue();
        try {
            return new SessionReader(
                    directory, queue, written.finished() ? written : scan(queue).info(false, directory.bytes()));
        } catch (IOException | RuntimeException e) {
            queue.close();
            throw e;
        }
    }

    private static SessionSummary scan(MessageQueue queue) {
        final SessionSummary summary = new SessionSummary();
        try (Subscriber subscriber = queue.subscriber()) {
            while (subscriber.poll(summary::onMessage, POLL_LIMIT) > 0) {
                // To the end.
            }
        }
        return summary;
    }

    /**
     * The session's summary.
     *
     * @return as written by the recorder, or as found.
     */
    public SessionInfo info() {
        return info;
    }

    /**
     * Where the session is.
     *
     * @return its directory.
     */
    public Path path() {
        return directory.path();
    }

    /**
     * Starts to read frames, from the first.
     *
     * @return a cursor before the first frame.
     */
    public FrameCursor frames() {
        return new FrameCursor(queue.subscriber());
    }

    @Override
    public void close() {
        queue.close();
    }
}
