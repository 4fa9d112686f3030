package io.slipstream.tests.bench;

import io.slipstream.telemetry.session.SessionDirectory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/** Writes the blocks of the frames that go by to a file, whole, one after another. */
final class RawBlocks implements Frames {
    private final Frames frames;
    private final OutputStream out;
    private byte[] copy = new byte[0];
    private long bytes;

    private RawBlocks(Frames frames, Path file) throws IOException {
        this.frames = frames;
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    }

    /**
     * The same frames, twice.
     *
     * @param session as it was recorded.
     * @param file of the blocks.
     * @param bytes of the blocks.
     */
    record Both(SessionDirectory session, Path file, long bytes) {}

    /** Records at most so many frames into a session, and writes their blocks to a file. */
    static Both record(Path directory, Frames frames, int most) throws IOException {
        final Path file = directory.resolve("raw");
        try (RawBlocks blocks = new RawBlocks(frames, file)) {
            final SessionDirectory session = Sessions.record(directory, blocks, most);
            return new Both(session, file, blocks.bytes);
        }
    }

    @Override
    public boolean next() {
        if (!frames.next()) {
            return false;
        }
        try {
            if (copy.length != length()) {
                copy = new byte[length()];
            }
            block().getBytes(0, copy);
            out.write(copy);
            bytes += copy.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    @Override
    public DirectBuffer block() {
        return frames.block();
    }

    @Override
    public long timestampNs() {
        return frames.timestampNs();
    }

    @Override
    public void close() throws IOException {
        try (frames) {
            out.close();
        }
    }
}
