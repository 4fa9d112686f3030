package io.slipstream.telemetry.session;

import static io.slipstream.telemetry.session.SessionIndexDescriptor.CHECKED_FROM;
import static io.slipstream.telemetry.session.SessionIndexDescriptor.CHECKSUM_OFFSET;
import static io.slipstream.telemetry.session.SessionIndexDescriptor.MAGIC;
import static io.slipstream.telemetry.session.SessionIndexDescriptor.MAGIC_OFFSET;

import io.slipstream.queue.Message;
import io.slipstream.queue.store.StoreReader;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Where a session's keyframes, laps and markers are, so that it opens and seeks at once however long it is. It grows with the
 * session: {@link #catchUp} takes in what was written since. The recorder keeps it in {@code session.index}; one that is missing,
 * damaged, or does not agree with the session's files is made anew. Single-threaded.
 */
public final class SessionIndex implements AutoCloseable {
    private static final int SEED_SEGMENTS = 30;
    private static final int MOST_FILES = 100_000;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LABEL = 1024;

    private final Path directory;
    private final StoreReader store;
    private final KeyframeDecoder keyframe = new KeyframeDecoder();
    private final DeltaDecoder delta = new DeltaDecoder();
    private final LapCompletedDecoder lapCompleted = new LapCompletedDecoder();
    private final MarkerDecoder marker = new MarkerDecoder();
    private final SessionStartedDecoder sessionStarted = new SessionStartedDecoder();
    private final SegmentChecksum checksum = new SegmentChecksum();

    private Segments segments = new Segments();
    private LapLines lines = new LapLines();
    private List<SessionInfo.Marker> markers = new ArrayList<>();
    private RecentFrames recent = new RecentFrames();
    private boolean seeded = true;
    private long frames;
    private long firstNs;
    private long lastNs;
    private long end;
    private long damagedBytes;
    private long damagedPlaces;
    private List<String> missingFiles = List.of();

    private SessionIndex(Path directory, StoreReader store) {
        this.directory = directory;
        this.store = store;
    }

    /**
     * Opens the index of a session: as it was saved, if it agrees with the session, else empty; {@link #catchUp} does the rest.
     *
     * @param session whose messages to index.
     * @return the index.
     * @throws IOException if the session cannot be read.
     */
    public static SessionIndex open(SessionDirectory session) throws IOException {
        return open(session, true);
    }

    /**
     * Opens the index of a session as it was saved, whether or not it agrees with the session now: to find out where it does not.
     *
     * @param session whose messages were indexed.
     * @return the index; empty if there is none, or it is damaged or of other files.
     * @throws IOException if the session cannot be read.
     */
    public static SessionIndex saved(SessionDirectory session) throws IOException {
        return open(session, false);
    }

    private static SessionIndex open(SessionDirectory session, boolean onlyIfItAgrees) throws IOException {
        final SessionIndex index = empty(session);
        try {
            if (!index.load() || (onlyIfItAgrees && !index.agrees())) {
                index.clear();
            }
            return index;
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /**
     * Begins an index anew, whatever was saved.
     *
     * @param session whose messages to index.
     * @return an index of nothing yet.
     * @throws IOException if the session cannot be read.
     */
    public static SessionIndex empty(SessionDirectory session) throws IOException {
        return new SessionIndex(session.path(), StoreReader.open(session.path()));
    }

    private void clear() {
        segments = new Segments();
        lines = new LapLines();
        markers = new ArrayList<>();
        recent = new RecentFrames();
        seeded = true;
        frames = 0;
        firstNs = 0;
        lastNs = 0;
        end = 0;
        damagedBytes = 0;
        damagedPlaces = 0;
        store.toStart();
    }

    /**
     * Takes in what was written since.
     *
     * @return messages taken in.
     * @throws IOException if the session cannot be read.
     */
    public long catchUp() throws IOException {
        store.toPlace(end);
        long count = 0;
        while (true) {
            switch (store.next()) {
                case StoreReader.MESSAGE -> {
                    if (!seeded) {
                        seed();
                    } else {
                        onMessage(store.message());
                        end = store.place();
                        count++;
                    }
                }
                case StoreReader.DAMAGED -> {
                    damagedPlaces++;
                    damagedBytes += store.skipDamage();
                    end = store.place();
                }
                default -> {
                    return count;
                }
            }
        }
    }

    /** An index that was saved does not hold the last frames' numbers, which the next events may name. */
    private void seed() throws IOException {
        seeded = true;
        final int from = Math.max(0, segments.count() - SEED_SEGMENTS);
        if (segments.count() > 0 && store.toPlace(segments.place(from))) {
            long ordinal = segments.frame(from);
            while (store.place() < end && store.next() == StoreReader.MESSAGE) {
                final Message message = store.message();
                if (isFrame(message)) {
                    recent.add(frameNumber(message), message.timestamp(), ordinal++);
                }
            }
        }
        store.toPlace(end);
    }

    private void onMessage(Message message) {
        if (message.schemaId() == SessionSummary.SCHEMA_ID) {
            if (isFrame(message)) {
                onFrame(message);
            } else {
                onEvent(message);
            }
        }
        if (segments.count() > 0) {
            segments.onMessage(checksum.next(segments.checksum(segments.count() - 1), message));
        }
    }

    private static boolean isFrame(Message message) {
        return message.schemaId() == SessionSummary.SCHEMA_ID
                && switch (message.templateId()) {
                    case KeyframeDecoder.TEMPLATE_ID -> message.blockLength() >= KeyframeDecoder.BLOCK_LENGTH;
                    case DeltaDecoder.TEMPLATE_ID -> message.blockLength() >= DeltaDecoder.BLOCK_LENGTH;
                    default -> false;
                };
    }

    private long frameNumber(Message frame) {
        return frame.templateId() == KeyframeDecoder.TEMPLATE_ID
                ? keyframe.wrap(frame.buffer(), frame.offset(), frame.blockLength(), frame.version())
                        .frameNumber()
                : delta.wrap(frame.buffer(), frame.offset(), frame.blockLength(), frame.version())
                        .frameNumber();
    }

    private void onFrame(Message frame) {
        final long timestamp = frame.timestamp();
        if (frames == 0) {
            firstNs = timestamp;
        }
        lastNs = Math.max(lastNs, timestamp);
        recent.add(frameNumber(frame), timestamp, frames);
        if (frame.templateId() == KeyframeDecoder.TEMPLATE_ID
                && (segments.count() == 0 || timestamp >= segments.timestamp(segments.count() - 1))) {
            segments.add(timestamp, frame.position(), frames);
        }
        frames++;
    }

    private void onEvent(Message event) {
        try {
            switch (event.templateId()) {
                case LapCompletedDecoder.TEMPLATE_ID -> {
                    lapCompleted.wrap(event.buffer(), event.offset(), event.blockLength(), event.version());
                    final long number = lapCompleted.frameNumber();
                    lines.onLap(lapCompleted, timestamp(number, event), ordinal(number));
                }
                case SessionStartedDecoder.TEMPLATE_ID -> {
                    sessionStarted.wrap(event.buffer(), event.offset(), event.blockLength(), event.version());
                    final long number = sessionStarted.frameNumber();
                    lines.onSessionStarted(timestamp(number, event), ordinal(number));
                }
                case MarkerDecoder.TEMPLATE_ID -> {
                    marker.wrap(event.buffer(), event.offset(), event.blockLength(), event.version());
                    markers.add(new SessionInfo.Marker(marker.label(), event.timestamp()));
                }
                default -> {
                    // The other events are in the session for those who want them.
                }
            }
        } catch (IndexOutOfBoundsException e) {
            // Too short for what it says that it is: damage that the segment's checksum tells of.
            damagedPlaces++;
        }
    }

    private long timestamp(long frameNumber, Message event) {
        return recent.has(frameNumber) ? recent.timestamp(frameNumber) : event.timestamp();
    }

    private long ordinal(long frameNumber) {
        return recent.has(frameNumber) ? recent.ordinal(frameNumber) : frames;
    }

    /** Reads what was saved; false if there is nothing, or nothing to rely on. */
    private boolean load() throws IOException {
        final Path file = directory.resolve(SessionIndexDescriptor.FILE);
        final byte[] bytes;
        try {
            if (Files.size(file) > SessionIndexDescriptor.LONGEST) {
                return false;
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return false;
        }
        final ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < CHECKED_FROM
                || from.getLong(MAGIC_OFFSET) != MAGIC
                || from.getLong(CHECKSUM_OFFSET) != crc32c(bytes)) {
            return false;
        }
        return decode(from.position(CHECKED_FROM));
    }

    private static long crc32c(byte[] bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, CHECKED_FROM, bytes.length - CHECKED_FROM);
        return crc.getValue();
    }

    /** The checksum held; what it covers may still be another program's. */
    private boolean decode(ByteBuffer from) {
        try {
            frames = from.getLong();
            firstNs = from.getLong();
            lastNs = from.getLong();
            end = from.getLong();
            damagedBytes = from.getLong();
            damagedPlaces = from.getLong();
            final List<String> names = new ArrayList<>();
            for (int i = count(from, Long.BYTES, MOST_FILES); i > 0; i--) {
                names.add(text(from, LONGEST_NAME));
            }
            final List<String> files =
                    store.files().stream().map(p -> p.getFileName().toString()).toList();
            missingFiles = names.stream().filter(name -> !files.contains(name)).toList();
            if (files.size() < names.size() || !files.subList(0, names.size()).equals(names)) {
                return false;
            }
            segments.decode(from, count(from, SessionIndexDescriptor.KEYFRAME_LENGTH, Integer.MAX_VALUE));
            lines.decode(from, count(from, SessionIndexDescriptor.LINE_LENGTH, Integer.MAX_VALUE));
            for (int i = count(from, 2 * Long.BYTES, Integer.MAX_VALUE); i > 0; i--) {
                final long timestamp = from.getLong();
                markers.add(new SessionInfo.Marker(text(from, LONGEST_LABEL), timestamp));
            }
            return !from.hasRemaining();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return false;
        }
    }

    private static int count(ByteBuffer from, int each, int most) {
        final long count = from.getLong();
        if (count < 0 || count > most || count > from.remaining() / each) {
            throw new IllegalArgumentException("count " + count);
        }
        return (int) count;
    }

    private static String text(ByteBuffer from, int longest) {
        final int length = count(from, 1, longest);
        final byte[] bytes = new byte[length];
        from.get(bytes);
        from.position(from.position() + padding(length));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int padding(int length) {
        return -length & (Long.BYTES - 1);
    }

    /** Are the first and the last keyframe where it says, and does the session reach as far? */
    private boolean agrees() throws IOException {
        seeded = false;
        final int count = segments.count();
        return (count == 0 || (isKeyframeAt(0) && isKeyframeAt(count - 1))) && store.toPlace(end);
    }

    /**
     * Looks whether a segment begins where this says: the files may have changed since it was made.
     *
     * @param segment from 0.
     * @return true if that keyframe is there.
     * @throws IOException if the session cannot be read.
     */
    boolean isKeyframeAt(int segment) throws IOException {
        return store.toPlace(segments.place(segment))
                && store.next() == StoreReader.MESSAGE
                && begins(segment, store.message());
    }

    /**
     * Tells whether a message is the keyframe that begins a segment.
     *
     * @param segment from 0.
     * @param message to look at.
     * @return true if it is.
     */
    public boolean begins(int segment, Message message) {
        return message.position() == segments.place(segment)
                && message.templateId() == KeyframeDecoder.TEMPLATE_ID
                && message.schemaId() == SessionSummary.SCHEMA_ID
                && message.timestamp() == segments.timestamp(segment);
    }

    /**
     * Keeps the index with the session: whole or not at all.
     *
     * @throws IOException if it cannot be written.
     */
    public void save() throws IOException {
        final Path file = directory.resolve(SessionIndexDescriptor.FILE);
        // Two readers of a session may make its index at the same time.
        final Path temporary = Files.createTempFile(directory, "." + SessionIndexDescriptor.FILE + "-", ".tmp");
        try {
            Files.write(temporary, encode());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private byte[] encode() {
        final List<byte[]> names = store.files().stream()
                .map(p -> p.getFileName().toString().getBytes(StandardCharsets.UTF_8))
                .toList();
        final List<byte[]> labels = markers.stream()
                .map(m -> m.label().getBytes(StandardCharsets.UTF_8))
                .toList();
        final ByteBuffer into = ByteBuffer.allocate(CHECKED_FROM
                        + 8 * Long.BYTES
                        + segments.encodedLength()
                        + lines.encodedLength()
                        + length(names)
                        + length(labels)
                        + labels.size() * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        into.putLong(MAGIC).putLong(0);
        into.putLong(frames).putLong(firstNs).putLong(lastNs).putLong(end);
        into.putLong(damagedBytes).putLong(damagedPlaces).putLong(names.size());
        names.forEach(name -> putText(into, name));
        segments.encode(into);
        lines.encode(into);
        into.putLong(markers.size());
        for (int i = 0; i < markers.size(); i++) {
            into.putLong(markers.get(i).timestampNs());
            putText(into, labels.get(i));
        }
        into.putLong(CHECKSUM_OFFSET, crc32c(into.array()));
        return into.array();
    }

    private static int length(List<byte[]> texts) {
        return texts.stream()
                .mapToInt(t -> Long.BYTES + t.length + padding(t.length))
                .sum();
    }

    private static void putText(ByteBuffer into, byte[] text) {
        into.putLong(text.length).put(text);
        into.position(into.position() + padding(text.length));
    }

    /**
     * Frames in the session.
     *
     * @return count, damaged ones included.
     */
    public long frames() {
        return frames;
    }

    /**
     * When the first frame was captured.
     *
     * @return ns since the Unix epoch; 0 if there is none.
     */
    public long startNs() {
        return firstNs;
    }

    /**
     * When the last frame was captured.
     *
     * @return ns since the Unix epoch; 0 if there is none.
     */
    public long endNs() {
        return lastNs;
    }

    /**
     * The session in laps.
     *
     * @return in order; together they cover every frame.
     */
    public List<LapSpan> laps() {
        return lines.spans(firstNs, lastNs, frames);
    }

    /**
     * What people marked.
     *
     * @return in order.
     */
    public List<SessionInfo.Marker> markers() {
        return List.copyOf(markers);
    }

    /**
     * Segments of the session: each a keyframe, and what follows up to the next.
     *
     * @return count.
     */
    public int segments() {
        return segments.count();
    }

    /**
     * Where a segment begins.
     *
     * @param segment from 0.
     * @return a place for {@link StoreReader#toPlace}.
     */
    public long place(int segment) {
        return segments.place(segment);
    }

    /**
     * The first frame of a segment.
     *
     * @param segment from 0.
     * @return its ordinal in the session, from 0.
     */
    public long frame(int segment) {
        return segments.frame(segment);
    }

    /**
     * Messages of a segment.
     *
     * @param segment from 0.
     * @return count, as far as it is covered.
     */
    public long messages(int segment) {
        return segments.messages(segment);
    }

    /**
     * Checksum of a segment's messages; see {@link SegmentChecksum}.
     *
     * @param segment from 0.
     * @return CRC32C, as far as it is covered.
     */
    public long checksum(int segment) {
        return segments.checksum(segment);
    }

    /**
     * The last segment that begins before a time.
     *
     * @param timestampNs ns since the Unix epoch.
     * @return from 0; -1 if none does.
     */
    public int segmentBefore(long timestampNs) {
        return segments.before(timestampNs);
    }

    /**
     * The segment that a frame is in.
     *
     * @param frame its ordinal in the session.
     * @return from 0; -1 if it is before the first keyframe.
     */
    public int segmentOf(long frame) {
        return segments.of(frame);
    }

    /**
     * Bytes that were passed over because no message is there.
     *
     * @return count.
     */
    public long damagedBytes() {
        return damagedBytes;
    }

    /**
     * Places where the session is damaged so that messages are lost.
     *
     * @return count.
     */
    public long damagedPlaces() {
        return damagedPlaces;
    }

    /**
     * Data files that were there when the index was saved, and are not now.
     *
     * @return their names.
     */
    public List<String> missingFiles() {
        return missingFiles;
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
