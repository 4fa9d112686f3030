package io.slipstream.queue.store;

import io.slipstream.queue.Message;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Goes over the messages in a queue's files, in place, with no engine: it starts in a millisecond, begins at any place that it gave
 * before, never waits, and where a file is damaged says so and can go on behind the damage. Files may still be written to.
 *
 * <p>What it reads is not believed: every length is held against the file before it is followed. A file that another program cuts
 * short while it is mapped ends in an {@link InternalError}, as in any Java program.
 *
 * <p>Single-threaded; allocates nothing a message.
 *
 * <pre>{@code
 * try (StoreReader reader = StoreReader.open(directory)) {
 *     while (reader.next() == StoreReader.MESSAGE) {
 *         handler.onMessage(reader.message());
 *     }
 * }
 * }</pre>
 */
public final class StoreReader implements AutoCloseable {
    /** {@link #next}: a message is at {@link #message()}. */
    public static final int MESSAGE = 1;

    /** {@link #next}: nothing more has been written yet. Ask again, or take it for the end. */
    public static final int NOTHING = 0;

    /** {@link #next}: what follows is no document; {@link #damage()} says why. {@link #skipDamage()} looks for what is whole. */
    public static final int DAMAGED = -1;

    private static final int GO_ON = 2;
    private static final int FILE_SHIFT = 40;
    private static final long OFFSET_MASK = (1L << FILE_SHIFT) - 1;

    private final Path directory;
    private final List<Path> paths = new ArrayList<>();
    private final List<StoreFile> files = new ArrayList<>();
    private final StoredMessage message = new StoredMessage();
    private final StoredMessage probe = new StoredMessage();
    private int file;
    private long offset;
    private int messageFile;
    private long messageOffset;
    private String damage = "";
    private long foreign;

    private StoreReader(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens a queue's files.
     *
     * @param directory of the queue.
     * @return a reader before the first message.
     * @throws IOException if the directory or a file cannot be read.
     */
    public static StoreReader open(Path directory) throws IOException {
        final StoreReader reader = new StoreReader(directory);
        reader.lookForFiles();
        return reader;
    }

    private void lookForFiles() throws IOException {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + StoreDescriptor.SUFFIX)) {
            all.forEach(found::add);
        }
        Collections.sort(found);
        for (Path path : found) {
            // Names sort by time: a new one is behind all that are known.
            if (paths.isEmpty() || path.compareTo(paths.getLast()) > 0) {
                paths.add(path);
                files.add(null);
            }
        }
    }

    private StoreFile current() throws IOException {
        StoreFile there = files.get(file);
        if (there == null) {
            there = new StoreFile(paths.get(file));
            files.set(file, there);
        }
        return there;
    }

    /**
     * Moves to the next message. Documents of other programs are passed over and counted.
     *
     * @return {@link #MESSAGE}, {@link #NOTHING} or {@link #DAMAGED}; the reader stays where it is for the last two.
     * @throws IOException if a file cannot be read.
     */
    public int next() throws IOException {
        while (true) {
            if (file >= paths.size()) {
                lookForFiles();
                if (file >= paths.size()) {
                    return NOTHING;
                }
            }
            final StoreFile at = current();
            if (!at.reaches(offset + StoreDescriptor.HEADER_LENGTH)) {
                if (offset > at.length()) {
                    return damaged("the file ends before, at " + at.length() + ": it was cut short");
                }
                final int code = atEnd(at);
                if (code == GO_ON) {
                    continue;
                }
                return code;
            }
            final int header = at.header(offset);
            if (offset == 0 && StoreDescriptor.isBegun(header) && !at.isStore()) {
                return damaged("it does not begin as a queue's file does");
            }
            if (!StoreDescriptor.isComplete(header)) {
                final int code = atEnd(at);
                if (code == GO_ON) {
                    continue;
                }
                return code;
            }
            final int length = header & StoreDescriptor.LENGTH_MASK;
            final long end = offset + StoreDescriptor.HEADER_LENGTH + length;
            if (!at.reaches(end)) {
                return damaged("a document of " + length + " bytes would go beyond the file's end at " + at.length());
            }
            final long here = offset;
            offset = StoreDescriptor.next(offset, length);
            if ((header & StoreDescriptor.META_DATA) != 0) {
                continue;
            }
            if (message.wrap(at.address(here + StoreDescriptor.HEADER_LENGTH), length, place(file, here))) {
                messageFile = file;
                messageOffset = here;
                return MESSAGE;
            }
            foreign++;
        }
    }

    /** At what looks like the end of a file. */
    private int atEnd(StoreFile at) throws IOException {
        final long last = at.writePosition();
        if (last > 0 && last >= offset) {
            // A header is written before the position: it is there now, or never will be.
            if (at.reaches(offset + StoreDescriptor.HEADER_LENGTH) && StoreDescriptor.isComplete(at.header(offset))) {
                return GO_ON;
            }
            return damaged("nothing is here, and the last message is said to be at " + last
                    + (last < at.length() ? "" : ", behind the file's end: it was cut short"));
        }
        if (file + 1 >= paths.size()) {
            lookForFiles();
        }
        if (file + 1 >= paths.size()) {
            return NOTHING;
        }
        // What was written before the next file began is there now.
        if (at.reaches(offset + StoreDescriptor.HEADER_LENGTH) && StoreDescriptor.isComplete(at.header(offset))) {
            return GO_ON;
        }
        file++;
        offset = 0;
        return GO_ON;
    }

    private int damaged(String why) {
        damage = why;
        return DAMAGED;
    }

    /**
     * Moves on to the next place where a message seems to begin: a message of ours that another document, or the end, follows.
     * To be called after {@link #DAMAGED}.
     *
     * @return bytes passed over; what they were is lost. The next place may be in a later file, or there may be none:
     *     {@link #next()} tells.
     * @throws IOException if a file cannot be read.
     */
    public long skipDamage() throws IOException {
        final StoreFile at = current();
        final long from = offset;
        final long length = at.length();
        for (long candidate = (offset + StoreDescriptor.MESSAGE_ALIGNMENT) & -StoreDescriptor.MESSAGE_ALIGNMENT;
                candidate + StoreDescriptor.HEADER_LENGTH < length;
                candidate += StoreDescriptor.MESSAGE_ALIGNMENT) {
            if (beginsMessage(at, candidate)) {
                offset = candidate;
                return candidate - from;
            }
        }
        if (file + 1 >= paths.size()) {
            lookForFiles();
        }
        file++;
        offset = 0;
        return Math.max(0, length - from);
    }

    private boolean beginsMessage(StoreFile at, long candidate) {
        final int header = at.header(candidate);
        final long end = candidate + StoreDescriptor.HEADER_LENGTH + (header & StoreDescriptor.LENGTH_MASK);
        if (!StoreDescriptor.isComplete(header) || (header & StoreDescriptor.META_DATA) != 0 || end > at.length()) {
            return false;
        }
        if (!probe.wrap(at.address(candidate + StoreDescriptor.HEADER_LENGTH), header, 0)) {
            return false;
        }
        final long next = StoreDescriptor.next(candidate, header);
        if (next + StoreDescriptor.HEADER_LENGTH > at.length()) {
            return next == at.length();
        }
        final int following = at.header(next);
        return !StoreDescriptor.isComplete(following)
                || next + StoreDescriptor.HEADER_LENGTH + (following & StoreDescriptor.LENGTH_MASK) <= at.length();
    }

    /**
     * The message that {@link #next()} moved to.
     *
     * @return valid until the next call of any method; its {@link Message#position()} is its place, for {@link #toPlace}, and
     *     not the engine's index.
     */
    public Message message() {
        return message;
    }

    /**
     * Where reading goes on: behind the message that {@link #next()} moved to.
     *
     * @return a place for {@link #toPlace}; it stays valid as long as no file is deleted.
     */
    public long place() {
        return place(file, offset);
    }

    private static long place(int file, long offset) {
        return (long) file << FILE_SHIFT | offset;
    }

    /**
     * Moves to a place.
     *
     * @param place as {@link #place()} or a message's position gave it, perhaps in an earlier process.
     * @return false if there is no such place; the reader has not moved then.
     * @throws IOException if a file cannot be read.
     */
    public boolean toPlace(long place) throws IOException {
        final long wantedFile = place >> FILE_SHIFT;
        final long wantedOffset = place & OFFSET_MASK;
        if (wantedFile < 0 || wantedFile > paths.size() || wantedOffset % StoreDescriptor.ALIGNMENT != 0) {
            return false;
        }
        if (wantedFile == paths.size()) {
            if (wantedOffset != 0) {
                return false;
            }
        } else {
            final int before = file;
            file = (int) wantedFile;
            if (!current().reaches(wantedOffset)) {
                file = before;
                return false;
            }
        }
        file = (int) wantedFile;
        offset = wantedOffset;
        return true;
    }

    /**
     * The file in which reading goes on.
     *
     * @return its path; null if there is none.
     */
    public Path file() {
        return file < paths.size() ? paths.get(file) : null;
    }

    /**
     * Where in {@link #file()} reading goes on.
     *
     * @return bytes.
     */
    public long offset() {
        return offset;
    }

    /**
     * Moves before the first message.
     *
     * @return this.
     */
    public StoreReader toStart() {
        file = 0;
        offset = 0;
        return this;
    }

    /**
     * What is wrong where {@link #next()} last found damage, at {@link #offset()} of {@link #file()}.
     *
     * @return the reason; empty if there was none.
     */
    public String damage() {
        return damage;
    }

    /**
     * Documents passed over because they are not messages of ours.
     *
     * @return count since this was opened.
     */
    public long foreign() {
        return foreign;
    }

    /**
     * The file that the current message is in.
     *
     * @return its path.
     */
    public Path messageFile() {
        return paths.get(messageFile);
    }

    /**
     * Where the current message's document begins in its file.
     *
     * @return bytes.
     */
    public long messageOffset() {
        return messageOffset;
    }

    /**
     * The queue's data files as far as they were seen.
     *
     * @return in order.
     */
    public List<Path> files() {
        return List.copyOf(paths);
    }

    @Override
    public void close() throws IOException {
        for (StoreFile open : files) {
            if (open != null) {
                open.close();
            }
        }
        files.clear();
        paths.clear();
    }
}
