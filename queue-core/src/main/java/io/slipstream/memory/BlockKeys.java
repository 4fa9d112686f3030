package io.slipstream.memory;

import io.slipstream.memory.BlockName.DllSection;
import io.slipstream.memory.BlockName.Qt;
import io.slipstream.memory.BlockName.QtKeyType;
import io.slipstream.memory.BlockName.QtNative;
import io.slipstream.memory.BlockName.SystemV;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What each kind takes for a key. */
final class BlockKeys {
    private static final int LONGEST_FILE_NAME = 255;
    private static final int LONGEST_WINDOWS_NAME = 260;
    private static final String TRAVERSAL = "..";

    /** As QNativeIpcKey writes a System V key whose ftok id is not Q. */
    private static final Pattern OTHER_PROJECT = Pattern.compile("systemv-[0-9a-f]{1,2}:");

    private BlockKeys() {}

    static SharedMemoryException refuse(String text, String problem) {
        return new SharedMemoryException(SharedMemoryError.KEY_ERROR, "'" + printable(text) + "' " + problem);
    }

    /** A name from outside, fit to be shown in a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    static void requireSize(BlockName name, long size) throws SharedMemoryException {
        if (size <= 0) {
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE, name + ": a block of " + size + " bytes; give a size from 1");
        }
    }

    /** What a kind takes for a key. */
    interface Rule {
        String check(String text, String key) throws SharedMemoryException;
    }

    /** The same for names that are not parsed. */
    static String valid(Rule rule, String text, String key) {
        try {
            return rule.check(text, key);
        } catch (SharedMemoryException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static String anyText(String text, String key) throws SharedMemoryException {
        requireText(text, key);
        return key;
    }

    static String pathText(String text, String key) throws SharedMemoryException {
        return path(text, key).toString();
    }

    private static void requireText(String text, String key) throws SharedMemoryException {
        if (key.isEmpty()) {
            throw refuse(text, "has no key after the colon; give the one that the other program uses");
        }
        if (key.indexOf('\0') >= 0) {
            throw refuse(text, "holds a NUL character; no system has such names");
        }
    }

    /** A POSIX name: one file of a folder, so nothing that leads out of it. */
    static String fileName(String text, String key) throws SharedMemoryException {
        // shm_open wants a slash before the name, so people write one.
        final String name = key.startsWith("/") ? key.substring(1) : key;
        requireText(text, name);
        if (name.indexOf('/') >= 0) {
            throw refuse(text, "holds a / inside the name; POSIX names are one word (file: takes a path)");
        }
        if (name.equals(".") || name.equals(TRAVERSAL)) {
            throw refuse(text, "is a folder's name; give the block's");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_FILE_NAME) {
            throw refuse(text, "is longer than the " + LONGEST_FILE_NAME + " bytes that a name may have");
        }
        path(text, name); // A name that this JVM can write in the system's own character set.
        return name;
    }

    static Path path(String text, String key) throws SharedMemoryException {
        requireText(text, key);
        try {
            final Path path = Path.of(key);
            for (Path part : path) {
                if (part.toString().equals(TRAVERSAL)) {
                    throw refuse(text, "leads through '..'; give the path without it");
                }
            }
            return path;
        } catch (InvalidPathException e) {
            throw refuse(
                    text,
                    "is no path here: " + e.getReason() + "; if it has other letters than English, set LC_ALL=C.UTF-8");
        }
    }

    static BlockName systemV(String text, String key) throws SharedMemoryException {
        requireText(text, key);
        final int comma = key.lastIndexOf(',');
        try {
            final int value = comma < 0
                    ? number(key)
                    : SystemVKeys.ftok(path(text, key.substring(0, comma)), projectId(key.substring(comma + 1)));
            if (value == 0) {
                throw refuse(text, "is IPC_PRIVATE, which no two programs share; give another key");
            }
            return new SystemV(value, key);
        } catch (NumberFormatException e) {
            throw refuse(text, "is no System V key: a number from 1 to 0xffffffff, or PATH,ID as for ftok");
        }
    }

    private static int number(String key) {
        final long value = Long.decode(key);
        if (value < Integer.MIN_VALUE || value > 0xFFFF_FFFFL) {
            throw new NumberFormatException(key);
        }
        return (int) value;
    }

    private static int projectId(String id) {
        return id.length() == 1 && !Character.isDigit(id.charAt(0)) ? id.charAt(0) : number(id);
    }

    static BlockName qt(String text, String key) throws SharedMemoryException {
        requireText(text, key);
        if (OTHER_PROJECT.matcher(key).lookingAt()) {
            throw refuse(
                    text, "has an ftok id of its own, which is not supported: use systemv:PATH,ID without Qt's lock");
        }
        for (QtKeyType type : QtKeyType.values()) {
            if (key.startsWith(type.scheme() + ":")) {
                final String encoded = key.substring(type.scheme().length() + 1);
                requireText(text, encoded);
                return new QtNative(type, nativeKey(text, type, encoded));
            }
        }
        return new Qt(key);
    }

    private static String nativeKey(String text, QtKeyType type, String encoded) throws SharedMemoryException {
        final int query = encoded.indexOf('?');
        final String path = query < 0 ? encoded : encoded.substring(0, query);
        final String key;
        try {
            // Percent-encoded as a URL's path, where a plus sign is a plus sign.
            key = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refuse(text, "is no QNativeIpcKey: a % in it must be written %25");
        }
        return switch (type) {
            case POSIX -> "/" + fileName(text, key);
            case SYSTEM_V -> path(text, key).toString();
            case WINDOWS -> windowsName(text, key);
        };
    }

    static String windowsName(String text, String key) throws SharedMemoryException {
        requireText(text, key);
        final String plain =
                key.startsWith("Local\\") || key.startsWith("Global\\") ? key.substring(key.indexOf('\\') + 1) : key;
        requireText(text, plain);
        if (plain.indexOf('\\') >= 0) {
            throw refuse(text, "holds a \\ elsewhere than after Local or Global; Windows has no such names");
        }
        if (key.length() > LONGEST_WINDOWS_NAME) {
            throw refuse(text, "is longer than the " + LONGEST_WINDOWS_NAME + " characters that a name may have");
        }
        return key;
    }

    static BlockName dll(String text, String key) throws SharedMemoryException {
        final int mark = key.lastIndexOf('!');
        final String member = mark < 0 ? "" : key.substring(mark + 1);
        if (mark >= 0 && member.isEmpty()) {
            throw refuse(text, "has nothing after the !; give an exported symbol or .SECTION, or leave the ! out");
        }
        return new DllSection(path(text, mark < 0 ? key : key.substring(0, mark)), member);
    }
}
