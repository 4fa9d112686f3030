package io.slipstream.replay.cli;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import java.util.Locale;
import java.util.Set;

/** What users write for a block, with every {@code --block}. */
final class BlockNames {
    /** Whether the system's own blocks are those of Windows. */
    static final boolean ON_WINDOWS = System.getProperty("os.name").startsWith("Windows");

    /** How {@code --block} is explained. */
    static final String EXPLAINED =
            "a name in /dev/shm (on Windows: of a named mapping), the path of a file, or KIND:KEY"
                    + " ('slipstream memory --help' shows the kinds)";

    private static final Set<String> KINDS = Set.of("posix", "systemv", "qt", "file", "windows", "wine", "dll");

    private BlockNames() {}

    /**
     * Reads a block's name.
     *
     * @param text a plain name, which means the system's own shared memory, a path, which has a {@code /}, or {@code KIND:KEY}.
     * @return the block, which need not exist.
     * @throws SharedMemoryException where that is no name, with the remedy.
     */
    static BlockName of(String text) throws SharedMemoryException {
        return of(text, ON_WINDOWS);
    }

    static BlockName of(String text, boolean onWindows) throws SharedMemoryException {
        if (text.isBlank()) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR,
                    "the block's name is empty; give one, such as $pcars2$, a path, or KIND:KEY");
        }
        final int colon = text.indexOf(':');
        final boolean isPath = text.indexOf('/') >= 0
                && !(colon >= 0 && KINDS.contains(text.substring(0, colon).toLowerCase(Locale.ROOT)));
        // Without a slash a word before a colon is meant for a kind: refused below if it is none.
        final String before = isPath ? "file:" : colon >= 0 ? "" : onWindows ? "windows:" : "posix:";
        return BlockName.parse(before + text);
    }
}
