package io.slipstream.queue.chronicle;

import java.io.File;
import java.nio.file.Path;
import net.openhft.chronicle.queue.impl.RollingResourcesCache;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * Which cycle a data file is of, by its name. Found by halves, since the names sort as the cycles do: the engine's own way back
 * from a name miscounts weeks. One thread.
 */
final class Cycles {
    /** The end of the year 9999: later ones have names of another length. */
    private static final long LAST_MS = 253_402_300_799_999L;

    private final RollingResourcesCache names;
    private final int last;

    Cycles(SingleChronicleQueue queue) {
        names = new RollingResourcesCache(queue.rollCycle(), queue.epoch(), File::new, File::getName);
        last = (int) Math.min(
                Integer.MAX_VALUE, (LAST_MS - queue.epoch()) / queue.rollCycle().lengthInMillis());
    }

    /** The cycle of a file, or -1 if its name is of none. */
    int of(Path file) {
        final String name = file.getFileName().toString();
        if (!name.endsWith(QueueFiles.SUFFIX)) {
            return -1;
        }
        final String wanted = name.substring(0, name.length() - QueueFiles.SUFFIX.length());
        int low = 0;
        int high = last;
        while (low < high) {
            final int middle = low + (high - low) / 2;
            if (names.resourceFor(middle).text.compareTo(wanted) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return names.resourceFor(low).text.equals(wanted) ? low : -1;
    }
}
