package io.slipstream.queue.chronicle;

import io.slipstream.memory.FileSpace;
import io.slipstream.queue.QueueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/** Deletes a queue's oldest files. */
final class Retention {
    private Retention() {}

    static int prune(SingleChronicleQueue queue, Duration age, long bytes) {
        final Path directory = queue.file().toPath();
        try {
            final List<Path> files = QueueFiles.data(directory);
            long total = 0;
            for (Path file : files) {
                total += FileSpace.allocated(file);
            }
            // By the file system's clock, whatever clock stamps the messages.
            final long oldestMs = System.currentTimeMillis() - age.toMillis();
            int deleted = 0;
            for (Path file : files.subList(0, Math.max(0, files.size() - 1))) {
                final boolean tooOld = Files.getLastModifiedTime(file).toMillis() < oldestMs;
                if (!tooOld && total <= bytes) {
                    break;
                }
                total -= FileSpace.allocated(file);
                Files.delete(file);
                deleted++;
            }
            if (deleted > 0) {
                queue.refreshDirectoryListing();
            }
            return deleted;
        } catch (NoSuchFileException e) {
            // Another process prunes the same queue; the next call goes on.
            return 0;
        } catch (IOException e) {
            throw new QueueException("cannot prune " + directory + ": " + e, e);
        }
    }
}
