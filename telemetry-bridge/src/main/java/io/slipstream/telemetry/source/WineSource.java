package io.slipstream.telemetry.source;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapping that Wine made for a game that runs under it: an unnamed or deleted file that the game's process or the
 * wineserver holds open, seen through {@code /proc/<pid>/fd} by the same user. Nothing needs to be set up in the prefix.
 *
 * <p>A mapping has no name there, so it is known by what it holds: a version within reason, states within their ranges, a
 * number of participants that can be.
 */
public final class WineSource implements BlockSource {
    private static final Logger LOG = LoggerFactory.getLogger(WineSource.class);
    private static final Path PROC = Path.of("/proc");
    private static final long MIN_VERSION = 5;
    private static final long MAX_VERSION = 20;
    private static final long MAX_GAME_STATE = 7;

    private final BlockFormat format;
    private final Path proc;

    /**
     * What the search found.
     *
     * @param path of the open file.
     * @param target that the link names.
     * @param pid of the process that holds it open.
     * @param problem why it is not the block; null if it is.
     */
    public record Candidate(Path path, String target, long pid, String problem) {}

    /**
     * Searches this machine's processes.
     *
     * @param format of the block; a pCars2 format, whose fields the search looks at.
     */
    public WineSource(BlockFormat format) {
        this(format, PROC);
    }

    WineSource(BlockFormat format, Path proc) {
        this.format = format;
        this.proc = proc;
    }

    @Override
    public MappedBlock open() throws IOException {
        for (Candidate candidate : search()) {
            if (candidate.problem() == null) {
                try {
                    return MappedBlock.openReadOnly(new BlockName.MappedFile(candidate.path()));
                } catch (SharedMemoryException e) {
                    switch (e.error()) {
                        // Its process has ended since it was found, or has other files open: as if it had never been.
                        case NOT_FOUND, KEY_ERROR, INVALID_SIZE ->
                            LOG.debug("{} is gone: {}", candidate.path(), e.getMessage());
                        default -> throw e;
                    }
                }
            }
        }
        return null;
    }

    @Override
    public String describe() {
        return "a Wine mapping under /proc";
    }

    /**
     * Looks at every mapping of Wine's that this user may see.
     *
     * @return in the order of the processes.
     * @throws IOException if the process list cannot be read.
     */
    public List<Candidate> search() throws IOException {
        final List<Candidate> found = new ArrayList<>();
        final Set<Object> seen = new HashSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                search(process, found, seen);
            }
        } catch (NoSuchFileException e) {
            // No /proc: not Linux.
            return List.of();
        }
        return found;
    }

    private void search(Path process, List<Candidate> found, Set<Object> seen) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                final String target = target(descriptor);
                if (target.contains("wine-mapping") || target.contains("tmpmap-")) {
                    look(process, descriptor, target, found, seen);
                }
            }
        } catch (AccessDeniedException | NoSuchFileException e) {
            // Another user's process, or one that has just ended: nothing of ours to see.
        } catch (DirectoryIteratorException e) {
            if (!(e.getCause() instanceof NoSuchFileException || e.getCause() instanceof AccessDeniedException)) {
                throw e.getCause();
            }
        }
    }

    private void look(Path process, Path descriptor, String target, List<Candidate> found, Set<Object> seen) {
        final long pid = Long.parseLong(process.getFileName().toString());
        try {
            if (seen.add(
                    Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey())) {
                found.add(new Candidate(descriptor, target, pid, problem(descriptor)));
            }
        } catch (IOException e) {
            found.add(new Candidate(descriptor, target, pid, "cannot be read: " + e.getMessage()));
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed while the directory was listed.
            return "";
        }
    }

    private String problem(Path path) throws IOException {
        final long length = Files.size(path);
        final int least = format.lengths().firstEntry().getValue();
        if (length < least) {
            return "its " + length + " bytes are fewer than the block's " + least;
        }
        try (MappedBlock block = MappedBlock.openReadOnly(new BlockName.MappedFile(path))) {
            final UnsafeBuffer buffer = block.buffer();
            final long version = format.version(buffer, 0);
            final long state = integer("mGameState", buffer);
            final long participants = (int) integer("mNumParticipants", buffer);
            if (version < MIN_VERSION || version > MAX_VERSION) {
                return "its version would be " + version;
            }
            if (state > MAX_GAME_STATE || participants < -1 || participants > 64) {
                return "its game state " + state + " or number of participants " + participants + " cannot be";
            }
            return null;
        }
    }

    private long integer(String name, UnsafeBuffer buffer) {
        final Field field = format.field(name);
        return field.integer(buffer, 0);
    }
}
