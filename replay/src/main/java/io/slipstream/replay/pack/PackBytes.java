package io.slipstream.replay.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file's bytes, by where they are. Single-threaded. */
final class PackBytes implements AutoCloseable {
    private static final int WINDOW = 1 << 20;

    private final FileChannel channel;
    private final long size;
    private final byte[] window = new byte[WINDOW];
    private long windowAt;
    private int windowLength;

    PackBytes(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        size = channel.size();
    }

    long size() {
        return size;
    }

    /** Fills the first bytes of an array; false where the file ends before. */
    boolean read(long from, byte[] into, int length) throws IOException {
        if (from < 0 || length > size - from) {
            return false;
        }
        final ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                // Cut short while we read it.
                return false;
            }
        }
        return true;
    }

    /** Where the next byte string of these eight, or of those, begins; -1 where there is none. */
    long find(long from, long these, long those) throws IOException {
        long at = from;
        while (size - at >= Long.BYTES) {
            if (!isInWindow(at) && !fillWindow(at)) {
                return -1;
            }
            final int first = (int) (at - windowAt);
            long last = 0;
            for (int i = first; i < windowLength; i++) {
                last = (last >>> Byte.SIZE) | ((long) window[i] << (Long.SIZE - Byte.SIZE));
                if (i - first >= Long.BYTES - 1 && (last == these || last == those)) {
                    return windowAt + i - (Long.BYTES - 1);
                }
            }
            at = windowAt + windowLength - (Long.BYTES - 1);
        }
        return -1;
    }

    /** Kept from search to search: a file of nothing but false beginnings is read once all the same. */
    private boolean isInWindow(long at) {
        return at >= windowAt && windowAt + windowLength - at >= Long.BYTES;
    }

    private boolean fillWindow(long at) throws IOException {
        windowLength = 0;
        final int length = (int) Math.min(WINDOW, size - at);
        if (!read(at, window, length)) {
            return false;
        }
        windowAt = at;
        windowLength = length;
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
