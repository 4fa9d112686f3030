package io.slipstream.replay.pack;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;

import com.github.luben.zstd.Zstd;
import io.slipstream.queue.Message;
import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.edit.EditStoppedException;
import io.slipstream.replay.session.KnownSchemas;
import io.slipstream.replay.session.MessageCheck;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Packs a session into one file. Every message goes in as it is, a frame that cannot be restored too: it may be of use to somebody.
 * Compresses on threads of its own; else single-threaded.
 */
public final class SessionPacker {
    /** How hard zstd tries where nobody says. */
    public static final int DEFAULT_LEVEL = 3;

    private static final Pattern SCHEMA_FILE = Pattern.compile("\\d{1,5}-\\d{1,5}\\.sbeir");
    private static final int LOOK = 256;

    private final SessionReader session;
    private final int level;
    private final int threads;
    private int partSize = PackDescriptor.PART_SIZE;
    private final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private final Set<Integer> sources = new HashSet<>();
    private final Set<Integer> known = new HashSet<>();
    private long lastTimestamp = Long.MIN_VALUE;
    private long frames;
    private long damagedFrames;
    private long leftOut;

    /**
     * Prepares to pack; nothing is read or written yet.
     *
     * @param session to pack; stays the caller's to close.
     * @param level of zstd: 1 is fast, 19 is small.
     * @param threads that compress at the same time, at least 1.
     */
    public SessionPacker(SessionReader session, int level, int threads) {
        if (level < 1 || level > Zstd.maxCompressionLevel() || threads < 1) {
            throw new IllegalArgumentException("level " + level + " and " + threads
                    + " threads: give a level from 1 to " + Zstd.maxCompressionLevel() + ", and at least one thread");
        }
        this.session = session;
        this.level = level;
        this.threads = threads;
    }

    /** So that a short session has many parts. */
    SessionPacker partSize(int bytes) {
        partSize = bytes;
        return this;
    }

    /**
     * Packs. May be called once.
     *
     * @param file to make; there must be none yet.
     * @param monitor looks on.
     * @return what is in the file.
     * @throws EditStoppedException if the monitor said so.
     * @throws IOException if the session has no message, or the file cannot be made.
     */
    public PackReport pack(Path file, EditMonitor monitor) throws IOException {
        final List<String> remarks = new ArrayList<>();
        if (!session.info().finished()) {
            remarks.add(session.path() + " is unfinished: what is there was packed");
        }
        try (PackOutput output = PackOutput.create(file, head(), level, threads, partSize);
                MessageCursor messages = session.messages()) {
            for (Message message = messages.next(); message != null; message = messages.next()) {
                onMessage(message, output, monitor);
            }
            if (frames == 0) {
                throw new IOException(session.path() + " holds no frame: there is nothing to pack");
            }
            if (messages.damagedPlaces() > 0) {
                remarks.add(messages.damagedBytes() + " bytes of " + session.path() + " hold no message");
            }
            output.finish((int) Math.min(Integer.MAX_VALUE, damagedFrames));
            return new PackReport(PackFile.info(file), damagedFrames, leftOut + messages.damagedPlaces(), remarks);
        }
    }

    private PackHead head() throws IOException {
        final PackHead head = new PackHead();
        head.add(PackDescriptor.SUMMARY_SECTION, Summaries.encode(session.info()));
        final Path format = session.path().resolve(SessionDirectory.FORMAT);
        if (Files.isRegularFile(format, LinkOption.NOFOLLOW_LINKS)) {
            head.add(PackDescriptor.FORMAT_SECTION, bounded(format));
        }
        final Path schemas = session.path().resolve("schema");
        if (Files.isDirectory(schemas, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.list(schemas)) {
                for (Path schema : files.sorted().toList()) {
                    if (SCHEMA_FILE.matcher(schema.getFileName().toString()).matches()
                            && Files.isRegularFile(schema, LinkOption.NOFOLLOW_LINKS)) {
                        head.add(PackDescriptor.SCHEMA_SECTION, bounded(schema));
                    }
                }
            }
        }
        return head;
    }

    private static byte[] bounded(Path file) throws IOException {
        if (Files.size(file) > PackDescriptor.LARGEST_SECTION) {
            throw new IOException(file + " is too long: a session has no such file of that size");
        }
        return Files.readAllBytes(file);
    }

    /** What has no schema beside it could not be unpacked. */
    private void requireSchema(Message message) throws IOException {
        final int key = message.schemaId() << 16 | message.version();
        if (known.contains(key)) {
            return;
        }
        if (!KnownSchemas.has(session.path(), message.schemaId(), message.version())) {
            throw new IOException("the schema " + message.schemaId() + "-" + message.version()
                    + " of its messages is missing in " + session.path().resolve("schema")
                    + ": put it back, from another session of the same recorder, first");
        }
        known.add(key);
    }

    private void onMessage(Message message, PackOutput output, EditMonitor monitor) throws IOException {
        final int length = message.length() + SBE_HEADER_LENGTH;
        // A session could not be made of what does not fit these again.
        if (!MessageCheck.isSound(message)
                || length > PackDescriptor.LONGEST_MESSAGE
                || (sources.size() == PackDescriptor.MOST_SOURCES && !sources.contains(message.sourceId()))) {
            leftOut++;
            return;
        }
        if (message.timestamp() < lastTimestamp) {
            throw new IOException(session.path()
                    + " goes back in time, so a time in it is damaged: run 'slipstream repair'" + " first");
        }
        requireSchema(message);
        sources.add(message.sourceId());
        lastTimestamp = message.timestamp();
        final int code = reader.onMessage(message);
        final boolean frame = code != FrameReader.NOT_A_FRAME;
        if (frame && code != FrameDecoder.OK) {
            damagedFrames++;
        }
        output.write(message, frame, frame && message.templateId() == KeyframeDecoder.TEMPLATE_ID);
        if (frame && ++frames % LOOK == 0) {
            if (monitor.isStopped()) {
                throw new EditStoppedException();
            }
            monitor.onProgress(frames, (double) frames / Math.max(frames, session.frameCount()));
        }
    }
}
