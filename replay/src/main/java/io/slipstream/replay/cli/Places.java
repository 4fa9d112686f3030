package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Where things are unless told otherwise, by the XDG base directory specification. */
final class Places {
    private static final int LONGEST_FOLDER_NAME = 100;

    private Places() {}

    private static Path data() {
        final String data = System.getenv("XDG_DATA_HOME");
        final Path base = data == null || data.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "share")
                : Path.of(data);
        return base.resolve("slipstream");
    }

    static Path sessions() {
        return data().resolve("sessions");
    }

    /** The live queue of a block, by its plain name or the name of its file; other kinds stand before the key. */
    static Path live(BlockName block) {
        return data().resolve("live")
                .resolve(folder(
                        switch (block) {
                            case BlockName.Posix posix -> posix.name();
                            case BlockName.MappedFile file ->
                                String.valueOf(file.path().getFileName());
                            // However the number was written.
                            case BlockName.SystemV systemV -> String.format("systemv-0x%08x", systemV.value());
                            default -> block.kind() + "-" + block.key();
                        }));
    }

    /** A name as one folder may have it; with a checksum where that is not all of it, so that no two names share a folder. */
    private static String folder(String name) {
        final String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        // Games put dollars around their blocks' names; those need no checksum.
        if (safe.equals(name.replace('$', '_')) && safe.length() <= LONGEST_FOLDER_NAME && !safe.equals(".")) {
            return safe;
        }
        final CRC32 sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return safe.substring(0, Math.min(safe.length(), LONGEST_FOLDER_NAME)) + String.format("-%08x", sum.getValue());
    }
}
