package io.slipstream.queue.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/** One data file, mapped read-only as far as it goes; its end may move on while it is written. Single-threaded. */
final class StoreFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final UnsafeBuffer window = new UnsafeBuffer();
    private Arena arena;
    private long address;
    private long length;

    StoreFile(Path path) throws IOException {
        this.path = path;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            map(channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The arena is closed with the file, or when the next one has taken its place. */
    @SuppressWarnings("MustBeClosedChecker")
    private void map(long size) throws IOException {
        final Arena next = Arena.ofShared();
        try {
            address = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, next).address();
        } catch (IOException e) {
            next.close();
            throw e;
        }
        length = size;
        if (arena != null) {
            arena.close();
        }
        arena = next;
    }

    /** Are there this many bytes? What was mapped before may move. */
    boolean reaches(long end) throws IOException {
        if (end > length) {
            final long size = channel.size();
            if (size > length) {
                map(size);
            }
        }
        return end <= length;
    }

    long length() {
        return length;
    }

    Path path() {
        return path;
    }

    long address(long offset) {
        return address + offset;
    }

    /** A document's header, read before whatever it says is there. */
    int header(long offset) {
        window.wrap(address + offset, Integer.BYTES);
        return littleEndian(window.getIntVolatile(0));
    }

    /** Where the last message's header is; 0 if there is none, or the file does not say so where it is expected. */
    long writePosition() {
        if (length < StoreDescriptor.WRITE_POSITION_OFFSET + Long.BYTES) {
            return 0;
        }
        window.wrap(address, StoreDescriptor.WRITE_POSITION_OFFSET + Long.BYTES);
        final long position = window.getLongVolatile(StoreDescriptor.WRITE_POSITION_OFFSET);
        return window.getLong(StoreDescriptor.WRITE_POSITION_CAPACITY_OFFSET, ByteOrder.LITTLE_ENDIAN)
                                == StoreDescriptor.WRITE_POSITION_CAPACITY
                        && isStore()
                ? position
                : 0;
    }

    /** Does it begin with a store's header? */
    boolean isStore() {
        if (length < StoreDescriptor.HEADER_LENGTH + Long.BYTES) {
            return false;
        }
        final int first = header(0);
        window.wrap(address, StoreDescriptor.HEADER_LENGTH + Long.BYTES);
        return (first & ~StoreDescriptor.LENGTH_MASK) == StoreDescriptor.META_DATA
                && (window.getLong(StoreDescriptor.HEADER_LENGTH, ByteOrder.LITTLE_ENDIAN)
                                & StoreDescriptor.STORE_NAME_MASK)
                        == StoreDescriptor.STORE_NAME;
    }

    private static int littleEndian(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }

    @Override
    public void close() throws IOException {
        arena.close();
        channel.close();
    }
}
