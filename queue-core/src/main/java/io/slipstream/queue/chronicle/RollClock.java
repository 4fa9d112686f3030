package io.slipstream.queue.chronicle;

import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.core.values.LongValue;
import org.agrona.concurrent.EpochNanoClock;

/**
 * The time that decides which file is written: the queue's clock, but never before the newest file's cycle. Another process
 * whose clock is ahead has finished the older files; going back to one, or making one between, would lose what is written
 * there. Safe for any thread.
 */
final class RollClock implements TimeProvider {
    private final EpochNanoClock clock;
    private volatile LongValue newestCycle;
    private long cycleLengthMs;
    private long epochMs;

    RollClock(EpochNanoClock clock) {
        this.clock = clock;
    }

    /**
     * Tells where the newest cycle is, once the queue's table store is open.
     *
     * @param cycle in the table store; negative while there is no file.
     * @param lengthMs of a cycle.
     * @param epoch at which cycle 0 begins, in ms.
     */
    void open(LongValue cycle, long lengthMs, long epoch) {
        cycleLengthMs = lengthMs;
        epochMs = epoch;
        newestCycle = cycle;
    }

    @Override
    public long currentTimeMillis() {
        final long now = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
        final LongValue newest = newestCycle;
        final long cycle = newest == null ? -1 : newest.getVolatileValue();
        return cycle < 0 ? now : Math.max(now, cycle * cycleLengthMs + epochMs);
    }
}
