package io.slipstream.replay.imports;

import io.slipstream.queue.MessageQueue;
import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.NewSession;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.LapCompletedEncoder;
import io.slipstream.telemetry.schema.MessageHeaderEncoder;
import io.slipstream.telemetry.schema.SessionStartedEncoder;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes a log as a session: a frame a row, with the row's own time, and the laps that the log says were completed. Streams;
 * memory stays flat however long the log. Single-threaded.
 */
public final class SessionImport implements AutoCloseable {
    /** Kinds of files. */
    public enum Kind {
        /** {@code .ld}, with the {@code .ldx} beside it. */
        MOTEC,
        /** Comma-separated values. */
        CSV
    }

    private static final int LOOK_EVERY = 1_024;
    private static final int LONGEST_TEXT = 300;

    private final Path file;
    private final LogSource source;
    private final ImportedFormat format;
    private final BufferMessage message = new BufferMessage();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExpandableArrayBuffer event = new ExpandableArrayBuffer(2_048);

    private SessionImport(Path file, LogSource source) throws ImportException {
        this.file = file;
        this.source = source;
        this.format = ImportedFormat.of(String.valueOf(file.getFileName()), source.channels(), source.ours());
    }

    /**
     * Opens a file and checks all of it; nothing is written.
     *
     * @param file to import.
     * @param kind of file.
     * @param time for CSV: the column that holds the time, {@code NAME} or {@code NAME:UNIT}; null to look for it.
     * @return what is ready to be written.
     * @throws ImportException if the file cannot be imported.
     * @throws IOException if it cannot be read, or is damaged.
     */
    public static SessionImport open(Path file, Kind kind, String time) throws IOException {
        final LogSource source = switch (kind) {
            case MOTEC -> MotecSource.open(file);
            case CSV -> CsvSource.open(file, time);
        };
        try {
            return new SessionImport(file, source);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /**
     * Writes the session.
     *
     * @param into the directory of sessions.
     * @param name the session's own name; empty for none.
     * @param progress is told the rows so far now and then.
     * @param stop says that nobody wants the session any more.
     * @return the session's directory; empty if it was stopped, when nothing is left.
     * @throws IOException if it cannot be written, or the file cannot be read any more.
     */
    public Optional<Path> write(Path into, String name, LongConsumer progress, BooleanSupplier stop)
            throws IOException {
        final String fileName = String.valueOf(file.getFileName());
        final LogDetails details = source.details();
        final Map<String, String> metadata = new LinkedHashMap<>(details.metadata());
        metadata.put("imported_from", fileName);
        try (NewSession session = NewSession.create(new Destination.Among(into))) {
            new SessionDirectory(session.directory()).writeFormat(format.text());
            final SessionWriter writer = session.begin(new MessageQueue.Context().sourceId(), name, metadata);
            return writeAll(writer, details, "import:" + cut(fileName), progress, stop)
                    ? Optional.of(session.publish())
                    : Optional.empty();
        }
    }

    private boolean writeAll(
            SessionWriter writer, LogDetails details, String origin, LongConsumer progress, BooleanSupplier stop)
            throws IOException {
        final FrameMessages frames = new FrameMessages(
                ImportedFormat.NAME,
                origin,
                details.synthetic(),
                Consistency.NONE,
                format.length(),
                new KeyframeRule());
        final UnsafeBuffer block = new UnsafeBuffer(new byte[format.length()]);
        final List<LogLap> laps = source.laps();
        int lap = 0;
        long row = 0;
        while (source.next()) {
            final long timestamp = timestamp(details, source.timeNs());
            final long sequence = 2 * (row + 1);
            format.write(block, sequence, source::value);
            final int length = frames.encode(
                    block, format.length(), ImportedFormat.VERSION, sequence & 0xFFFF_FFFFL, 0, 0, 0, timestamp);
            writer.write(message.wrap(frames.buffer(), length, timestamp));
            if (row == 0) {
                started(writer, details, timestamp);
            }
            for (; lap < laps.size() && laps.get(lap).endNs() <= source.timeNs(); lap++) {
                completed(writer, laps.get(lap), row, timestamp);
            }
            row++;
            if (row % LOOK_EVERY == 0) {
                progress.accept(row);
                writer.keepUp();
                if (stop.getAsBoolean()) {
                    return false;
                }
            }
        }
        // The line behind the last lap may come right after the last row.
        for (; lap < laps.size(); lap++) {
            completed(
                    writer, laps.get(lap), row, timestamp(details, laps.get(lap).endNs()));
        }
        return true;
    }

    private long timestamp(LogDetails details, long timeNs) throws ImportException {
        try {
            return Math.addExact(details.startNs(), timeNs);
        } catch (ArithmeticException e) {
            throw new ImportException(file + ": a time of " + timeNs / 1e9 + " s after its start is later than any", e);
        }
    }

    private void started(SessionWriter writer, LogDetails details, long timestamp) {
        final SessionStartedEncoder started = new SessionStartedEncoder();
        final byte[] car = utf8(details.car());
        final byte[] carClass = utf8(details.carClass());
        final byte[] track = utf8(details.track());
        started.wrapAndApplyHeader(event, 0, header)
                .frameNumber(0)
                .lapLength(Float.NaN)
                .lapsInEvent(SessionStartedEncoder.lapsInEventNullValue())
                .sessionState(SessionStartedEncoder.sessionStateNullValue())
                .putCar(car, 0, car.length)
                .putCarClass(carClass, 0, carClass.length)
                .putTrack(track, 0, track.length)
                .putVariation(new byte[0], 0, 0);
        writer.write(message.wrap(event, started.limit(), timestamp));
    }

    private void completed(SessionWriter writer, LogLap lap, long row, long timestamp) {
        final LapCompletedEncoder completed = new LapCompletedEncoder();
        completed
                .wrapAndApplyHeader(event, 0, header)
                .frameNumber(row)
                .lap(lap.lap())
                .time(lap.time())
                .sector1(Float.NaN)
                .sector2(Float.NaN)
                .sector3(Float.NaN)
                .invalidated((short) 0)
                .whole((short) (Double.isNaN(lap.time()) ? 0 : 1));
        writer.write(message.wrap(event, completed.limit(), timestamp));
    }

    private static byte[] utf8(String text) {
        return cut(text).getBytes(StandardCharsets.UTF_8);
    }

    /** So that a text fits a message whatever its letters. */
    private static String cut(String text) {
        return text.substring(0, Math.min(LONGEST_TEXT, text.length()));
    }

    /**
     * How many rows the log has.
     *
     * @return count.
     */
    public long rows() {
        return source.rows();
    }

    /**
     * What the session does not have of the file, and what had to be assumed, for people.
     *
     * @return a line each.
     */
    public List<String> remarks() {
        final List<String> remarks = new ArrayList<>(source.remarks());
        remarks.addAll(format.remarks());
        return remarks;
    }

    /**
     * Is something of the file lost?
     *
     * @return true if a row or a column is left out.
     */
    public boolean lossy() {
        return source.lossy();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
