package io.slipstream.replay.cli;

import java.nio.file.Path;

/** Where things are unless told otherwise, by the XDG base directory specification. */
final class Places {
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

    /** The live queue of a block, by the name of its file. */
    static Path live(Path block) {
        return data().resolve("live").resolve(block.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_"));
    }
}
