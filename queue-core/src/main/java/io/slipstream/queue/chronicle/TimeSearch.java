package io.slipstream.queue.chronicle;

import io.slipstream.queue.store.StoredMessage;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/** Finds the first message that is not older than a time: by halves over the files, then over the messages of one. */
final class TimeSearch implements AutoCloseable {
    private static final long NONE = Long.MIN_VALUE;

    private final SingleChronicleQueue queue;
    private final ExcerptTailer target;
    private final ExcerptTailer tailer;
    private final StoredMessage message;
    private final RollCycle rollCycle;

    TimeSearch(SingleChronicleQueue queue, ExcerptTailer tailer, StoredMessage message) {
        this.queue = queue;
        this.target = tailer;
        // A tailer of its own: a durable one would remember every place that the search looks at.
        this.tailer = queue.createTailer();
        this.message = message;
        this.rollCycle = queue.rollCycle();
    }

    void moveTo(long timestamp) {
        final int first = queue.firstCycle();
        final int last = queue.lastCycle();
        if (first == Integer.MAX_VALUE) {
            target.toStart();
            return;
        }
        final int[] cycles = queue.listCyclesBetween(first, last).stream()
                .mapToInt(Long::intValue)
                .toArray();
        // The last file whose first message is older than the time holds the answer, or the file after it does.
        int low = 0;
        int high = cycles.length - 1;
        while (low < high) {
            final int middle = (low + high + 1) >>> 1;
            final long found = timestampFrom(cycles[middle], 0, Long.MAX_VALUE);
            if (found != NONE && found < timestamp) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (!moveWithin(cycles[low], timestamp)) {
            if (low + 1 < cycles.length) {
                target.moveToIndex(rollCycle.toIndex(cycles[low + 1], 0));
            } else {
                target.toEnd();
            }
        }
    }

    private boolean moveWithin(int cycle, long timestamp) {
        final long count = Math.max(0, tailer.excerptsInCycle(cycle));
        long low = 0;
        long high = count;
        while (low < high) {
            final long middle = (low + high) >>> 1;
            final long found = timestampFrom(cycle, middle, high);
            if (found != NONE && found < timestamp) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < count && target.moveToIndex(rollCycle.toIndex(cycle, low));
    }

    /** Time of the first message of ours from a sequence number on; foreign documents are passed over. */
    private long timestampFrom(int cycle, long from, long to) {
        if (!tailer.moveToIndex(rollCycle.toIndex(cycle, from))) {
            return NONE;
        }
        for (long sequence = from; sequence < to; sequence++) {
            try (DocumentContext document = tailer.readingDocument(false)) {
                if (!document.isPresent() || rollCycle.toCycle(document.index()) != cycle) {
                    return NONE;
                }
                final Bytes<?> bytes = document.wire().bytes();
                final long start = bytes.readPosition();
                if (message.wrap(bytes.addressForRead(start), (int) bytes.readRemaining(), document.index())) {
                    return message.timestamp();
                }
            }
        }
        return NONE;
    }

    @Override
    public void close() {
        tailer.close();
    }
}
