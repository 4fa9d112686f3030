package io.slipstream.telemetry.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.slipstream.memory.FileSpace;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.MessageQueue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where a session is: a queue directory with {@code session.json} beside the queue's files, so that whatever reads queues
 * reads sessions.
 */
public final class SessionDirectory {
    /** Name of the summary. */
    public static final String SUMMARY = "session.json";

    /** Name of the file that makes a directory a queue. */
    public static final String QUEUE_METADATA = "metadata.cq4t";

    /** Name of the session's own block format, where no format that comes with Slipstream has its blocks. */
    public static final String FORMAT = "block.format";

    /** A session's queue maps this much at a time; a quarter of it is the longest message. */
    public static final int BLOCK_SIZE = 4 << 20;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MAX_SLUG = 40;
    private static final long LARGEST_SUMMARY = 64L << 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path path;

    /**
     * Names a session's directory; nothing is read.
     *
     * @param path of the session.
     */
    public SessionDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes a directory for a new session, named by time and track.
     *
     * @param into the directory of sessions; made if missing.
     * @param startedNs ns since the Unix epoch.
     * @param track as the game calls it.
     * @return the session's directory, empty.
     * @throws IOException if it cannot be made.
     */
    public static SessionDirectory create(Path into, long startedNs, String track) throws IOException {
        Files.createDirectories(into);
        final Instant started = Instant.ofEpochSecond(startedNs / 1_000_000_000L, startedNs % 1_000_000_000L);
        final String name = STAMP.format(started) + slug(track);
        for (int i = 1; ; i++) {
            final Path path = into.resolve(i == 1 ? name : name + "-" + i);
            try {
                return new SessionDirectory(Files.createDirectory(path));
            } catch (FileAlreadyExistsException e) {
                // Two recordings of one second: the next number.
            }
        }
    }

    private static String slug(String track) {
        final String words =
                track.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        final String slug =
                words.substring(0, Math.min(MAX_SLUG, words.length())).replaceAll("-$", "");
        return slug.isEmpty() ? "" : "-" + slug;
    }

    /**
     * Tells whether a directory holds a session.
     *
     * @param path to look at.
     * @return true if it has a queue and a summary.
     */
    public static boolean isSession(Path path) {
        return Files.exists(path.resolve(QUEUE_METADATA)) && Files.exists(path.resolve(SUMMARY));
    }

    /**
     * Opens the session's queue to read.
     *
     * @return the queue, read-only.
     */
    public MessageQueue openQueue() {
        return MessageQueue.open(
                new MessageQueue.Context().directory(path).blockSize(BLOCK_SIZE).readOnly(true));
    }

    /**
     * Reads the summary.
     *
     * @return as it was written last.
     * @throws IOException if it is missing or damaged.
     */
    public SessionInfo read() throws IOException {
        final Path file = path.resolve(SUMMARY);
        try {
            if (Files.size(file) > LARGEST_SUMMARY) {
                throw new IOException(file + " is damaged: no summary is that long");
            }
            final SessionInfo info = JSON.readValue(Files.readAllBytes(file), SessionInfo.class);
            if (info == null) {
                throw new IOException(file + " is damaged: it says nothing");
            }
            if (info.version() != SessionInfo.VERSION) {
                throw new IOException(file + " has version " + info.version() + ", this program knows "
                        + SessionInfo.VERSION + ": use the program that recorded it, or a newer one");
            }
            return info;
        } catch (NoSuchFileException e) {
            throw new IOException(path + " is not a session: it has no " + SUMMARY, e);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Writes the summary: whole or not at all.
     *
     * @param info to write.
     * @throws IOException if it cannot be written.
     */
    public void write(SessionInfo info) throws IOException {
        final Path temporary = path.resolve("." + SUMMARY + ".tmp");
        Files.write(temporary, (JSON.writeValueAsString(info) + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(
                temporary, path.resolve(SUMMARY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * What a block of the session holds, where the session says so itself.
     *
     * @return the session's own format; empty if it has none, and its blocks are a game's.
     * @throws IOException if it cannot be read.
     * @throws FormatException if it is damaged.
     */
    public Optional<BlockFormat> ownFormat() throws IOException {
        final Path file = path.resolve(FORMAT);
        return Files.exists(file) ? Optional.of(BlockFormat.read(file)) : Optional.empty();
    }

    /**
     * Gives the session a format of its own, to be done before its first frame.
     *
     * @param text in the language of {@link io.slipstream.memory.format}.
     * @throws IOException if it cannot be written.
     */
    public void writeFormat(String text) throws IOException {
        Files.writeString(path.resolve(FORMAT), text);
    }

    /**
     * What the session takes on disk, holes in its sparse files not counted.
     *
     * @return bytes.
     * @throws IOException if a file cannot be examined.
     */
    public long bytes() throws IOException {
        final AtomicLong total = new AtomicLong();
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    total.addAndGet(allocated(file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException && !file.equals(path)) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return total.get();
    }

    /** A recorder replaces its summary and its index every now and then. */
    private static long allocated(Path file) throws IOException {
        try {
            return FileSpace.allocated(file);
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return 0;
        }
    }

    /**
     * The directory.
     *
     * @return its path.
     */
    public Path path() {
        return path;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
