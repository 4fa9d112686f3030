package io.slipstream.replay.session;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
     * What a block of this session holds.
     *
     * @return the session's own format where it brings one, else the game's.
     * @throws FormatException if the session names a format that neither it nor Slipstream has.
     */
    public BlockFormat format() {
        return GameFormats.load(info.format());
    }

    /**
     * When the first frame was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long startNs() {
        return info.startedNs();
    }

    /**
     * When the last frame was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long endNs() {
        return info.startedNs() + Math.round(info.durationSeconds() * 1e9);
    }

    /**
     * Frames in the session, damaged ones counted.
     *
     * @return count.
     */
    public long frameCount() {
        return info.frames();
    }

    /**
     * The session in laps, that being driven at its end included: together they cover every frame.
     *
     * @return in order of time; empty if there is no frame.
     */
    public List<LapSpan> laps() {
        final List<LapSpan> spans = new ArrayList<>();
        long start = startNs();
        for (SessionInfo.Lap lap : info.laps()) {
            spans.add(new LapSpan(
                    lap.lap(),
                    lap.time() == null ? Double.NaN : lap.time(),
                    true,
                    lap.whole(),
                    lap.valid(),
                    start,
                    lap.endedNs(),
                    0,
                    0));
            start = lap.endedNs();
        }
        if (info.frames() > 0) {
            final long last = spans.isEmpty() ? 1 : spans.getLast().lap() + 1;
            spans.add(new LapSpan(last, Double.NaN, false, false, true, start, endNs() + 1, 0, info.frames()));
        }
        return spans;
    }

    /**
     * What people marked while it was recorded.
     *
     * @return in order of time.
     */
    public List<SessionInfo.Marker> markers() {
        return info.markers();
    }

    /**
     * Starts to read all messages, frames and events, from the first.
     *
     * @return a cursor before the first message.
     */
    public MessageCursor messages() {
        return new MessageCursor(queue.subscriber());
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
