package io.slipstream.replay.session;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.Message;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open session. One that is being recorded is not written to by reading it; of a finished one an index that is missing, or is of
 * other files, is made anew. Cursors belong to the thread that made them; close them first.
 */
public final class SessionReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionReader.class);

    private final SessionDirectory directory;
    private final SessionIndex index;
    private SessionInfo info;
    private BlockFormat format;
    private List<LapSpan> laps;

    private SessionReader(SessionDirectory directory, SessionIndex index) {
        this.directory = directory;
        this.index = index;
    }

    /**
     * Opens a session.
     *
     * @param path of the session.
     * @return the session.
     * @throws IOException if it is not a session, or cannot be read.
     */
    public static SessionReader open(Path path) throws IOException {
        if (!SessionDirectory.isSession(path)) {
            // Says what is missing.
            new SessionDirectory(path).read();
        }
        final SessionDirectory directory = new SessionDirectory(path);
        final SessionIndex index = SessionIndex.open(directory);
        try {
            final boolean fresh = index.frames() == 0;
            index.catchUp();
            final SessionReader reader = new SessionReader(directory, index);
            if (fresh
                    && index.frames() > 0
                    && Files.isWritable(path)
                    && reader.info().finished()) {
                keep(index);
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /** The session is read without it just as well, only slower. */
    private static void keep(SessionIndex index) {
        try {
            index.save();
        } catch (IOException e) {
            LOG.warn("the session's index could not be kept, and is made again the next time: {}", e.toString());
        }
    }

    private SessionSummary scan() throws IOException {
        final SessionSummary summary = new SessionSummary();
        directory.ownFormat().ifPresent(summary::useFormat);
        try (MessageCursor all = messages()) {
            for (Message message = all.next(); message != null; message = all.next()) {
                if (MessageCheck.isSound(message)) {
                    summary.onMessage(message);
                }
            }
        }
        return summary;
    }

    /**
     * The session's summary: of a finished session as the recorder wrote it, of an unfinished one made anew from its messages when it is first asked for.
     *
     * @return the summary.
     * @throws UncheckedIOException if it cannot be read.
     */
    public SessionInfo info() {
        if (info == null) {
            try {
                final SessionInfo written = directory.read();
                info = written.finished() ? written : described(written).info(false, directory.bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return info;
    }

    private SessionSummary described(SessionInfo written) throws IOException {
        final SessionSummary summary = scan();
        summary.describe(written.name(), written.metadata());
        return summary;
    }

    /**
     * Takes in what was recorded since, of a session that is being recorded.
     *
     * @throws IOException if it cannot be read.
     */
    public void refresh() throws IOException {
        if (index.catchUp() > 0) {
            info = null;
            laps = null;
        }
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
     * Where its keyframes are.
     *
     * @return the index, up to date as of the opening or {@link #refresh}.
     */
    public SessionIndex index() {
        return index;
    }

    /**
     * What a block of this session holds.
     *
     * @return the session's own format where it brings one, else the game's.
     * @throws FormatException if the session names a format that neither it nor Slipstream has.
     */
    public BlockFormat format() {
        if (format == null) {
            try {
                format = directory.ownFormat().orElseGet(() -> GameFormats.load(info().format()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return format;
    }

    /**
     * When the first frame was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long startNs() {
        return index.startNs();
    }

    /**
     * When the last frame was captured.
     *
     * @return ns since the Unix epoch.
     */
    public long endNs() {
        return index.endNs();
    }

    /**
     * Frames in the session, damaged ones counted.
     *
     * @return count.
     */
    public long frameCount() {
        return index.frames();
    }

    /**
     * The session in laps, that being driven at its end included: together they cover every frame. Where a lap that was seen from
     * line to line began later than the session, what is before it is a span of its own, of the lap before.
     *
     * @return in order of time; empty if there is no frame.
     */
    public List<LapSpan> laps() {
        if (laps == null) {
            laps = FirstLaps.fromTheirLine(index.laps(), this);
        }
        return laps;
    }

    /**
     * What people marked while it was recorded.
     *
     * @return in order of time.
     */
    public List<SessionInfo.Marker> markers() {
        return index.markers();
    }

    /**
     * Starts to read all messages, frames and events, from the first.
     *
     * @return a cursor before the first message.
     */
    public MessageCursor messages() {
        return MessageCursor.open(directory.path());
    }

    /**
     * Starts to read all messages from a keyframe on that is before a time.
     *
     * @param timestampNs ns since the Unix epoch.
     * @return a cursor before the last keyframe that was captured before it; before the first message, if there is none.
     */
    public MessageCursor messagesBefore(long timestampNs) {
        final MessageCursor cursor = messages();
        for (int segment = index.segmentBefore(timestampNs); segment > 0; segment--) {
            if (cursor.toPlace(index.place(segment))) {
                final Message first = cursor.next();
                if (first != null && index.begins(segment, first) && cursor.toPlace(index.place(segment))) {
                    return cursor;
                }
            }
        }
        return cursor.toStart();
    }

    /**
     * Starts to read frames, from the first.
     *
     * @return a cursor before the first frame.
     */
    public FrameCursor frames() {
        return new FrameCursor(messages(), index);
    }

    /**
     * Closes the session.
     *
     * @throws UncheckedIOException if a file cannot be closed.
     */
    @Override
    public void close() {
        try {
            index.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
