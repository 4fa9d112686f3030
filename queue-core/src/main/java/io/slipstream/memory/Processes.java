package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Whether a process lives, as {@code /proc} and {@code kill(2)} tell on Linux. A pid means something only within one pid
 * namespace. Safe for any thread.
 */
public final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final boolean HAS_PROC = Files.exists(PROC.resolve("self/stat"));

    /** Fields of {@code stat}, counted from the state, field 3, on: the command's name may hold blanks and brackets. */
    private static final int STATE = 0;

    private static final int THREADS = 20 - 3;
    private static final int START = 22 - 3;

    private Processes() {}

    /** Looked up where it is first needed. */
    private static final class C {
        static final int ESRCH = 3;
        static final MethodHandle KILL = CLibrary.handle(
                "kill", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /**
     * Tells whether a process runs. A zombie, dead but not yet reaped by its parent, does not, unless only its first thread has
     * ended and others run on.
     *
     * @param pid of the process.
     * @return false if it is certainly gone.
     */
    public static boolean isAlive(long pid) {
        if (!HAS_PROC) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        final String[] fields = stat(pid);
        if (fields == null) {
            return exists(pid);
        }
        final boolean ended = "Z".equals(fields[STATE]) || "X".equals(fields[STATE]);
        return !ended || (fields.length > THREADS && Long.parseLong(fields[THREADS]) > 1);
    }

    /** Asks the system, where {@code /proc} shows no such process: it may hide those of other users. */
    private static boolean exists(long pid) {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            return (int) C.KILL.invokeExact(state, (int) pid, 0) == 0 || CLibrary.errno(state) != C.ESRCH;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /**
     * Tells whether a process runs and is the one that started at a time: its number may have been given to another since.
     *
     * @param pid of the process.
     * @param startTime as {@link #startTime} gave it; 0 if it was not known.
     * @return false if it is certainly gone; true also where the system does not say when it started.
     */
    public static boolean isAlive(long pid, long startTime) {
        final long present = startTime == 0 ? 0 : startTime(pid);
        return isAlive(pid) && (present == 0 || present == startTime);
    }

    /**
     * When a process started, which tells two owners of one pid apart.
     *
     * @param pid of the process.
     * @return clock ticks since boot ({@code /proc/<pid>/stat} field 22), or 0 if it is gone or the system does not say.
     */
    public static long startTime(long pid) {
        final String[] fields = HAS_PROC ? stat(pid) : null;
        return fields == null || fields.length <= START ? 0 : Long.parseLong(fields[START]);
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
