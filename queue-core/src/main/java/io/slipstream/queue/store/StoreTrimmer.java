package io.slipstream.queue.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Gives back what a queue's files hold ahead of their last message: room that was reserved for messages to come. For queues that are
 * written to no more, as recordings; a publisher that opens one all the same makes room again.
 */
public final class StoreTrimmer {
    /** Readers look at the header behind the last document, and the engine at 8 bytes there. */
    private static final int TAIL = 8;

    private StoreTrimmer() {}

    /**
     * Cuts the files of a queue right behind their last documents. Nothing is cut where a file is damaged.
     *
     * @param directory of the queue, which no process publishes to.
     * @return bytes by which the files are shorter; those that were never written took no room before.
     * @throws IOException if a file cannot be read or cut, or is damaged: it names the place.
     */
    public static long trim(Path directory) throws IOException {
        final List<Path> files;
        try (StoreReader reader = StoreReader.open(directory)) {
            files = reader.files();
        }
        final long[] ends = new long[files.size()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = end(files.get(i));
        }
        long cut = 0;
        for (int i = 0; i < ends.length; i++) {
            cut += cut(files.get(i), ends[i]);
        }
        return cut;
    }

    /** Where the header behind the last document is, metadata included. */
    private static long end(Path path) throws IOException {
        try (StoreFile file = new StoreFile(path)) {
            long offset = 0;
            while (file.reaches(offset + StoreDescriptor.HEADER_LENGTH)) {
                final int header = file.header(offset);
                if (!StoreDescriptor.isComplete(header)) {
                    break;
                }
                offset = StoreDescriptor.next(offset, header & StoreDescriptor.LENGTH_MASK);
            }
            if (!file.isStore() || offset > file.length() || file.writePosition() >= offset) {
                throw new IOException(
                        path + " is damaged before byte " + offset + ": nothing was cut; verify and repair it first");
            }
            return offset;
        }
    }

    private static long cut(Path file, long end) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final long before = channel.size();
            final long after = end + TAIL;
            if (after >= before) {
                return 0;
            }
            channel.truncate(after);
            return before - after;
        }
    }
}
