package io.slipstream.memory;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Mapped files, and POSIX segments, which are files of {@code /dev/shm}. */
final class FileBackend implements BlockBackend {
    /** Where glibc and musl keep POSIX segments. */
    static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final int ZEROS = 1 << 16;

    private final BlockName name;
    private final Path path;
    private final Set<OpenOption> links;
    private final LockOf lock;

    /** The lock that belongs to such a block, under which it is made and attached to. */
    interface LockOf {
        /** A new handle; null where there is no such lock. */
        SemaphoreLock open() throws SharedMemoryException;
    }

    /** Makes a block or attaches to one. */
    private interface Step {
        SharedBlock run() throws SharedMemoryException;
    }

    private FileBackend(BlockName name, Path path, Set<OpenOption> links, LockOf lock) {
        this.name = name;
        this.path = path;
        this.links = links;
        this.lock = lock;
    }

    static FileBackend file(BlockName name, Path path) {
        return new FileBackend(name, path, Set.of(), () -> null);
    }

    /** A segment that was found, whatever its name, even one that this JVM could not write. */
    static FileBackend listed(String fileName, Path file) {
        return new FileBackend(new BlockName.Posix(fileName), file, Set.of(LinkOption.NOFOLLOW_LINKS), () -> null);
    }

    /** As shm_open does, no link is followed: the folder is everybody's. */
    static FileBackend posix(BlockName name, String fileName, LockOf lock) {
        return new FileBackend(name, SHARED_MEMORY.resolve(fileName), Set.of(LinkOption.NOFOLLOW_LINKS), lock);
    }

    private SharedBlock locked(Step step) throws SharedMemoryException {
        try (SemaphoreLock held = lock.open()) {
            if (held != null) {
                QtBackend.acquire(name, path, held);
            }
            return step.run();
        }
    }

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        return locked(() -> make(size));
    }

    private SharedBlock make(long size) throws SharedMemoryException {
        try (FileChannel channel = FileChannel.open(path, options(CREATE_NEW, READ, WRITE), ownerOnly())) {
            try {
                reserve(channel, size);
                return map(channel, BlockAccess.READ_WRITE, true);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(path);
                throw e;
            }
        } catch (SharedMemoryException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name + " (" + path + "): the folder is not there; make it, or choose another name",
                    e);
        } catch (IOException e) {
            throw Errno.failure(name, path.toString(), e);
        }
    }

    /** Gives the file its length and its memory: a full system is an error here, and not a fault at the first write. */
    private void reserve(FileChannel channel, long size) throws IOException {
        try (FileSpace space = FileSpace.open(path)) {
            if (space != null && !space.reserve(0, size)) {
                throw new SharedMemoryException(
                        SharedMemoryError.OUT_OF_RESOURCES,
                        name + " (" + path + "): no room for " + size + " bytes; "
                                + Errno.remedy(SharedMemoryError.OUT_OF_RESOURCES));
            }
        }
        // At its full length in one step: what others find has a size, or none yet.
        channel.write(ByteBuffer.allocate(1), size - 1);
        if (!CLibrary.LINUX) {
            final ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
            for (long at = 0; at < size - 1; at += zeros.position()) {
                channel.write(zeros.clear().limit((int) Math.min(ZEROS, size - 1 - at)), at);
            }
        }
    }

    private Set<OpenOption> options(OpenOption... options) {
        final Set<OpenOption> all = new HashSet<>(links);
        all.addAll(Set.of(options));
        return all;
    }

    private FileAttribute<?>[] ownerOnly() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        if (!Files.exists(path)) {
            // Before a lock is made for nothing.
            throw Errno.failure(name, path.toString(), new NoSuchFileException(path.toString()));
        }
        return locked(() -> find(access));
    }

    private SharedBlock find(BlockAccess access) throws SharedMemoryException {
        try {
            // Looked at before it is opened: to open a pipe would wait for its other end.
            requireFile(attributes());
            try (FileChannel channel =
                    FileChannel.open(path, access == BlockAccess.READ_ONLY ? options(READ) : options(READ, WRITE))) {
                return map(channel, access, false);
            }
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, path.toString(), e);
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(
                path,
                BasicFileAttributes.class,
                links.isEmpty() ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS});
    }

    private void requireFile(BasicFileAttributes attributes) throws SharedMemoryException {
        if (!attributes.isRegularFile()) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    name + " (" + path + ") is a folder, a link, a pipe or a device and no block; mend the name");
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // The block that is returned closes it.
    private SharedBlock map(FileChannel channel, BlockAccess access, boolean created) throws IOException {
        final long size = channel.size();
        if (size == 0) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    name + " (" + path
                            + ") is there but has no size yet: the program that makes it has not finished, or"
                            + " died; try again, or remove it");
        }
        final Object key = attributes().fileKey();
        final Arena arena = Arena.ofShared();
        try {
            final MapMode mode = access == BlockAccess.READ_ONLY ? MapMode.READ_ONLY : MapMode.READ_WRITE;
            final MemorySegment segment = channel.map(mode, 0, size, arena);
            return new SharedBlock(name, path.toString(), segment, created, new Mapping(arena, size, key));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private final class Mapping implements SharedBlock.Attachment {
        private final Arena arena;
        private final long size;
        private final Object key;
        private SemaphoreLock handle;

        Mapping(Arena arena, long size, Object key) {
            this.arena = arena;
            this.size = size;
            this.key = key;
        }

        @Override
        public void detach() throws SharedMemoryException {
            try {
                if (handle != null) {
                    handle.close();
                }
            } finally {
                arena.close();
            }
        }

        @Override
        public boolean stillThere() {
            try {
                final BasicFileAttributes now = attributes();
                return now.size() == size && Objects.equals(now.fileKey(), key);
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public ProcessLock lock() throws SharedMemoryException {
            handle = lock.open();
            return handle;
        }
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        try {
            final BasicFileAttributes attributes = attributes();
            requireFile(attributes);
            return new BlockInfo(
                    name, path.toString(), attributes.size(), OptionalInt.empty(), OptionalLong.empty(), mode(), "");
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, path.toString(), e);
        }
    }

    private OptionalInt mode() throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? OptionalInt.of((int) Files.getAttribute(path, "unix:mode") & 0777)
                : OptionalInt.empty();
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        final boolean removed = removeFile();
        if (name instanceof BlockName.QtNative && SemaphoreLock.exists(name)) {
            try (SemaphoreLock held = lock.open()) {
                held.remove();
            }
        }
        return removed;
    }

    private boolean removeFile() throws SharedMemoryException {
        try {
            requireFile(attributes());
            return Files.deleteIfExists(path);
        } catch (NoSuchFileException e) {
            return false;
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, path.toString(), e);
        }
    }
}
