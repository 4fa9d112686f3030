package io.slipstream.telemetry.source;

import io.slipstream.telemetry.block.BlockException;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A block in a file: {@code /dev/shm} holds what programs on Linux share by name. */
public final class FileSource implements BlockSource {
    private final Path path;
    private final int minLength;

    /**
     * Looks at a file.
     *
     * @param path of the block.
     * @param minLength bytes below which it cannot be the block; a shorter file is still being made.
     */
    public FileSource(Path path, int minLength) {
        this.path = path;
        this.minLength = minLength;
    }

    @Override
    public MappedBlock open() throws IOException {
        try {
            final BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
            // What is no file at all is refused below, whatever its size.
            if (file.isRegularFile() && file.size() < minLength) {
                return null;
            }
            return longEnough(MappedBlock.openReadOnly(path));
        } catch (NoSuchFileException e) {
            return null;
        } catch (BlockException e) {
            // Gone since its size was asked for.
            if (e.getCause() instanceof NoSuchFileException) {
                return null;
            }
            throw e;
        }
    }

    /** It may have been cut off since its size was asked for. */
    private MappedBlock longEnough(MappedBlock block) {
        if (block.length() < minLength) {
            block.close();
            return null;
        }
        return block;
    }

    @Override
    public String describe() {
        return path.toString();
    }
}
