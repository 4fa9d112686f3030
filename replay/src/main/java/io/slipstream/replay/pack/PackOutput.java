package io.slipstream.replay.pack;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.Message;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A packed session in the making: a hidden file beside the place where it is to be, moved there when it is whole. Parts are
 * compressed on several threads and written in order, so that the file is the same however many there are. Written to by one thread.
 */
final class PackOutput implements AutoCloseable {
    private final Path file;
    private final Path hidden;
    private final FileChannel channel;
    private final long pack;
    private final int level;
    private final int threads;
    private final int partSize;
    private final ExecutorService workers;
    private final Queue<Future<ByteBuffer>> compressing = new ArrayDeque<>();
    private final UnsafeBuffer plain = new UnsafeBuffer(0, 0);
    private int length;
    private int messages;
    private int frames;
    private long parts;
    private long messagesBefore;
    private long allFrames;
    private long allPlain;

    private PackOutput(Path file, Path hidden, FileChannel channel, long pack, int level, int threads, int partSize) {
        this.file = file;
        this.hidden = hidden;
        this.channel = channel;
        this.pack = pack;
        this.level = level;
        this.threads = threads;
        this.partSize = partSize;
        this.workers = Executors.newFixedThreadPool(threads, task -> {
            final Thread thread = new Thread(task, "pack");
            thread.setDaemon(true);
            return thread;
        });
        begin();
    }

    static PackOutput create(Path file, PackHead head, int level, int threads, int partSize) throws IOException {
        refuseExisting(file);
        final Path absolute = file.toAbsolutePath().normalize();
        final Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException("a file cannot be the root directory: name another");
        }
        Files.createDirectories(folder);
        final Path hidden = Files.createTempFile(folder, ".slipstream-", ".pack");
        try {
            final FileChannel channel = FileChannel.open(hidden, StandardOpenOption.WRITE);
            final PackOutput output = new PackOutput(file, hidden, channel, head.pack(), level, threads, partSize);
            output.writeFully(head.encode());
            return output;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(hidden);
            throw e;
        }
    }

    private static void refuseExisting(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is there already: choose another name, or remove it first");
        }
    }

    private void begin() {
        // Compressed by another thread while the next is filled.
        plain.wrap(new byte[partSize + (partSize >> 2)]);
        length = 0;
        messages = 0;
        frames = 0;
    }

    /** Appends a message. */
    void write(Message message, boolean frame, boolean keyframe) throws IOException {
        final int bytes = message.length() + SBE_HEADER_LENGTH;
        final int needed = length + PackDescriptor.MESSAGE_HEADER_LENGTH + bytes;
        if (length > 0 && (needed > PackDescriptor.LARGEST_PART || (keyframe && length >= partSize))) {
            endPart();
        }
        ensure(PackDescriptor.MESSAGE_HEADER_LENGTH + bytes);
        plain.putLong(length + PackDescriptor.MESSAGE_TIMESTAMP_OFFSET, message.timestamp(), LITTLE_ENDIAN);
        plain.putInt(length + PackDescriptor.MESSAGE_LENGTH_OFFSET, bytes, LITTLE_ENDIAN);
        plain.putShort(length + PackDescriptor.MESSAGE_SOURCE_OFFSET, (short) message.sourceId(), LITTLE_ENDIAN);
        plain.putBytes(
                length + PackDescriptor.MESSAGE_HEADER_LENGTH,
                message.buffer(),
                message.offset() - SBE_HEADER_LENGTH,
                bytes);
        length += PackDescriptor.MESSAGE_HEADER_LENGTH + bytes;
        messages++;
        frames += frame ? 1 : 0;
    }

    private void ensure(int more) {
        if (length + more > plain.capacity()) {
            final byte[] larger = new byte[Math.min(PackDescriptor.LARGEST_PART, Math.max(2 * length, length + more))];
            plain.getBytes(0, larger, 0, length);
            plain.wrap(larger);
        }
    }

    private void endPart() throws IOException {
        final byte[] content = plain.byteArray();
        final int contentLength = length;
        final int contentMessages = messages;
        final int contentFrames = frames;
        final long number = parts;
        final long before = messagesBefore;
        compressing.add(workers.submit(() ->
                PackedPart.pack(pack, number, content, contentLength, contentMessages, contentFrames, before, level)));
        parts++;
        messagesBefore += messages;
        allFrames += frames;
        allPlain += length;
        begin();
        while (compressing.size() > threads) {
            writeOldest();
        }
    }

    private void writeOldest() throws IOException {
        try {
            writeFully(compressing.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while it packed").initCause(e);
        } catch (ExecutionException e) {
            throw new IOException(
                    "a part could not be compressed: " + e.getCause().getMessage(), e);
        }
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Writes what is left and the tail, and moves the file where it is to be. */
    void finish(int damagedFrames) throws IOException {
        if (length > 0) {
            endPart();
        }
        while (!compressing.isEmpty()) {
            writeOldest();
        }
        writeFully(new PackTail(pack, parts, messagesBefore, allFrames, allPlain, damagedFrames).encode());
        channel.force(true);
        channel.close();
        refuseExisting(file);
        Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        workers.shutdownNow();
        channel.close();
        Files.deleteIfExists(hidden);
    }
}
