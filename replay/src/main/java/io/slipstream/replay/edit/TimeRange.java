package io.slipstream.replay.edit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A stretch of time.
 *
 * @param fromNs its first instant, ns since the Unix epoch.
 * @param toNs the first instant after it, ns since the Unix epoch.
 */
public record TimeRange(long fromNs, long toNs) {
    /** Everything. */
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /**
     * Tells whether an instant is in it.
     *
     * @param timestampNs ns since the Unix epoch.
     * @return true from the first instant to the last.
     */
    public boolean contains(long timestampNs) {
        return timestampNs >= fromNs && timestampNs < toNs;
    }

    /** In order of time; those that touch or overlap become one, those without an instant none. */
    static List<TimeRange> united(List<TimeRange> ranges) {
        final List<TimeRange> united = new ArrayList<>();
        final List<TimeRange> sorted = ranges.stream()
                .filter(range -> range.fromNs < range.toNs)
                .sorted(Comparator.comparingLong(TimeRange::fromNs))
                .toList();
        for (TimeRange range : sorted) {
            if (!united.isEmpty() && range.fromNs <= united.getLast().toNs) {
                final TimeRange last = united.removeLast();
                united.add(new TimeRange(last.fromNs, Math.max(last.toNs, range.toNs)));
            } else {
                united.add(range);
            }
        }
        return united;
    }
}
