package io.slipstream.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** How keys become numbers: ftok(3), and what Qt does with its keys. */
final class SystemVKeys {
    /** The project id that Qt gives ftok. */
    static final int QT_ID = 'Q';

    private SystemVKeys() {}

    /** ftok(3) as glibc computes it: the id, the device and the inode of the file, each cut to what has room. */
    static int ftok(Path file, int id) throws SharedMemoryException {
        try {
            final Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
            final long device = ((Number) attributes.get("dev")).longValue();
            final long inode = ((Number) attributes.get("ino")).longValue();
            return (id & 0xFF) << 24 | (int) (device & 0xFF) << 16 | (int) (inode & 0xFFFF);
        } catch (NoSuchFileException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.NOT_FOUND,
                    "the key's file " + file + " is not there: start the program that makes it first; if it runs, its"
                            + " TMPDIR or container differs, or somebody cleaned the folder up",
                    e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new SharedMemoryException(
                    SharedMemoryError.KEY_ERROR, "the key's file " + file + " cannot be looked at: " + e, e);
        }
    }

    /** Qt's native name for a plain key: a prefix, the key's Latin letters, and a hash of all of it. */
    static String qtName(String prefix, String key) {
        final StringBuilder name = new StringBuilder(prefix);
        key.chars()
                .filter(c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
                .forEach(c -> name.append((char) c));
        try {
            final byte[] hash = MessageDigest.getInstance("SHA-1").digest(key.getBytes(StandardCharsets.UTF_8));
            return name.append(HexFormat.of().formatHex(hash)).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }

    /** Where Qt keeps the files of its keys: QDir::tempPath(). */
    static Path qtDirectory() {
        final String tmp = System.getenv("TMPDIR");
        return Path.of(tmp == null || tmp.isEmpty() ? "/tmp" : tmp);
    }
}
