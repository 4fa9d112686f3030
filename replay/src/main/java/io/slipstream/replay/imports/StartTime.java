package io.slipstream.replay.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * When a log starts, and how that is known.
 *
 * @param ns since the Unix epoch.
 * @param comesFrom for people.
 */
record StartTime(long ns, String comesFrom) {
    /** From a log's own date, or else from the file's. */
    static StartTime of(Path file, LocalDateTime stated) throws IOException {
        if (stated != null && stated.getYear() >= 1971 && stated.getYear() < 2200) {
            return new StartTime(ns(stated.toInstant(ZoneOffset.UTC)), "the file's own date, read as UTC");
        }
        final Instant modified = Files.getLastModifiedTime(file).toInstant();
        return new StartTime(ns(modified), "when the file was last written, as it states no date");
    }

    static long ns(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
