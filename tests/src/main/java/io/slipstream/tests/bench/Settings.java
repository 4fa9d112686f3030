package io.slipstream.tests.bench;

import java.nio.file.Path;

/**
 * How to measure.
 *
 * @param scale how long.
 * @param directory for scratch files; on the file system that is measured.
 * @param captures folder of real captures; may be absent.
 */
record Settings(Scale scale, Path directory, Path captures) {
    /** How long to measure. */
    enum Scale {
        /** As long as it takes to see that the benchmark works; its figures mean nothing. */
        TINY,
        /** A first look. */
        QUICK,
        /** Figures to tell others. */
        FULL
    }

    int pick(int tiny, int quick, int full) {
        return switch (scale) {
            case TINY -> tiny;
            case QUICK -> quick;
            case FULL -> full;
        };
    }

    /** To the terminal, out of the table's way. */
    void say(String format, Object... arguments) {
        if (scale != Scale.TINY) {
            System.err.println("  " + Row.format(format, arguments));
        }
    }

    /** The same, with a directory of its own for each benchmark. */
    Settings within(Path own) {
        return new Settings(scale, own, captures);
    }
}
