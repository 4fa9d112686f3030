package io.slipstream.memory;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file through which processes, JVMs and others, wake each other: see {@link WakeDescriptor}. Whoever has news calls
 * {@link #signal}; whoever waits for news does so in a {@link Waiter}.
 *
 * <p>On systems other than Linux, and on processors other than x86-64 and aarch64, there is nothing to wake with: there a
 * waiter looks again after every interval instead.
 *
 * <p><b>Threads:</b> any. Nothing here allocates after {@link #open}. The file stays mapped as long as this object is
 * reachable, so that no call can come too late.
 */
public final class WakeFile {
    private static final VarHandle I64 =
            ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN).varHandle();
    private static final VarHandle I32 =
            ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();

    private final Path path;
    private final WakeWord word;

    private WakeFile(Path path, MemorySegment file) {
        this.path = path;
        this.word = WakeWord.at(file, WakeDescriptor.WORD_OFFSET);
    }

    /**
     * Opens or creates a wake file; other processes may do so at the same time.
     *
     * @param path of the file.
     * @return the open file.
     * @throws WakeFormatException if the file is something else, or of another version.
     * @throws IOException if it cannot be opened, or there is no room for it.
     */
    public static WakeFile open(Path path) throws IOException {
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            extend(path, channel);
            final MemorySegment file =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, WakeDescriptor.LENGTH, Arena.ofAuto());
            final long magic =
                    (long) I64.compareAndExchange(file, WakeDescriptor.MAGIC_OFFSET, 0L, WakeDescriptor.MAGIC);
            if (magic != 0 && magic != WakeDescriptor.MAGIC) {
                throw new WakeFormatException(path
                        + " does not begin with SLIPWAKE: it belongs to another program; move it out of the directory");
            }
            final int version =
                    (int) I32.compareAndExchange(file, WakeDescriptor.VERSION_OFFSET, 0, WakeDescriptor.VERSION);
            if (version != 0 && version != WakeDescriptor.VERSION) {
                throw new WakeFormatException(path + " has version " + Integer.toUnsignedString(version) + ", not "
                        + WakeDescriptor.VERSION + ": use the program's version that wrote it, or delete the file while"
                        + " nobody uses the directory; it holds no data");
            }
            return new WakeFile(path, file);
        }
    }

    /** Makes the file long enough, never shorter, and gives it a block: a store into a hole of a full disk would kill us. */
    private static void extend(Path path, FileChannel channel) throws IOException {
        try (FileSpace space = FileSpace.open(path)) {
            if (space != null && !space.reserve(0, WakeDescriptor.LENGTH)) {
                throw new IOException("no space left for " + path);
            }
        }
        if (channel.size() < WakeDescriptor.LENGTH) {
            // The last byte, which nobody uses, is 0 whoever writes it.
            channel.write(ByteBuffer.allocate(1), WakeDescriptor.LENGTH - 1);
        }
    }

    /**
     * Wakes all who sleep, in every process. The news must be there to be seen, and a full fence passed, before the call.
     * With nobody asleep this is one load.
     */
    public void signal() {
        word.signal();
    }

    WakeWord word() {
        return word;
    }

    @Override
    public String toString() {
        return "WakeFile{" + path + '}';
    }
}
