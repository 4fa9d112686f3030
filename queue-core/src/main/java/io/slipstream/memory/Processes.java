package io.slipstream.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether a process lives, as {@code /proc} tells on Linux. A pid means something only within one pid namespace. Safe for
 * any thread.
 */
public final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final boolean HAS_PROC = Files.exists(PROC.resolve("self/stat"));

    private Processes() {}

    /**
     * Tells whether a process runs. A zombie, dead but not yet reaped by its parent, does not.
     *
     * @param pid of the process.
     * @return false if it is certainly gone.
     */
    public static boolean isAlive(long pid) {
        if (!HAS_PROC) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        final String[] fields = stat(pid);
        return fields != null && !"Z".equals(fields[0]) && !"X".equals(fields[0]);
    }

    /**
     * Tells whether a process runs and is the one that started at a time: its number may have been given to another since.
     *
     * @param pid of the process.
     * @param startTime as {@link #startTime} gave it; 0 if it was not known.
     * @return false if it is certainly gone.
     */
    public static boolean isAlive(long pid, long startTime) {
        return isAlive(pid) && (startTime == 0 || startTime(pid) == startTime);
    }

    /**
     * When a process started, which tells two owners of one pid apart.
     *
     * @param pid of the process.
     * @return clock ticks since boot ({@code /proc/<pid>/stat} field 22), or 0 if it is gone or the system does not say.
     */
    public static long startTime(long pid) {
        final String[] fields = HAS_PROC ? stat(pid) : null;
        // The command's name may hold blanks and brackets: fields are counted from the state, field 3, on.
        return fields == null || fields.length < 20 ? 0 : Long.parseLong(fields[22 - 3]);
    }

    private static String[] stat(long pid) {
        try {
            final String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return text.substring(text.lastIndexOf(')') + 2).split(" ");
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            // A process that ends while its file is read: "No such process".
            return Files.exists(PROC.resolve(Long.toString(pid))) ? new String[] {"?"} : null;
        }
    }
}
