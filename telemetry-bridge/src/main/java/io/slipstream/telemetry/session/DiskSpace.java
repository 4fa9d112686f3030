package io.slipstream.telemetry.session;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells how much room a file system has. A seam, so that tests need no full disk. */
@FunctionalInterface
public interface DiskSpace {
    /** Asks the system. */
    DiskSpace SYSTEM = directory -> {
        final FileStore store = Files.getFileStore(directory);
        return new Room(store.getUsableSpace(), store.getTotalSpace());
    };

    /** Of any disk, this much is kept free unless somebody says otherwise. */
    long DEFAULT_KEPT_FREE = 1_000_000_000L;

    /** Of a small disk, this part of it. */
    int DEFAULT_KEPT_PART = 20;

    /**
     * Looks at a file system.
     *
     * @param directory that exists, on the file system.
     * @return its room.
     * @throws IOException if it cannot be examined.
     */
    Room look(Path directory) throws IOException;

    /**
     * Room on a file system.
     *
     * @param usable bytes that this user may still write.
     * @param total bytes of all of it.
     */
    record Room(long usable, long total) {
        /**
         * What to keep free where nobody says.
         *
         * @return 1 GB, or a twentieth of a file system that is smaller than 20 GB.
         */
        public long keptFree() {
            return Math.min(DEFAULT_KEPT_FREE, total / DEFAULT_KEPT_PART);
        }
    }
}
