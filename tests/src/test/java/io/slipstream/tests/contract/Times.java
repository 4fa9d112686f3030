package io.slipstream.tests.contract;

import io.slipstream.queue.RollCycle;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.queue.RollCycles;

/** Times for clocks that stand still: ns since the Unix epoch. */
final class Times {
    /** A Tuesday, at noon. */
    static final long START =
            TimeUnit.SECONDS.toNanos(Instant.parse("2026-11-24T12:00:00Z").getEpochSecond());

    static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private Times() {}

    /** How long a file lasts. */
    static long length(RollCycle cycle) {
        for (net.openhft.chronicle.queue.RollCycle candidate : RollCycles.all()) {
            if (candidate.toString().equals(cycle.name())) {
                return TimeUnit.MILLISECONDS.toNanos(candidate.lengthInMillis());
            }
        }
        throw new IllegalArgumentException(cycle.name());
    }
}
