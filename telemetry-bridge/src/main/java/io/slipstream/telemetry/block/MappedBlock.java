package io.slipstream.telemetry.block;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A shared block in this process's memory. The buffer may be used from any thread until {@link #close()}, which must not overtake
 * a use: Agrona's buffers do not know that memory was unmapped. Writing to a block that was opened read-only ends the process, and
 * reading one that somebody cut short throws {@link InternalError}; {@link #stillThere()} tells of the latter beforehand.
 */
public final class MappedBlock implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int LONGEST_NAME = 255;

    private final Path path;
    private final Arena arena;
    private final UnsafeBuffer buffer;
    private final int length;
    private final Object fileKey;

    private MappedBlock(final Path path, final Arena arena, final ByteBuffer memory, final Object fileKey) {
        this.path = path;
        this.arena = arena;
        this.buffer = new UnsafeBuffer(memory);
        this.length = memory.capacity();
        this.fileKey = fileKey;
    }

    /**
     * Where a block is, by the name that users give it.
     *
     * @param nameOrPath a plain name, which means a file of {@code /dev/shm}, or a path, which has a {@code /}.
     * @return path of the block's file, which need not exist.
     * @throws BlockException where that is no name or path.
     */
    public static Path resolve(final String nameOrPath) throws BlockException {
        if (nameOrPath.isBlank()) {
            throw new BlockException("the block's name is empty; give one, such as $pcars2$, or a path");
        }
        if (nameOrPath.indexOf('\0') >= 0) {
            throw new BlockException("the block's name holds a NUL character; give a name such as $pcars2$, or a path");
        }
        for (final String part : nameOrPath.split("/", -1)) {
            if (part.equals("..") || (part.equals(".") && part.length() == nameOrPath.length())) {
                throw new BlockException("'" + nameOrPath + "' holds '" + part + "'; give the block's path without it");
            }
            if (part.length() > LONGEST_NAME) {
                throw new BlockException("the block's name has " + part.length() + " characters; at most "
                        + LONGEST_NAME + " make a file's name");
            }
        }
        return nameOrPath.indexOf('/') < 0 ? SHARED_MEMORY.resolve(nameOrPath) : Path.of(nameOrPath);
    }

    /**
     * Makes a block for this user alone, all zero; or takes one over that is there and just as long, as it is.
     *
     * @param path of the file.
     * @param length bytes, from 1.
     * @return the block, writable.
     * @throws BlockException where something else is there, such as a block of another length.
     * @throws IOException where the file cannot be made, for want of memory for instance.
     */
    public static MappedBlock create(final Path path, final int length) throws IOException {
        if (length <= 0) {
            throw new IllegalArgumentException("a block of " + length + " bytes; give a positive length");
        }
        try (FileChannel channel = FileChannel.open(path, Set.of(CREATE_NEW, READ, WRITE), ownerOnly(path))) {
            try {
                // Written, not merely made longer: a full /dev/shm is an error here and not a fault at the first frame.
                final ByteBuffer zeros = ByteBuffer.allocate(length);
                while (zeros.hasRemaining()) {
                    channel.write(zeros);
                }
                return map(path, channel, MapMode.READ_WRITE);
            } catch (final IOException e) {
                Files.deleteIfExists(path);
                throw new BlockException(
                        path + ": no block of " + length + " bytes could be made: " + e.getMessage(), e);
            }
        } catch (final FileAlreadyExistsException e) {
            final MappedBlock existing = open(path, MapMode.READ_WRITE, READ, WRITE, LinkOption.NOFOLLOW_LINKS);
            if (existing.length == length) {
                return existing;
            }
            existing.close();
            throw new BlockException(
                    path + ": there is a block of " + existing.length + " bytes, not " + length
                            + "; a program may be using it: end it and remove the file, or choose another name",
                    e);
        } catch (final NoSuchFileException e) {
            throw new BlockException(path + ": the folder is not there; make it, or choose another name", e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(final Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Opens a block to read.
     *
     * @param path of the file.
     * @return the block; its buffer must not be written to.
     * @throws BlockException where there is no block.
     * @throws IOException where it cannot be read.
     */
    public static MappedBlock openReadOnly(final Path path) throws IOException {
        return open(path, MapMode.READ_ONLY, READ);
    }

    /**
     * Opens a block to write.
     *
     * @param path of the file.
     * @return the block.
     * @throws BlockException where there is no block.
     * @throws IOException where it cannot be written.
     */
    public static MappedBlock openReadWrite(final Path path) throws IOException {
        return open(path, MapMode.READ_WRITE, READ, WRITE);
    }

    private static MappedBlock open(final Path path, final MapMode mode, final OpenOption... options)
            throws IOException {
        try {
            // Looked at before it is opened, to open a pipe would wait for its other end; and looked at once, it may
            // go.
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                throw new BlockException(path + ": no block but a folder or a device; give the block's file");
            }
            try (FileChannel channel = FileChannel.open(path, Set.of(options))) {
                return map(path, channel, mode);
            }
        } catch (final NoSuchFileException e) {
            throw new BlockException(
                    path + ": there is no such block; start the game or the player first, or mend the name", e);
        }
    }

    /** Maps the file as long as it is; the memory outlives the channel, and no descriptor is kept. */
    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    private static MappedBlock map(final Path path, final FileChannel channel, final MapMode mode) throws IOException {
        final long size = channel.size();
        if (size <= 0 || size > Integer.MAX_VALUE) {
            throw new BlockException(path + ": a file of " + size
                    + " bytes is no block; wait for the game to make it, or mend the name");
        }
        final Object fileKey =
                Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        final Arena arena = Arena.ofShared();
        try {
            return new MappedBlock(
                    path, arena, channel.map(mode, 0, size, arena).asByteBuffer(), fileKey);
        } catch (final IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * The memory, from the start of the block to the end of the mapping.
     *
     * @return buffer; empty after {@link #close()}.
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Bytes of the mapping.
     *
     * @return length.
     */
    public int length() {
        return length;
    }

    /**
     * Where the block is.
     *
     * @return path of the file.
     */
    public Path path() {
        return path;
    }

    /**
     * Is this still the block that others find under its path? Costs a system call or two: meant for once in a while, when no new
     * frame comes.
     *
     * @return false where the file is gone, another has taken its place, or its length has changed.
     */
    public boolean stillThere() {
        try {
            final BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return now.size() == length && Objects.equals(now.fileKey(), fileKey);
        } catch (final IOException e) {
            return false;
        }
    }

    /** Unmaps the memory; the file stays. May be called again. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            buffer.wrap(0, 0);
            arena.close();
        }
    }

    @Override
    public String toString() {
        return path + " (" + length + " bytes)";
    }
}
