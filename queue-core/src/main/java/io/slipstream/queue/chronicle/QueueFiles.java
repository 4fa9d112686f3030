package io.slipstream.queue.chronicle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.slipstream.queue.QueueException;
import io.slipstream.queue.QueueFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;

/**
 * What a directory holds, found out before the engine touches it: the engine itself would wait for seconds, log or create
 * files where this gives a precise answer.
 */
final class QueueFiles {
    static final String METADATA = "metadata.cq4t";
    static final String SUFFIX = ".cq4";

    private static final int HEAD_LENGTH = 4096;
    private static final int NOT_COMPLETE = 0x80000000;
    private static final int META_DATA = 0x40000000;
    /** Wire code of a field name of six characters. */
    private static final String FORMAT_FIELD = (char) 0xC6 + "format";

    private static final String DATA_FORMAT_FIELD = (char) 0xCA + "dataFormat";
    private static final char STRING_CODE = 0xE0;
    private static final char UINT8_CODE = 0xA1;

    private QueueFiles() {}

    /**
     * Checks a directory.
     *
     * @return the roll cycle of the queue that is there, or null where one may be created.
     */
    static RollCycle check(Path directory, boolean readOnly) {
        try {
            if (!Files.exists(directory)) {
                if (readOnly) {
                    throw new QueueException("no queue in " + directory + ": the directory does not exist");
                }
                return null;
            }
            if (!Files.isDirectory(directory)) {
                throw new QueueException(directory + " is not a directory: a queue is a directory of its own");
            }
            final Path metadata = directory.resolve(METADATA);
            final List<Path> data = data(directory);
            final Path newest = data.isEmpty() ? null : data.getLast();
            if (!Files.exists(metadata)) {
                if (newest != null || Files.exists(directory.resolve("directory-listing.cq4t"))) {
                    throw new QueueFormatException(
                            directory + " holds a queue without " + METADATA
                                    + ": one of Chronicle Queue 4 or a damaged one; copy its messages with the version that wrote it");
                }
                if (readOnly) {
                    throw new QueueException("no queue in " + directory + ": it has no " + METADATA);
                }
                return null;
            }
            final RollCycle cycle = rollCycle(metadata);
            if (newest != null) {
                checkData(newest);
            }
            return cycle;
        } catch (IOException e) {
            throw new QueueException("cannot examine " + directory + ": " + e, e);
        }
    }

    private static RollCycle rollCycle(Path metadata) throws IOException {
        final String head = head(metadata);
        if (isBeingWritten(head)) {
            // Another process is creating the queue: the engine waits for it.
            return null;
        }
        final int field = head.indexOf(FORMAT_FIELD);
        if (!isMetaData(head) || !head.contains("STStore") || !head.contains("SCQMeta") || field < 0) {
            throw new QueueFormatException(
                    metadata + " is not a queue's table store: the directory belongs to another program"
                            + " or is damaged; give the queue a directory of its own");
        }
        final int code = field + FORMAT_FIELD.length();
        final int length = code < head.length() ? head.charAt(code) - STRING_CODE : -1;
        final String format =
                length > 0 && code + 1 + length <= head.length() ? head.substring(code + 1, code + 1 + length) : "";
        for (RollCycle cycle : RollCycles.all()) {
            if (cycle.format().equals(format)) {
                return cycle;
            }
        }
        throw new QueueFormatException(metadata + " names a roll cycle of format '" + format + "' that is not known");
    }

    private static void checkData(Path file) throws IOException {
        final String head = head(file);
        if (isBeingWritten(head)) {
            return;
        }
        final int field = head.indexOf(DATA_FORMAT_FIELD);
        final int value = field + DATA_FORMAT_FIELD.length();
        if (!isMetaData(head) || !head.contains("SCQStore")) {
            throw new QueueFormatException(file + " is not a queue file: move it out of the queue's directory");
        }
        // A small number is one byte, or a code and one byte.
        final boolean known = field >= 0
                && value + 1 < head.length()
                && (head.charAt(value) == 1 || (head.charAt(value) == UINT8_CODE && head.charAt(value + 1) == 1));
        if (!known) {
            throw new QueueFormatException(
                    file + " has another data format than 1: copy its messages with the version that wrote it");
        }
    }

    /**
     * The queue's data files.
     *
     * @return oldest first.
     */
    static List<Path> data(Path directory) {
        final List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            files.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            throw new QueueException("cannot examine " + directory + ": " + e, e);
        }
        found.sort(null);
        return found;
    }

    /**
     * Tells whether a data file's first header is not there yet: it is being created, or its creator died.
     *
     * @throws IOException if it cannot be read.
     */
    static boolean isUnfinished(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // Until it is whole, or the file ends.
            }
            return header.hasRemaining() || header.getInt(0) == 0 || header.getInt(0) == NOT_COMPLETE;
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_LENGTH), ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static boolean isBeingWritten(String head) {
        return head.length() < Integer.BYTES || header(head) == 0 || (header(head) & NOT_COMPLETE) != 0;
    }

    private static boolean isMetaData(String head) {
        return (header(head) & META_DATA) != 0;
    }

    private static int header(String head) {
        return head.charAt(0) | head.charAt(1) << 8 | head.charAt(2) << 16 | head.charAt(3) << 24;
    }
}
