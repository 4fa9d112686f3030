package io.slipstream.memory;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Lets a program run once for each user: the second start hands its arguments to the first and ends.
 *
 * <pre>{@code
 * try (SingleInstance instance = SingleInstance.start("viewer", List.of(args), start -> open(start.arguments()))) {
 *     if (!instance.isFirst()) {
 *         System.exit(SingleInstance.HANDED_OVER);
 *     }
 *     …
 * }
 * }</pre>
 *
 * <p>Whether the program runs is told by a lock on a file that the system gives back when a process dies, however it dies:
 * what a dead one leaves behind never stands in the way. The file holds pid and start time of the first, for people. The
 * arguments go through a socket beside it. Both are in a folder that only this user can enter: {@code slipstream} in
 * {@code $XDG_RUNTIME_DIR}, else {@code slipstream-USER} in the folder for temporary files.
 *
 * <p><b>Threads:</b> the arguments of later starts come on one thread of the guard's own, one start after another.
 */
public final class SingleInstance implements AutoCloseable {
    /** Exit code of a program whose arguments were taken by the one that runs already. */
    public static final int HANDED_OVER = 4;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final InstanceLock lock;
    private final ServerSocketChannel server;
    private final Path socket;
    private boolean closed;

    /**
     * A later start of the program.
     *
     * @param directory that it was started in.
     * @param arguments of its command line.
     */
    public record Start(Path directory, List<String> arguments) {
        /** Keeps a copy. */
        public Start {
            arguments = List.copyOf(arguments);
        }
    }

    private SingleInstance(InstanceLock lock, ServerSocketChannel server, Path socket) {
        this.lock = lock;
        this.server = server;
        this.socket = socket;
    }

    /**
     * Becomes the first, or hands over to it.
     *
     * @param application letters, digits, dots, hyphens and underscores, 40 at most.
     * @param arguments of this start.
     * @param later gets the later starts, as long as this one is the first and not closed. What it throws is told to the later
     *     start, which then fails.
     * @return the guard: see {@link #isFirst()}.
     * @throws SharedMemoryException {@link SharedMemoryError#LOCK_ERROR} if the first does not take the arguments within ten
     *     seconds, or refuses them; the message names its pid.
     * @throws IOException if the folder cannot be made or is not this user's.
     */
    public static SingleInstance start(String application, List<String> arguments, Consumer<Start> later)
            throws IOException {
        if (!NAME.matcher(application).matches()) {
            throw new IllegalArgumentException("'" + application
                    + "' is no name for an application; give letters, digits, '.', '-' and '_', 40 at most");
        }
        final Path folder = folder();
        final Path socket = folder.resolve(application + ".socket");
        final InstanceLock lock = InstanceLock.open(folder.resolve(application + ".lock"));
        try {
            final long started = System.nanoTime();
            while (!lock.tryLock()) {
                if (StartMessage.send(socket, new Start(Path.of("").toAbsolutePath(), arguments), lock)) {
                    lock.close();
                    return new SingleInstance(null, null, socket);
                }
                // The first has the lock but no socket yet, or no longer: it begins, or ends.
                if (System.nanoTime() - started > PATIENCE.toNanos()) {
                    throw new SharedMemoryException(
                            SharedMemoryError.LOCK_ERROR,
                            application + " runs already (" + lock.holder() + ") and does not take arguments; end it");
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
            lock.sign();
            return listen(lock, socket, later);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    static Path folder() throws IOException {
        final String runtime = System.getenv("XDG_RUNTIME_DIR");
        // The XDG specification has relative paths ignored.
        final Path folder = runtime != null && Path.of(runtime).isAbsolute() && Files.isDirectory(Path.of(runtime))
                ? Path.of(runtime, "slipstream")
                : Path.of(System.getProperty("java.io.tmpdir"), "slipstream-" + System.getProperty("user.name"));
        final boolean posix =
                folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        try {
            if (posix) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException e) {
            requireOwn(folder, posix, e);
        }
        return folder;
    }

    /** Something that is certainly this user's. */
    private static Path self() {
        final Path process = Path.of("/proc/self");
        return Files.exists(process) ? process : Path.of(System.getProperty("user.home"));
    }

    /** A folder that another user made beforehand would let him read the arguments, or pose as the first. */
    private static void requireOwn(Path folder, boolean posix, IOException cause) throws IOException {
        final boolean own = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && (!posix
                        || ((int) Files.getAttribute(folder, "unix:uid") == (int) Files.getAttribute(self(), "unix:uid")
                                && Set.of(
                                                PosixFilePermission.OWNER_READ,
                                                PosixFilePermission.OWNER_WRITE,
                                                PosixFilePermission.OWNER_EXECUTE)
                                        .containsAll(Files.getPosixFilePermissions(folder))));
        if (!own) {
            throw new IOException(
                    folder + " is not a folder of this user alone (chmod 700); remove it, or set XDG_RUNTIME_DIR",
                    cause);
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // The guard that is returned closes it.
    private static SingleInstance listen(InstanceLock lock, Path socket, Consumer<Start> later) throws IOException {
        Files.deleteIfExists(socket); // Of a dead one: we have the lock.
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("later-starts").start(() -> serve(server, later));
        return new SingleInstance(lock, server, socket);
    }

    private static void serve(ServerSocketChannel server, Consumer<Start> later) {
        while (server.isOpen()) {
            try (SocketChannel caller = server.accept()) {
                StartMessage.receive(caller, later);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // The caller went away, or was no start of ours, and has no answer; the next may be one. Not at once:
                // without
                // descriptors to spare, accept fails again and again.
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /**
     * Tells whether this process is the first.
     *
     * @return false if another was, and has taken the arguments.
     */
    public boolean isFirst() {
        return lock != null;
    }

    /** Lets another be the first. May be called again. */
    @Override
    public void close() throws IOException {
        if (lock != null && !closed) {
            closed = true;
            try {
                Files.deleteIfExists(socket);
            } finally {
                try {
                    server.close();
                } finally {
                    lock.close();
                }
            }
        }
    }
}
