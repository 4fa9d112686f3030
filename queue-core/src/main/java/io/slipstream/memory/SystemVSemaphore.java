package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A System V semaphore as QSystemSemaphore has it: one in a set, found by ftok of a file or by a key's number, and given back
 * by the system when a process dies. Others remove it, Qt does so whenever the one that made it ends: then it is made anew.
 */
final class SystemVSemaphore implements Semaphore {
    private static final int OWNER_ONLY = 0600;
    private static final int MOST_REBUILDS = 100;
    private static final long OWN_PID = ProcessHandle.current().pid();

    /** Who of this JVM took a semaphore last: the system tells its processes apart, not its handles. */
    private static final Map<Integer, SystemVSemaphore> TAKERS = new ConcurrentHashMap<>();

    /** Which this JVM made, by whatever handle. */
    private static final Set<Integer> MADE = ConcurrentHashMap.newKeySet();

    private final BlockName name;
    private final Path keyFile;
    private final int initialValue;
    private final Arena arena = Arena.ofShared();
    private final SystemVCalls.Scratch scratch = new SystemVCalls.Scratch(arena);
    private int key;
    private int id = -1;
    private boolean madeNow;
    private boolean removed;
    private int surplus;

    private SystemVSemaphore(BlockName name, Path keyFile, int key, int initialValue) {
        this.name = name;
        this.keyFile = keyFile;
        this.key = key;
        this.initialValue = initialValue;
    }

    /** The semaphore of a file, which is made if need be. */
    static SystemVSemaphore ofFile(BlockName name, Path keyFile, int initialValue) throws SharedMemoryException {
        return new SystemVSemaphore(name, keyFile, 0, initialValue).opened();
    }

    /** The semaphore of a key's number. */
    static SystemVSemaphore ofKey(BlockName name, int key, int initialValue) throws SharedMemoryException {
        return new SystemVSemaphore(name, null, key, initialValue).opened();
    }

    private SystemVSemaphore opened() throws SharedMemoryException {
        try {
            open();
            return this;
        } catch (SharedMemoryException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private void open() throws SharedMemoryException {
        if (keyFile != null) {
            makeKeyFile(name, keyFile);
            key = SystemVSegments.semaphoreKeyLike(SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID));
        }
        do {
            id = SystemVCalls.semget(key, SystemVCalls.IPC_CREAT | SystemVCalls.IPC_EXCL | OWNER_ONLY);
            if (id >= 0) {
                MADE.add(id);
                madeNow = true;
                require("semctl", SystemVCalls.setValue(scratch, id, initialValue));
                return;
            }
            if (id == -CLibrary.EEXIST) {
                id = SystemVCalls.semget(key, OWNER_ONLY);
            }
        } while (id == -CLibrary.ENOENT); // Removed between the two calls.
        require("semget", id);
    }

    /** The semaphore's number, if there is such a one, without making it; negative if there is none, or it is another user's. */
    static int find(Path keyFile) throws SharedMemoryException {
        return Files.exists(keyFile)
                ? find(SystemVSegments.semaphoreKeyLike(SystemVKeys.ftok(keyFile, SystemVKeys.QT_ID)))
                : -CLibrary.ENOENT;
    }

    /** What is to be told of the lock, in words; nothing is made or changed. */
    static String state(Path keyFile) throws SharedMemoryException {
        final int id = find(keyFile);
        if (id < 0) {
            return id == -CLibrary.EACCES ? "another user's" : "none";
        }
        try (Arena arena = Arena.ofConfined()) {
            final SystemVCalls.Scratch scratch = new SystemVCalls.Scratch(arena);
            final int value = SystemVCalls.value(scratch, id);
            final int pid = SystemVCalls.lastPid(scratch, id);
            if (value < 0) {
                return value == -CLibrary.EACCES ? "another user's" : "none";
            }
            return value > 0 ? "free" : pid > 0 && Processes.isAlive(pid) ? "held by process " + pid : "held";
        }
    }

    static int find(int key) {
        return SystemVCalls.semget(key, 0);
    }

    /** Removes a file that was made for ftok; one with something in it is nobody's key. */
    static void deleteKeyFile(BlockName name, Path file) throws SharedMemoryException {
        try {
            final BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile() || attributes.size() > 0) {
                throw new SharedMemoryException(
                        SharedMemoryError.KEY_ERROR,
                        name + ": " + file
                                + " is not the empty file that a Qt program makes for its key, and stays as it"
                                + " is; mend the name");
            }
            Files.delete(file);
        } catch (NoSuchFileException e) {
            return; // Another was first.
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            throw Errno.failure(name, file.toString(), e);
        }
    }

    /** Makes the file that ftok needs, as Qt does; true if it was not there. */
    static boolean makeKeyFile(BlockName name, Path file) throws SharedMemoryException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            final SharedMemoryException cause = Errno.failure(name, file.toString(), e);
            throw new SharedMemoryException(
                    cause.error() == SharedMemoryError.PERMISSION_DENIED
                            ? SharedMemoryError.PERMISSION_DENIED
                            : SharedMemoryError.KEY_ERROR,
                    name + ": the key's file " + file + " cannot be made: " + e + "; make its folder writable, or set"
                            + " TMPDIR as the other program has it",
                    e);
        }
    }

    private int require(String call, int result) throws SharedMemoryException {
        if (result < 0) {
            throw Errno.failure(name, describe(), call, -result);
        }
        return result;
    }

    private static boolean isGone(int result) {
        return result == -CLibrary.EIDRM || result == -CLibrary.EINVAL;
    }

    @Override
    public boolean acquire(long timeoutNs) throws SharedMemoryException {
        final int result = addOrRebuild(-1, timeoutNs);
        if (result == 0) {
            TAKERS.put(id, this);
        }
        return result == 0;
    }

    /** What is waited for, or given by one who had not taken it, makes a removed semaphore anew. */
    private int addOrRebuild(int amount, long timeoutNs) throws SharedMemoryException {
        for (int rebuilds = 0; rebuilds < MOST_REBUILDS; rebuilds++) {
            final int result = SystemVCalls.add(scratch, id, amount, true, timeoutNs);
            if (result == 0 || result == -CLibrary.EAGAIN || result == -CLibrary.EINTR) {
                return result;
            }
            if (!isGone(result)) {
                require("semop", result);
            }
            open();
        }
        throw new SharedMemoryException(
                SharedMemoryError.LOCK_ERROR,
                name + " (" + describe() + "): the semaphore is removed again and again; two programs that end at its"
                        + " cost use it, keep one of them running");
    }

    @Override
    public void release(int count) throws SharedMemoryException {
        while (addOrRebuild(count, 0) != 0) {
            // A signal came; more than there is room for is an error of its own.
        }
    }

    @Override
    public void giveBack() throws SharedMemoryException {
        // What the end of a process took away meanwhile was one too many, and found none: it is taken off here.
        final int count = surplus > 0 && lastChangedByDead() ? surplus : 1 + surplus;
        surplus = 0;
        final int result = SystemVCalls.add(scratch, id, count, true, 0);
        if (isGone(result)) {
            throw new LockLostException(name + " (" + describe()
                    + "): the semaphore was removed while it was held, by a program that ended or failed to create the"
                    + " block; it is not released a second time, look at what it protects");
        }
        require("semop", result);
    }

    @Override
    public int value() throws SharedMemoryException {
        final int result = SystemVCalls.value(scratch, id);
        if (isGone(result)) {
            open();
            return require("semctl", SystemVCalls.value(scratch, id));
        }
        return require("semctl", result);
    }

    /**
     * {@inheritDoc} It is kept while the lock is, and given back with it: a process that a second {@code create()} robbed of its
     * undo may still be about to take one away by its end.
     */
    @Override
    public boolean trim() {
        surplus = 0;
        while (SystemVCalls.value(scratch, id) > 0 && SystemVCalls.add(scratch, id, -1, true, 0) == 0) {
            surplus++;
        }
        return surplus > 0;
    }

    @Override
    public void reset() throws SharedMemoryException {
        TAKERS.remove(id);
        require("semctl", SystemVCalls.setValue(scratch, id, 1));
    }

    /**
     * It is as taken as we left it, and no living process has changed it since: one that ended meanwhile, and whose undo the
     * system then did, has nothing.
     */
    @Override
    public boolean isMine() {
        return TAKERS.get(id) == this
                && SystemVCalls.value(scratch, id) == 0
                && (SystemVCalls.lastPid(scratch, id) == OWN_PID || lastChangedByDead());
    }

    private boolean lastChangedByDead() {
        final int pid = SystemVCalls.lastPid(scratch, id);
        return pid > 0 && !Processes.isAlive(pid);
    }

    @Override
    public OptionalLong owner() throws SharedMemoryException {
        final int pid = SystemVCalls.lastPid(scratch, id);
        return pid > 0 && SystemVCalls.value(scratch, id) == 0 && Processes.isAlive(pid)
                ? OptionalLong.of(pid)
                : OptionalLong.empty();
    }

    /** Whether this very handle made it, so that no other of this JVM can be in want of it. */
    boolean madeNow() {
        return madeNow;
    }

    /** Whether this JVM made the semaphore, and did not merely find it. */
    boolean made() {
        return MADE.contains(id);
    }

    /** Whether this handle removed it. */
    boolean isRemoved() {
        return removed;
    }

    @Override
    public boolean remove() throws SharedMemoryException {
        removed = true;
        final int result = SystemVCalls.removeSemaphore(scratch, id);
        if (!isGone(result)) {
            require("semctl", result);
        }
        TAKERS.remove(id);
        MADE.remove(id);
        if (keyFile != null) {
            deleteKeyFile(name, keyFile);
        }
        return !isGone(result);
    }

    @Override
    public String describe() {
        return String.format("semaphore of key 0x%08x%s", key, keyFile == null ? "" : ", " + keyFile);
    }

    @Override
    public void close() {
        TAKERS.remove(id, this);
        arena.close();
    }
}
