package io.slipstream.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel tells of System V segments and semaphores, in {@code /proc/sysvipc}. */
final class SystemVSegments {
    private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");
    private static final Path SEMAPHORES = Path.of("/proc/sysvipc/sem");
    private static final int KEY_BITS_OF_FILE = 0xFF_FFFF;

    private SystemVSegments() {}

    /** One segment; a key of 0 is of one that no key leads to, removed or private. */
    record Segment(int key, int id, int mode, long size, int creator, int attached) {}

    static List<Segment> all() throws SharedMemoryException {
        final List<Segment> segments = new ArrayList<>();
        for (String[] column : rows(SEGMENTS, 7)) {
            segments.add(new Segment(
                    (int) Long.parseLong(column[0]),
                    Integer.parseInt(column[1]),
                    Integer.parseInt(column[2], 8) & 0777,
                    Long.parseLong(column[3]),
                    Integer.parseInt(column[4]),
                    Integer.parseInt(column[6])));
        }
        return segments;
    }

    /** The segment of a key; null where there is none. */
    static Segment find(int key) throws SharedMemoryException {
        return all().stream()
                .filter(segment -> segment.key() == key)
                .findFirst()
                .orElse(null);
    }

    /**
     * The key of what was made from the same file with another project id, as some versions of Qt 5 did: it differs in the top
     * eight bits alone.
     *
     * @return the key that is in use; the given one where none or several are.
     */
    static int segmentKeyLike(int key) throws SharedMemoryException {
        return SystemVCalls.shmget(key, 0, 0) >= 0 ? key : like(key, SEGMENTS);
    }

    static int semaphoreKeyLike(int key) throws SharedMemoryException {
        return SystemVCalls.semget(key, 0) >= 0 ? key : like(key, SEMAPHORES);
    }

    /** Whether two keys are of the same file. */
    static boolean likeEachOther(int key, int other) {
        return (key & KEY_BITS_OF_FILE) == (other & KEY_BITS_OF_FILE);
    }

    private static int like(int key, Path table) throws SharedMemoryException {
        final List<Integer> alike = rows(table, 1).stream()
                .map(column -> (int) Long.parseLong(column[0]))
                .filter(other -> other != 0 && likeEachOther(key, other))
                .toList();
        return alike.contains(key) || alike.size() != 1 ? key : alike.getFirst();
    }

    private static List<String[]> rows(Path table, int columns) throws SharedMemoryException {
        try {
            return Files.readAllLines(table).stream()
                    .skip(1)
                    .map(line -> line.trim().split("\\s+", columns + 1))
                    .filter(row -> row.length >= columns)
                    .toList();
        } catch (IOException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.UNKNOWN_ERROR,
                    table + " cannot be read: this system has no System V shared memory, or hides it from this process",
                    e);
        }
    }
}
