package io.slipstream.replay.verify;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.SchemaStore;
import io.slipstream.queue.store.StoreReader;
import io.slipstream.replay.session.MessageCheck;
import io.slipstream.replay.session.SegmentCheck;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionSummary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** Reads a whole session and looks for whatever is wrong with it. Used by one thread, once; it has others help. */
public final class SessionVerifier {
    private static final int PROGRESS_MASK = 0xFFF;

    private final Path session;
    private final SessionSummary summary = new SessionSummary();
    private final Set<Integer> schemas = new HashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private long problems;
    private long bytes;
    private long messages;
    private long frames;
    private long damagedFrames;
    private long lastTimestamp;

    private SessionVerifier(Path session) {
        this.session = session;
    }

    /**
     * Verifies a session.
     *
     * @param session its directory.
     * @param progress told now and then how many bytes have been read.
     * @param stop asked now and then whether to give up.
     * @return what was found; null if it was stopped.
     * @throws IOException if there is no session, or it cannot be read.
     */
    public static Verification verify(Path session, LongConsumer progress, BooleanSupplier stop) throws IOException {
        return new SessionVerifier(session).run(progress, stop);
    }

    private Verification run(LongConsumer progress, BooleanSupplier stop) throws IOException {
        final SessionInfo written = readSummary();
        readFormat(written);
        try (StoreReader store = StoreReader.open(session);
                SessionIndex index = SessionIndex.saved(new SessionDirectory(session))) {
            if (store.files().isEmpty()) {
                throw new IOException(session + " is not a session: it has no data file (.cq4)");
            }
            final SegmentCheck segments = checkIndex(index);
            if (!check(store, index, segments, progress, stop)) {
                return null;
            }
            checkFiles();
            checkSummary(written);
            final boolean finished = written != null && written.finished();
            if (!finished) {
                remarks.add("the recording did not come to its end: the recorder was killed, or still runs");
            }
            return new Verification(
                    session,
                    finished,
                    bytes,
                    messages,
                    frames,
                    damagedFrames,
                    summary.info(true, 0).lost(),
                    segments.agreeing(),
                    problems,
                    findings,
                    remarks);
        }
    }

    private SessionInfo readSummary() throws IOException {
        if (!Files.isDirectory(session)) {
            throw new IOException(session + " is not a session: it is no directory");
        }
        try {
            return new SessionDirectory(session).read();
        } catch (IOException e) {
            found(Finding.Kind.FILE, session.resolve(SessionDirectory.SUMMARY), -1, e.getMessage());
            return null;
        }
    }

    /** Without its format nobody can say what the session's blocks hold. */
    private void readFormat(SessionInfo written) {
        final Path file = session.resolve(SessionDirectory.FORMAT);
        try {
            final Optional<BlockFormat> own = new SessionDirectory(session).ownFormat();
            own.ifPresent(summary::useFormat);
            if (own.isEmpty() && written != null && !written.format().isEmpty()) {
                GameFormats.load(written.format());
            }
        } catch (IOException | FormatException e) {
            found(Finding.Kind.FILE, file, -1, e.getMessage());
        }
    }

    private SegmentCheck checkIndex(SessionIndex index) {
        for (String missing : index.missingFiles()) {
            found(Finding.Kind.FILE, session.resolve(missing), -1, "it was recorded, and is not there");
        }
        if (index.segments() == 0) {
            remarks.add("there is no index that agrees with the session: only the frames' own checksums were checked");
        }
        return new SegmentCheck(index);
    }

    /** Frames take most of the time: all processors restore them, while this thread looks at all else. */
    private boolean check(
            StoreReader store, SessionIndex index, SegmentCheck segments, LongConsumer progress, BooleanSupplier stop)
            throws IOException {
        final int processors = Runtime.getRuntime().availableProcessors();
        final ExecutorService pool = Executors.newFixedThreadPool(processors, work -> {
            final Thread thread = new Thread(work, "verify");
            thread.setDaemon(true);
            return thread;
        });
        final AtomicBoolean given = new AtomicBoolean();
        try {
            final List<Future<FrameCheck>> checks = new ArrayList<>();
            final List<Long> places = stretches(store, index, processors);
            for (int i = 0; i < places.size(); i++) {
                final long to = i + 1 < places.size() ? places.get(i + 1) : Long.MAX_VALUE;
                checks.add(pool.submit(new FrameCheck(session, places.get(i), to, given::get)));
            }
            if (!walk(store.toStart(), segments, progress, stop)) {
                return false;
            }
            for (Future<FrameCheck> check : checks) {
                take(check);
            }
            return true;
        } finally {
            given.set(true);
            pool.shutdown();
        }
    }

    /** Where stretches of about the same number of frames begin: at keyframes that are there. */
    private static List<Long> stretches(StoreReader store, SessionIndex index, int wanted) throws IOException {
        final List<Long> places = new ArrayList<>(List.of(0L));
        for (int i = 1; i < wanted; i++) {
            final int segment = (int) ((long) index.segments() * i / wanted);
            if (segment > 0
                    && store.toPlace(index.place(segment))
                    && store.next() == StoreReader.MESSAGE
                    && index.begins(segment, store.message())
                    && index.place(segment) > places.getLast()) {
                places.add(index.place(segment));
            }
        }
        return places;
    }

    private void take(Future<FrameCheck> check) throws IOException {
        try {
            final FrameCheck checked = check.get();
            frames += checked.frames();
            damagedFrames += checked.damaged();
            problems += checked.problems() - checked.findings().size();
            checked.findings().forEach(this::found);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted: nothing is known of " + session);
        } catch (ExecutionException e) {
            throw new IOException(session + " cannot be read: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private boolean walk(StoreReader store, SegmentCheck segments, LongConsumer progress, BooleanSupplier stop)
            throws IOException {
        long foreign = store.foreign();
        while (true) {
            switch (store.next()) {
                case StoreReader.MESSAGE -> {
                    final Message message = store.message();
                    if (store.foreign() > foreign) {
                        foundForeign(store, store.foreign() - foreign);
                        foreign = store.foreign();
                    }
                    onMessage(store, message);
                    if (segments.onMessage(message)) {
                        foundSegment(store, segments);
                    }
                    if ((messages & PROGRESS_MASK) == 0) {
                        progress.accept(bytes);
                        if (stop.getAsBoolean()) {
                            return false;
                        }
                    }
                }
                case StoreReader.DAMAGED -> {
                    final String damage = store.damage();
                    final Path file = store.file();
                    final long offset = store.offset();
                    final long skipped = store.skipDamage();
                    found(Finding.Kind.STORE, file, offset, damage + "; " + skipped + " bytes are passed over");
                }
                default -> {
                    if (store.foreign() > foreign) {
                        foundForeign(store, store.foreign() - foreign);
                    }
                    if (segments.end()) {
                        foundSegment(store, segments);
                    }
                    return true;
                }
            }
        }
    }

    private void foundForeign(StoreReader store, long count) {
        found(
                Finding.Kind.FOREIGN,
                store.messageFile(),
                store.messageOffset(),
                "before this, " + count + (count == 1 ? " document is" : " documents are")
                        + " no message of a session");
    }

    private void foundSegment(StoreReader store, SegmentCheck segments) {
        found(
                Finding.Kind.CHECKSUM,
                store.messageFile(),
                store.messageOffset(),
                "before this, the stretch of keyframe " + segments.differing()
                        + " is not as it was recorded: a byte beside its frames has changed, or messages are missing");
    }

    private void onMessage(StoreReader store, Message message) {
        messages++;
        bytes += EnvelopeDescriptor.BODY_OFFSET + message.length();
        if (message.timestamp() < lastTimestamp) {
            found(
                    Finding.Kind.ORDER,
                    store.messageFile(),
                    store.messageOffset(),
                    "its time is " + text(message.timestamp()) + ", before that of the message before it, "
                            + text(lastTimestamp));
        }
        lastTimestamp = message.timestamp();
        if (message.schemaId() != SessionSummary.SCHEMA_ID) {
            return;
        }
        schemas.add(message.version());
        if (!MessageCheck.isSound(message)) {
            found(
                    Finding.Kind.MESSAGE,
                    store.messageFile(),
                    store.messageOffset(),
                    "a message of template " + message.templateId() + " that leads out of itself");
            return;
        }
        summary.onMessage(message);
    }

    private static String text(long timestampNs) {
        return Instant.ofEpochSecond(
                        Math.floorDiv(timestampNs, 1_000_000_000L), Math.floorMod(timestampNs, 1_000_000_000L))
                .toString();
    }

    /** What other readers of the queue need. */
    private void checkFiles() {
        final Path table = session.resolve(SessionDirectory.QUEUE_METADATA);
        if (!Files.isRegularFile(table)) {
            found(Finding.Kind.FILE, table, -1, "it is missing: readers of queues cannot open the session");
        }
        final SchemaStore store = new SchemaStore(session);
        for (int version : schemas) {
            if (!store.has(SessionSummary.SCHEMA_ID, version)) {
                found(
                        Finding.Kind.FILE,
                        session.resolve("schema"),
                        -1,
                        "the schema " + SessionSummary.SCHEMA_ID + "-" + version
                                + " of its messages is missing: they cannot be printed");
            }
        }
    }

    private void checkSummary(SessionInfo written) {
        final SessionInfo now = summary.info(true, 0);
        if (now.lost() > 0 && (written == null || written.lost() != now.lost())) {
            found(Finding.Kind.ORDER, session, -1, now.lost() + " frames are missing between those that are there");
        }
        if (written == null || !written.finished()) {
            return;
        }
        compare("frames", written.frames(), now.frames());
        compare("keyframes", written.keyframes(), now.keyframes());
        compare("laps", written.laps().size(), now.laps().size());
        compare("startedNs", written.startedNs(), now.startedNs());
        compare("blockBytes", written.blockBytes(), now.blockBytes());
    }

    private void compare(String field, long written, long now) {
        if (written != now) {
            found(
                    Finding.Kind.SUMMARY,
                    session.resolve(SessionDirectory.SUMMARY),
                    -1,
                    field + " is " + written + ", and the messages say " + now);
        }
    }

    private void found(Finding.Kind kind, Path file, long offset, String detail) {
        found(new Finding(kind, file, offset, detail));
    }

    private void found(Finding finding) {
        problems++;
        if (findings.size() < Verification.MOST_FINDINGS) {
            findings.add(finding);
        }
    }
}
