package io.slipstream.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of a process's memory, one line of {@code /proc/<pid>/maps}.
 *
 * @param start first address.
 * @param end first address behind it.
 * @param shared whether writes reach others who map the same file.
 * @param offset in the file, of the first address.
 * @param device of the file, as {@code st_dev}; 0 if there is no file.
 * @param inode of the file; 0 if there is none.
 * @param path of the file as the system names it, with {@code  (deleted)} behind it where it has no name any more.
 */
record ProcMapping(long start, long end, boolean shared, long offset, long device, long inode, String path) {
    /** Reads the lines of a maps file; those that are none are left out. */
    static List<ProcMapping> parse(String maps) {
        final List<ProcMapping> mappings = new ArrayList<>();
        // The system writes a line feed in a path as \012, but a carriage return as it is.
        int at = 0;
        while (at < maps.length()) {
            final int feed = maps.indexOf('\n', at);
            final int end = feed < 0 ? maps.length() : feed;
            final ProcMapping mapping = parseLine(maps.substring(at, end));
            if (mapping != null) {
                mappings.add(mapping);
            }
            at = end + 1;
        }
        return mappings;
    }

    /** {@code 010a0000-010a2000 rw-s 00000000 fe:00 2189796    /path}, the addresses ascending from line to line. */
    private static ProcMapping parseLine(String line) {
        final String[] parts = line.split(" +", 6);
        if (parts.length < 5 || parts[1].length() != 4) {
            return null;
        }
        final int dash = parts[0].indexOf('-');
        final int colon = parts[3].indexOf(':');
        if (dash < 0 || colon < 0) {
            return null;
        }
        try {
            final long start = Long.parseUnsignedLong(parts[0].substring(0, dash), 16);
            final long end = Long.parseUnsignedLong(parts[0].substring(dash + 1), 16);
            final long offset = Long.parseLong(parts[2], 16);
            final long device = device(
                    Long.parseLong(parts[3].substring(0, colon), 16),
                    Long.parseLong(parts[3].substring(colon + 1), 16));
            final long inode = Long.parseUnsignedLong(parts[4]);
            if (Long.compareUnsigned(start, end) >= 0 || offset < 0) {
                return null;
            }
            return new ProcMapping(
                    start, end, parts[1].charAt(3) == 's', offset, device, inode, parts.length == 6 ? parts[5] : "");
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** As {@code makedev} of the C library puts the two together, and {@code stat} gives them. */
    private static long device(long major, long minor) {
        return (major & 0xFFFL) << 8 | (minor & 0xFFL) | (minor & ~0xFFL) << 12 | (major & ~0xFFFL) << 32;
    }

    boolean holds(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    boolean isFile() {
        return inode != 0;
    }

    /** Its name in {@code /proc/<pid>/map_files}. */
    String range() {
        return Long.toHexString(start) + "-" + Long.toHexString(end);
    }
}
