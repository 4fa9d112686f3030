package io.slipstream.queue;

import java.time.Duration;

/**
 * How much of a queue {@link MessageQueue#prune} keeps. The oldest files go first, and only whole ones; the file that is being
 * written always stays.
 *
 * @param age since a file was last written to: an older one goes, unless a reader needs it.
 * @param bytes on disk: as long as the queue takes more, its oldest file goes, unless a reader needs it.
 * @param hardBytes on disk, at least {@code bytes}: as long as the queue takes more, its oldest file goes even beneath
 *     readers. It keeps one who hangs, or a name that nobody uses any more, from filling the disk.
 */
public record Retention(Duration age, long bytes, long hardBytes) {
    /** Checks the limits. */
    public Retention {
        if (age.isNegative() || bytes < 0 || hardBytes < bytes) {
            throw new IllegalArgumentException("an age of " + age + ", " + bytes + " bytes and at most " + hardBytes
                    + ": give none below 0, and no hard limit below the other");
        }
    }

    /**
     * Lets the queue grow to twice its size for readers that need old files.
     *
     * @param age since a file was last written to.
     * @param bytes on disk.
     * @return the limits.
     */
    public static Retention of(Duration age, long bytes) {
        return new Retention(age, bytes, bytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * bytes);
    }
}
