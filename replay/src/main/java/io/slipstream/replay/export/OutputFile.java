package io.slipstream.replay.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that gets its name when it is whole. Until then it is a hidden one beside its place, which {@link #close()} removes if
 * {@link #complete()} was not called.
 */
public final class OutputFile implements AutoCloseable {
    private static final String SUFFIX = ".part";

    private final Path path;
    private final boolean replace;
    private final Path temporary;
    private boolean complete;

    private OutputFile(Path path, boolean replace, Path temporary) {
        this.path = path;
        this.replace = replace;
        this.temporary = temporary;
    }

    /**
     * Makes the temporary file.
     *
     * @param path that the file will have.
     * @param replace true to replace one that is there.
     * @return the file.
     * @throws FileAlreadyExistsException if there is one, and it is not to be replaced, or is no regular file.
     * @throws IOException if the directory is not there, or cannot be written to.
     */
    public static OutputFile create(Path path, boolean replace) throws IOException {
        final Path place = path.toAbsolutePath().normalize();
        final Path directory = place.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + " is not there; make the directory first");
        }
        requireFree(path, replace);
        // Not createTempFile: what it makes is its owner's alone, and the finished file would be.
        final String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
        final Path temporary = directory.resolve("." + place.getFileName() + "-" + unique + SUFFIX);
        return new OutputFile(place, replace, Files.createFile(temporary));
    }

    private static void requireFree(Path path, boolean replace) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "is a directory");
        }
        // A device or a pipe would be replaced by a file, not written to.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "is no regular file");
        }
        if (!replace && Files.exists(path)) {
            throw new FileAlreadyExistsException(path.toString(), null, "exists already");
        }
    }

    /**
     * Where to write.
     *
     * @return the temporary file, which exists and is empty at first.
     */
    public Path temporary() {
        return temporary;
    }

    /**
     * Where the file will be.
     *
     * @return absolute path.
     */
    public Path path() {
        return path;
    }

    /**
     * Gives the file its name. Nothing may be written to it any more.
     *
     * @throws FileAlreadyExistsException if one came meanwhile, and it is not to be replaced.
     * @throws IOException if it cannot be renamed.
     */
    public void complete() throws IOException {
        requireFree(path, replace);
        if (replace) {
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.move(temporary, path);
        }
        complete = true;
    }

    /**
     * Removes the file where it was not completed.
     *
     * @throws IOException if it cannot be removed.
     */
    @Override
    public void close() throws IOException {
        if (!complete) {
            Files.deleteIfExists(temporary);
        }
    }
}
