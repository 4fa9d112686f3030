package io.slipstream.queue.chronicle;

import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.TailerState;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Looks whether the document that a tailer would read next is there, and leaves the tailer where it is. A durable tailer stores
 * its position in the queue even where it only goes on to the next file or to the first one: a second tailer, which stores
 * nothing, looks in its place and follows it. Single-threaded.
 */
final class Lookout implements AutoCloseable {
    /** Documents that the second tailer rather reads than looks up its place in the index. */
    private static final long FOLLOW = 128;

    private static final int MOST_STEPS = 8;
    private static final long NOWHERE = Long.MIN_VALUE;

    private final SingleChronicleQueue queue;
    private final ExcerptTailer tailer;
    private final boolean durable;
    private final RollCycle rollCycle;
    private ExcerptTailer scout;
    private long scoutedFor = NOWHERE;

    Lookout(SingleChronicleQueue queue, ExcerptTailer tailer, boolean durable) {
        this.queue = queue;
        this.tailer = tailer;
        this.durable = durable;
        this.rollCycle = queue.rollCycle();
    }

    /** Whether the next document is there. */
    boolean isThere() {
        if (!durable) {
            return sees(tailer);
        }
        final long index = tailer.index();
        if (scout == null) {
            scout = queue.createTailer();
            scout.singleThreadedCheckDisabled(true);
        }
        if (index != scoutedFor) {
            send(index);
            scoutedFor = index;
        }
        return sees(scout);
    }

    private static boolean sees(ExcerptTailer from) {
        try (DocumentContext document = next(from)) {
            final boolean present = document.isPresent();
            if (present) {
                document.rollbackOnClose();
            }
            return present;
        }
    }

    /**
     * The document that a tailer reads next, present if it is there. On its way to the next file the engine may take one step
     * and say that nothing is there: it is asked again as long as it moves, since nobody may wake us a second time.
     */
    static DocumentContext next(ExcerptTailer from) {
        TailerState before = from.state();
        DocumentContext document = from.readingDocument(false);
        for (int step = 1; !document.isPresent() && from.state() != before && step < MOST_STEPS; step++) {
            before = from.state();
            document.close();
            document = from.readingDocument(false);
        }
        return document;
    }

    private void send(long index) {
        if (index == 0) {
            // The tailer of a new name, which has read nothing yet.
            scout.toStart();
        } else if (!follow(index)) {
            scout.moveToIndex(index);
        }
    }

    private boolean follow(long index) {
        final long at = scout.index();
        if (scoutedFor == NOWHERE || rollCycle.toCycle(at) != rollCycle.toCycle(index) || index - at > FOLLOW) {
            return false;
        }
        while (scout.index() < index) {
            try (DocumentContext document = scout.readingDocument(false)) {
                if (!document.isPresent()) {
                    return false;
                }
            }
        }
        return scout.index() == index;
    }

    @Override
    public void close() {
        if (scout != null) {
            scout.close();
        }
    }
}
