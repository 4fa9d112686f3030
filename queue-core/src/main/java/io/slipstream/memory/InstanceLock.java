package io.slipstream.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The file whose lock says who is first, and which says so to people. One thread. */
final class InstanceLock implements AutoCloseable {
    /** Past all that is written, since Windows lets nobody read what is locked. */
    private static final long REGION = 1L << 20;

    private final Path file;
    private final RegionLock region;
    private final FileChannel channel;
    private FileLock whole;

    private InstanceLock(Path file, RegionLock region, FileChannel channel) {
        this.file = file;
        this.region = region;
        this.channel = channel;
    }

    @SuppressWarnings("MustBeClosedChecker") // The lock that is returned closes it.
    static InstanceLock open(Path file) throws IOException {
        if (CLibrary.LINUX) {
            return new InstanceLock(file, RegionLock.exclusive(file, REGION, 1), null);
        }
        return new InstanceLock(
                file,
                null,
                FileChannel.open(
                        file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)));
    }

    boolean tryLock() throws IOException {
        if (region != null) {
            return region.tryLock();
        }
        try {
            whole = channel.tryLock(REGION, 1, false);
            return whole != null;
        } catch (OverlappingFileLockException e) {
            return false; // Another guard of this JVM has it.
        }
    }

    /** Writes down who has it. */
    void sign() throws IOException {
        final long pid = ProcessHandle.current().pid();
        final byte[] text = ("process " + pid + ", started at tick " + Processes.startTime(pid) + '\n')
                .getBytes(StandardCharsets.UTF_8);
        if (channel != null) {
            channel.truncate(0).write(ByteBuffer.wrap(text), 0); // Closing another would drop a lock of POSIX' kind.
        } else {
            Files.write(file, text);
        }
    }

    /** Who has it, for a message. */
    String holder() throws IOException {
        final byte[] text = Files.readAllBytes(file);
        return new String(text, 0, Math.min(text.length, 100), StandardCharsets.UTF_8)
                .strip()
                .replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() throws IOException {
        if (region != null) {
            region.close();
        } else {
            channel.close();
        }
    }
}
