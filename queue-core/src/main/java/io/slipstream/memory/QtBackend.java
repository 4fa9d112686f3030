package io.slipstream.memory;

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

    private int key() throws SharedMemoryException {
        return SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID);
    }

    private SystemVBackend segment() throws SharedMemoryException {
        return new SystemVBackend(name, SystemVSegments.segmentKeyLike(key()));
    }

    /** Takes the lock, which a program may keep for a moment, and not for ever. */
    static void acquire(BlockName name, Path file, SemaphoreLock lock) throws SharedMemoryException {
        try {
            if (!lock.tryLock(PATIENCE)) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        name + " (" + file + "): the lock is not given back for " + PATIENCE.toSeconds() + " s"
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

    /** Makes the segment or attaches to it. */
    private interface Step {
        SystemVBackend.Held run() throws SharedMemoryException;
    }

    /** Does so under the lock, which stays open with the block. */
    private SharedBlock locked(Step step, boolean creates) throws SharedMemoryException {
        final SystemVSemaphore semaphore = SystemVSemaphore.ofFile(name, lockFile, 1);
        final SemaphoreLock lock = new SemaphoreLock(name, semaphore);
        try {
            acquire(name, lockFile, lock);
            final SystemVBackend.Held held;
            try {
                held = step.run();
            } catch (SharedMemoryException e) {
                giveUp(lock, semaphore, e);
                throw e;
            }
            try {
                lock.unlock();
            } catch (LockLostException e) {
                // Somebody's failing create() took it away. The step is done, and as Qt does, that is what counts.
                lock.forget();
            }
            return new SharedBlock(
                    name,
                    held.block().nativeName() + ", " + keyFile,
                    held.block().segment(),
                    creates,
                    new Attached(held, lock, semaphore));
        } catch (SharedMemoryException | RuntimeException e) {
            semaphore.close();
            throw e;
        }
    }

    /** Leaves the lock as it was found: gone, if it was made for a step that failed. */
    private static void giveUp(SemaphoreLock lock, SystemVSemaphore semaphore, SharedMemoryException failure) {
        try {
            if (semaphore.madeNow() && failure.error() != SharedMemoryError.ALREADY_EXISTS) {
                lock.remove();
            } else {
                lock.unlock();
            }
        } catch (SharedMemoryException e) {
            failure.addSuppressed(e); // What the step said is what the caller must know.
        }
    }

    @Override
    public SharedBlock create(long size) throws SharedMemoryException {
        return locked(
                () -> {
                    final boolean madeFile = SystemVSemaphore.makeKeyFile(name, keyFile);
                    try {
                        final SystemVBackend segment = new SystemVBackend(name, key());
                        return new SystemVBackend.Held(segment, segment.create(size));
                    } catch (SharedMemoryException e) {
                        if (madeFile && e.error() != SharedMemoryError.ALREADY_EXISTS) {
                            SystemVSemaphore.deleteKeyFile(name, keyFile);
                        }
                        throw e;
                    }
                },
                true);
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
        return locked(
                () -> {
                    final SystemVBackend segment = segment();
                    return new SystemVBackend.Held(segment, segment.attach(access));
                },
                false);
    }

    private final class Attached implements SharedBlock.Attachment {
        private final SystemVBackend segment;
        private final SharedBlock block;
        private final SemaphoreLock lock;
        private final SystemVSemaphore semaphore;

        Attached(SystemVBackend.Held held, SemaphoreLock lock, SystemVSemaphore semaphore) {
            this.segment = held.segment();
            this.block = held.block();
            this.lock = lock;
            this.semaphore = semaphore;
        }

        @Override
        public void detach() throws SharedMemoryException {
            final boolean interrupted = Thread.interrupted(); // To detach is no wait that one may leave.
            try {
                if (Files.exists(lockFile)) {
                    acquire(name, lockFile, lock);
                    block.close();
                    removeIfUnused();
                } else {
                    // Somebody removed the block, and its lock: to take that would make it anew.
                    block.close();
                    segment.removeIfUnused();
                }
            } finally {
                block.close();
                lock.close();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /**
         * The key's file goes with the segment, unless it is another's by now; the lock does where this JVM made it, or where it is
         * found by the same file. Else it is a Qt program's to remove.
         */
        private void removeIfUnused() throws SharedMemoryException {
            final boolean removed = segment.removeIfUnused();
            final boolean ours = Files.exists(keyFile) && SystemVSegments.likeEachOther(key(), segment.key());
            if (removed && (semaphore.made() || lockFile.equals(keyFile))) {
                lock.remove();
            }
            if (removed && ours) {
                SystemVSemaphore.deleteKeyFile(name, keyFile);
            }
            if (lock.isHeld()) {
                lock.unlock();
            }
        }

        @Override
        public boolean stillThere() {
            try {
                return block.stillThere()
                        && Files.exists(keyFile)
                        && SystemVSegments.likeEachOther(key(), segment.key());
            } catch (SharedMemoryException e) {
                return false;
            }
        }

        @Override
        public ProcessLock lock() {
            return lock;
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
                SystemVSemaphore.state(lockFile));
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        final boolean removed = Files.exists(keyFile) && segment().remove();
        if (SystemVSemaphore.find(lockFile) >= 0) {
            final SystemVSemaphore semaphore = SystemVSemaphore.ofFile(name, lockFile, 1);
            try {
                semaphore.remove();
            } finally {
                semaphore.close();
            }
        }
        if (Files.exists(keyFile)) {
            SystemVSemaphore.deleteKeyFile(name, keyFile);
        }
        if (Files.exists(lockFile)) {
            SystemVSemaphore.deleteKeyFile(name, lockFile);
        }
        return removed;
    }
}
