package io.slipstream.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * QSharedMemory's System V blocks, step by step as Qt does: a file for ftok, a segment, and a semaphore under which they are made,
 * attached to and given up. The last one to detach removes the segment and the file.
 */
final class QtBackend implements BlockBackend {
    static final String PREFIX = "qipc_sharedmemory_";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockName name;
    private final Path keyFile;
    private final Path lockFile;

    private QtBackend(BlockName name, Path keyFile, Path lockFile) {
        this.name = name;
        this.keyFile = keyFile;
        this.lockFile = lockFile;
    }

    /** {@code QSharedMemory(key)}. */
    static QtBackend plain(BlockName name, String key) {
        return new QtBackend(name, keyFile(key), Semaphores.qtFile(key));
    }

    /** A QNativeIpcKey of System V: one file for both. */
    static QtBackend nativeKey(BlockName name, String key) {
        return new QtBackend(name, Path.of(key), Path.of(key));
    }

    static Path keyFile(String key) {
        return SystemVKeys.qtDirectory().resolve(SystemVKeys.qtName(PREFIX, key));
    }

    private SystemVBackend segment() throws SharedMemoryException {
        return new SystemVBackend(name, SystemVSegments.segmentKeyLike(SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID)));
    }

    /** Something to do under the lock. */
    private interface Step<T> {
        T run(SystemVSemaphore semaphore) throws SharedMemoryException;
    }

    private <T> T locked(Step<T> step) throws SharedMemoryException {
        final SystemVSemaphore semaphore = SystemVSemaphore.ofFile(name, lockFile, 1);
        try (SemaphoreLock lock = new SemaphoreLock(name, semaphore)) {
            acquire(lock);
            final T result;
            try {
                result = step.run(semaphore);
            } catch (SharedMemoryException e) {
                // What the step says is what the caller must know; a lock lost meanwhile comes second.
                try {
                    lock.unlock();
                } catch (SharedMemoryException lost) {
                    e.addSuppressed(lost);
                }
                throw e;
            }
            if (semaphore.isRemoved()) {
                lock.forget();
            } else {
                lock.unlock();
            }
            return result;
        }
    }

    private void acquire(SemaphoreLock lock) throws SharedMemoryException {
        try {
            if (!lock.tryLock(PATIENCE)) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        name + " (" + lockFile + "): the lock is not given back for " + PATIENCE.toSeconds() + " s"
                                + (lock.owner().isPresent()
                                        ? "; process " + lock.owner().getAsLong() + " has it"
                                        : "")
                                + "; end that program, or break the lock");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR, name + ": interrupted while waiting for the lock", e);
        }
    }

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        return locked(semaphore -> {
            final boolean madeFile = SystemVSemaphore.makeKeyFile(name, keyFile);
            try {
                return wrap(
                        new SystemVBackend(name, SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID)).create(size),
                        true,
                        semaphore);
            } catch (SharedMemoryException e) {
                if (madeFile && e.error() != SharedMemoryError.ALREADY_EXISTS) {
                    deleteKeyFile();
                }
                throw e;
            }
        });
    }

    @Override
    public SharedBlock attach(BlockAccess access) throws SharedMemoryException {
        if (!Files.exists(keyFile)) {
            // Before the lock is made for nothing: Qt leaves one behind here.
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    name + ": there is no such block, since its key's file " + keyFile + " is not there: start the"
                            + " program that makes it first; if it runs, its TMPDIR or container differs, or somebody"
                            + " cleaned the folder up");
        }
        return locked(semaphore -> wrap(segment().attach(access), false, semaphore));
    }

    private SharedBlock wrap(SharedBlock block, boolean created, SystemVSemaphore semaphore) {
        return new SharedBlock(
                name,
                block.nativeName() + ", " + keyFile,
                block.segment(),
                created,
                new Attached(block, semaphore.made()));
    }

    private final class Attached implements SharedBlock.Attachment {
        private final SharedBlock block;
        private final boolean madeLock;

        Attached(SharedBlock block, boolean madeLock) {
            this.block = block;
            this.madeLock = madeLock;
        }

        /** The lock goes with the block where we made it, as with Qt. Qt's programs make it anew when they want it. */
        @Override
        public void detach() throws SharedMemoryException {
            if (!Files.exists(keyFile)) {
                block.close(); // Somebody removed it, and its lock: to take that would make it anew.
                return;
            }
            locked(semaphore -> {
                block.close();
                if (Files.exists(keyFile) && segment().removeIfUnused()) {
                    deleteKeyFile();
                    if (madeLock || semaphore.made()) {
                        semaphore.remove();
                    }
                }
                return null;
            });
        }

        @Override
        public boolean stillThere() {
            try {
                return Files.exists(keyFile)
                        && block.stillThere()
                        && block.size()
                                == SystemVSegments.find(SystemVSegments.segmentKeyLike(
                                                SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID)))
                                        .size();
            } catch (SharedMemoryException e) {
                return false;
            }
        }

        @Override
        public ProcessLock lock() throws SharedMemoryException {
            return new SemaphoreLock(name, SystemVSemaphore.ofFile(name, lockFile, 1));
        }
    }

    private void deleteKeyFile() throws SharedMemoryException {
        try {
            Files.deleteIfExists(keyFile);
        } catch (IOException e) {
            throw Errno.failure(name, keyFile.toString(), e);
        }
    }

    @Override
    public BlockInfo info() throws SharedMemoryException {
        final BlockInfo info = segment().info();
        return new BlockInfo(
                name,
                info.nativeName() + ", " + keyFile,
                info.size(),
                info.attached(),
                info.creator(),
                info.mode(),
                lockState());
    }

    private String lockState() throws SharedMemoryException {
        if (!Files.exists(lockFile)) {
            return "none";
        }
        final SystemVSemaphore semaphore = SystemVSemaphore.ofFile(name, lockFile, 1);
        try (SemaphoreLock lock = new SemaphoreLock(name, semaphore)) {
            return lock.owner().isPresent()
                    ? "held by process " + lock.owner().getAsLong()
                    : semaphore.value() == 0 ? "held" : "free";
        }
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        final boolean removed = Files.exists(keyFile) && segment().remove();
        if (Files.exists(lockFile)) {
            final SystemVSemaphore semaphore = SystemVSemaphore.ofFile(name, lockFile, 1);
            semaphore.remove();
            semaphore.close();
        }
        deleteKeyFile();
        return removed;
    }
}
