package io.slipstream.replay.edit;

import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.session.SessionWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A session in the making. It is written in a hidden directory beside the place where it is to be, and moved there when it is
 * whole; whatever happens before that leaves nothing, except a kill that leaves the hidden directory. Single-threaded.
 */
public final class NewSession implements AutoCloseable {
    private static final Pattern SCHEMA_FILE = Pattern.compile("\\d{1,5}-\\d{1,5}\\.sbeir");

    private final Destination destination;
    private final Path hidden;
    private final Path directory;
    private SessionWriter writer;
    private SessionInfo info;

    private NewSession(Destination destination, Path hidden) throws IOException {
        this.destination = destination;
        this.hidden = hidden;
        this.directory = Files.createDirectory(hidden.resolve("session"));
    }

    /**
     * Makes the hidden directory.
     *
     * @param destination where the session is to be.
     * @return the session to be.
     * @throws IOException if there is something already, or no directory can be made.
     */
    public static NewSession create(Destination destination) throws IOException {
        final Path parent = switch (destination) {
            case Destination.Named named -> {
                refuseExisting(named.path());
                yield named.path().toAbsolutePath().normalize().getParent();
            }
            case Destination.Among among -> among.sessions();
        };
        if (parent == null) {
            throw new IOException("a session cannot be the root directory: name another");
        }
        Files.createDirectories(parent);
        final Path hidden = Files.createTempDirectory(parent, ".slipstream-");
        try {
            return new NewSession(destination, hidden);
        } catch (IOException e) {
            Files.delete(hidden);
            throw e;
        }
    }

    private static void refuseExisting(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(path + " is there already: choose another name, or remove it first");
        }
    }

    /**
     * Takes over what a session brings beside its messages: the schemas of its messages, and its own block format. To be called
     * before {@link #begin}.
     *
     * @param session whose they are.
     * @throws IOException if they cannot be copied, or contradict those of another session.
     */
    public void takeOver(Path session) throws IOException {
        final Path format = session.resolve(SessionDirectory.FORMAT);
        if (Files.isRegularFile(format, LinkOption.NOFOLLOW_LINKS)) {
            take(format, directory.resolve(SessionDirectory.FORMAT));
        }
        final Path schemas = session.resolve("schema");
        if (Files.isDirectory(schemas, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.list(schemas)) {
                for (Path file : files.sorted().toList()) {
                    if (SCHEMA_FILE.matcher(file.getFileName().toString()).matches()
                            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        final Path into = Files.createDirectories(directory.resolve("schema"));
                        take(file, into.resolve(file.getFileName()));
                    }
                }
            }
        }
    }

    private static void take(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (FileAlreadyExistsException e) {
            if (!Arrays.equals(Files.readAllBytes(file), Files.readAllBytes(target))) {
                throw new IOException(
                        file + " is another than the one that the sessions before it have: they cannot become one", e);
            }
        }
    }

    /**
     * Takes nothing over after all.
     *
     * @throws UncheckedIOException if what was taken over cannot be removed.
     */
    void forget() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins to write.
     *
     * @param sourceId that most messages carry.
     * @param name the session's own; empty for none.
     * @param metadata what else there is to say of it.
     * @return the writer, which this closes.
     * @throws IOException if it cannot be written.
     */
    public SessionWriter begin(int sourceId, String name, Map<String, String> metadata) throws IOException {
        writer = new SessionWriter(new SessionDirectory(directory), sourceId, name, metadata).keepSources();
        return writer;
    }

    /**
     * Where the session is while it is made.
     *
     * @return the hidden directory.
     */
    public Path directory() {
        return directory;
    }

    /**
     * Ends the session as one that is whole, and moves it where it is to be.
     *
     * @return where it is.
     * @throws IOException if it cannot be finished or moved, or something has come there meanwhile.
     */
    public Path publish() throws IOException {
        info = writer.finish();
        return move();
    }

    /**
     * Ends the session with a summary that is known already, and moves it where it is to be.
     *
     * @param known gives the summary, for the one that was made from the messages.
     * @return where it is.
     * @throws IOException if it cannot be finished or moved, or something has come there meanwhile.
     */
    public Path publish(UnaryOperator<SessionInfo> known) throws IOException {
        info = known.apply(writer.finish());
        writer.session().write(info);
        return move();
    }

    /**
     * The summary of the session that was published.
     *
     * @return the summary; null before.
     */
    public SessionInfo info() {
        return info;
    }

    private Path move() throws IOException {
        return switch (destination) {
            case Destination.Named named -> {
                refuseExisting(named.path());
                Files.move(directory, named.path(), StandardCopyOption.ATOMIC_MOVE);
                yield named.path();
            }
            case Destination.Among among -> {
                // An empty directory of that name holds the place; the move puts the session in its stead.
                final Path path = SessionDirectory.create(among.sessions(), info.startedNs(), info.track())
                        .path();
                try {
                    yield Files.move(directory, path, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    Files.delete(path);
                    throw e;
                }
            }
        };
    }

    /**
     * Removes what was not published.
     *
     * @throws IOException if something of it stays.
     */
    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
        final List<Path> all;
        try (Stream<Path> files = Files.walk(hidden)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
