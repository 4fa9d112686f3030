package io.slipstream.telemetry.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends a recording before it takes more of the disk than it may. Looks once a second, and sooner where much is written. Single-
 * threaded.
 */
final class DiskGuard {
    private static final long INTERVAL_NS = 1_000_000_000L;
    private static final long MOST_BETWEEN = 8 << 20;
    private static final long LEAST_BETWEEN = 64 << 10;
    private static final int LOOKS_A_QUOTA = 64;
    private static final int LOOKS_A_RESERVE = 8;

    private final RecordingPlan plan;
    private final RecordingParts parts;
    private long bytesBetween;
    private long nextLook;
    private long lookedAt;

    DiskGuard(RecordingPlan plan, RecordingParts parts) {
        this.plan = plan;
        this.parts = parts;
        this.bytesBetween = LEAST_BETWEEN;
        this.nextLook = plan.clock().nanoTime();
    }

    /** Whether so much was written since the last look that the next should not wait. */
    boolean isPressing() {
        return parts.writtenBytes() - lookedAt >= bytesBetween;
    }

    /** Looks if it is time to. Deletes the oldest parts where the plan says so. Null to go on. */
    RecordingEnd look() throws IOException {
        final long now = plan.clock().nanoTime();
        if (now - nextLook < 0 && !isPressing()) {
            return null;
        }
        nextLook = now + INTERVAL_NS;
        lookedAt = parts.writtenBytes();
        if (plan.quota() > 0 && isOverQuota()) {
            return RecordingEnd.QUOTA;
        }
        final DiskSpace.Room room = plan.diskSpace().look(existing(plan.into()));
        final long keptFree = plan.keptFree() < 0 ? room.keptFree() : plan.keptFree();
        // The less there may be left, the sooner it is gone.
        final long least =
                Math.min(keptFree / LOOKS_A_RESERVE, plan.quota() == 0 ? MOST_BETWEEN : plan.quota() / LOOKS_A_QUOTA);
        bytesBetween = Math.clamp(least, LEAST_BETWEEN, MOST_BETWEEN);
        return room.usable() < keptFree ? RecordingEnd.DISK_FULL : null;
    }

    private boolean isOverQuota() throws IOException {
        while (parts.bytes() >= plan.quota()) {
            if (!plan.dropsOldest() || !parts.deleteOldest()) {
                return true;
            }
        }
        return false;
    }

    /** The directory of sessions may still have to be made. */
    private static Path existing(Path directory) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}
