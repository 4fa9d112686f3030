package io.slipstream.memory;

import java.nio.file.Path;
import java.util.Locale;

/**
 * Which block of shared memory: its kind, and its key among that kind. As text {@code KIND:KEY}, everywhere the same:
 *
 * <pre>
 * posix:NAME      a POSIX segment, shm_open("/NAME")
 * systemv:KEY     a System V segment, shmget(KEY): a decimal or 0x… number, or PATH,ID for ftok(PATH, ID)
 * qt:KEY          QSharedMemory with this plain key, and its lock
 * qt:posix:/NAME  QSharedMemory with a QNativeIpcKey (Qt 6.6 and later), as its toString() gives it;
 *                 also qt:systemv:PATH and qt:windows:NAME
 * file:PATH       a file, mapped
 * windows:NAME    a named file mapping of Windows; Local\NAME and Global\NAME too
 * wine:NAME       the same in a Wine or Proton prefix, reached from Linux
 * dll:FILE!NAME   the shared section of a DLL (data_seg): NAME is an exported symbol or .SECTION; without !NAME the first
 * </pre>
 *
 * Immutable, for any thread.
 */
public sealed interface BlockName {
    /**
     * The word before the colon.
     *
     * @return kind.
     */
    String kind();

    /**
     * What the kind knows the block by.
     *
     * @return the text after the colon.
     */
    String key();

    /**
     * Tells what becomes of such a block when nobody is attached to it any more.
     *
     * @return true if it stays until it is removed; false if it goes with the last program that has it.
     */
    default boolean staysUntilRemoved() {
        return switch (this) {
            case Posix _, SystemV _, MappedFile _ -> true;
            case QtNative(QtKeyType type, String _) -> type == QtKeyType.POSIX;
            case Qt _, Windows _, Wine _, DllSection _ -> false;
        };
    }

    /**
     * Reads a block's name.
     *
     * @param text as {@code KIND:KEY}.
     * @return the name; {@code toString()} gives the text back.
     * @throws SharedMemoryException {@link SharedMemoryError#KEY_ERROR} where that is none, with the remedy.
     */
    static BlockName parse(String text) throws SharedMemoryException {
        final int colon = text.indexOf(':');
        final String kind = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        final String key = text.substring(colon + 1);
        if (colon < 0) {
            throw BlockKeys.refuse(
                    text, "has no kind; write posix:, systemv:, qt:, file:, windows:, wine: or dll: before it");
        }
        return switch (kind) {
            case "posix" -> new Posix(BlockKeys.fileName(text, key));
            case "systemv" -> BlockKeys.systemV(text, key);
            case "qt" -> BlockKeys.qt(text, key);
            case "file" -> new MappedFile(BlockKeys.path(text, key));
            case "windows" -> new Windows(BlockKeys.windowsName(text, key));
            case "wine" -> new Wine(BlockKeys.windowsName(text, key));
            case "dll" -> BlockKeys.dll(text, key);
            default ->
                throw BlockKeys.refuse(
                        text,
                        "is of an unknown kind '" + kind
                                + "'; there are posix, systemv, qt, file, windows, wine and dll");
        };
    }

    /**
     * A POSIX segment.
     *
     * @param name of the segment, without the slash that shm_open wants before it.
     */
    record Posix(String name) implements BlockName {
        /** Refuses with an {@link IllegalArgumentException} what {@link #parse} refuses. */
        public Posix {
            name = BlockKeys.valid(BlockKeys::fileName, "posix:" + name, name);
        }

        @Override
        public String kind() {
            return "posix";
        }

        @Override
        public String key() {
            return name;
        }

        @Override
        public String toString() {
            return "posix:" + name;
        }
    }

    /**
     * A System V segment.
     *
     * @param value the number that shmget takes.
     * @param key as the user wrote it.
     */
    record SystemV(int value, String key) implements BlockName {
        /**
         * The segment of a number.
         *
         * @param value the number that shmget takes.
         */
        public SystemV(int value) {
            this(value, String.format("0x%08x", value));
        }

        @Override
        public String kind() {
            return "systemv";
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SystemV that && value == that.value;
        }

        @Override
        public int hashCode() {
            return value;
        }

        @Override
        public String toString() {
            return "systemv:" + key;
        }
    }

    /**
     * {@code QSharedMemory(key)}, in every version of Qt, on this system: of System V on Linux, a named mapping on Windows.
     *
     * @param key as the Qt program has it.
     */
    record Qt(String key) implements BlockName {
        /** Refuses the empty key with an {@link IllegalArgumentException}. */
        public Qt {
            key = BlockKeys.valid(BlockKeys::anyText, "qt:" + key, key);
        }

        @Override
        public String kind() {
            return "qt";
        }

        @Override
        public String toString() {
            return "qt:" + key;
        }
    }

    /**
     * {@code QSharedMemory(QNativeIpcKey)}, which Qt has since 6.6.
     *
     * @param type of the key.
     * @param nativeKey what the system knows the block by: {@code /NAME}, the path of the file for ftok, or the mapping's name.
     */
    record QtNative(QtKeyType type, String nativeKey) implements BlockName {
        /** Refuses with an {@link IllegalArgumentException} what {@link #parse} refuses. */
        public QtNative {
            final String text = "qt:" + type.scheme() + ":" + nativeKey;
            nativeKey = switch (type) {
                case POSIX -> "/" + BlockKeys.valid(BlockKeys::fileName, text, nativeKey);
                case SYSTEM_V -> BlockKeys.valid(BlockKeys::pathText, text, nativeKey);
                case WINDOWS -> BlockKeys.valid(BlockKeys::windowsName, text, nativeKey);
            };
        }

        @Override
        public String kind() {
            return "qt";
        }

        @Override
        public String key() {
            return type.scheme() + ":" + nativeKey;
        }

        @Override
        public String toString() {
            return "qt:" + key();
        }
    }

    /** Types of {@code QNativeIpcKey}. */
    enum QtKeyType {
        /** {@code QNativeIpcKey::Type::PosixRealtime}. */
        POSIX("posix"),
        /** {@code QNativeIpcKey::Type::SystemV}. */
        SYSTEM_V("systemv"),
        /** {@code QNativeIpcKey::Type::Windows}. */
        WINDOWS("windows");

        private final String scheme;

        QtKeyType(String scheme) {
            this.scheme = scheme;
        }

        /**
         * The word that {@code QNativeIpcKey::toString()} begins with.
         *
         * @return scheme.
         */
        public String scheme() {
            return scheme;
        }
    }

    /**
     * A file that programs map.
     *
     * @param path of the file.
     */
    record MappedFile(Path path) implements BlockName {
        /** Refuses with an {@link IllegalArgumentException} what {@link #parse} refuses. */
        public MappedFile {
            BlockKeys.valid(BlockKeys::pathText, "file:" + path, path.toString());
        }

        @Override
        public String kind() {
            return "file";
        }

        @Override
        public String key() {
            return path.toString();
        }

        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    /**
     * A named file mapping, on Windows.
     *
     * @param name with or without {@code Local\} or {@code Global\}; case counts.
     */
    record Windows(String name) implements BlockName {
        /** Refuses with an {@link IllegalArgumentException} what {@link #parse} refuses. */
        public Windows {
            name = BlockKeys.valid(BlockKeys::windowsName, "windows:" + name, name);
        }

        @Override
        public String kind() {
            return "windows";
        }

        @Override
        public String key() {
            return name;
        }

        @Override
        public String toString() {
            return "windows:" + name;
        }
    }

    /**
     * A named file mapping in a Wine or Proton prefix, on Linux.
     *
     * @param name with or without {@code Local\} or {@code Global\}; case counts.
     */
    record Wine(String name) implements BlockName {
        /** Refuses with an {@link IllegalArgumentException} what {@link #parse} refuses. */
        public Wine {
            name = BlockKeys.valid(BlockKeys::windowsName, "wine:" + name, name);
        }

        @Override
        public String kind() {
            return "wine";
        }

        @Override
        public String key() {
            return name;
        }

        @Override
        public String toString() {
            return "wine:" + name;
        }
    }

    /**
     * The memory that every process shares which loads a DLL: {@code #pragma data_seg} with {@code /SECTION:name,RWS}. On Windows
     * this process loads the DLL too; on Linux it is reached in the Wine processes that have loaded it.
     *
     * @param file of the DLL, as this system names it.
     * @param member an exported symbol, {@code .name} of a section, or empty for the first shared section.
     */
    record DllSection(Path file, String member) implements BlockName {
        @Override
        public String kind() {
            return "dll";
        }

        @Override
        public String key() {
            return member.isEmpty() ? file.toString() : file + "!" + member;
        }

        @Override
        public String toString() {
            return "dll:" + key();
        }
    }
}
