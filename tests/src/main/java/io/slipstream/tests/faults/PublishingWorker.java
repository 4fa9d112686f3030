package io.slipstream.tests.faults;

import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

/** Publishes messages one by one and through claims in turn, and keeps a ledger of it. */
final class PublishingWorker {
    private static final long SECOND = 1_000_000_000L;

    private final EpochNanoClock clock;
    private final Publisher publisher;
    private final Ledger ledger;
    private final int source;
    private final long holdNs;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private long timestamp;
    private long next;

    private PublishingWorker(EpochNanoClock clock, Publisher publisher, Ledger ledger, int source, long holdNs) {
        this.clock = clock;
        this.publisher = publisher;
        this.ledger = ledger;
        this.source = source;
        this.holdNs = holdNs;
    }

    static void run(String[] arguments) throws IOException {
        final int source = Integer.parseInt(arguments[3]);
        final long count = Long.parseLong(arguments[4]);
        final long pauseNs = Long.parseLong(arguments[5]);
        final long holdNs = Long.parseLong(arguments[6]);
        final Ledger ledger = arguments[7].equals("-") ? Ledger.forgotten() : Ledger.open(Path.of(arguments[7]));
        final EpochNanoClock clock = new OffsetEpochNanoClock();
        try (MessageQueue queue = Worker.open(arguments, source, clock);
                Publisher publisher = queue.publisher()) {
            Worker.say("ready");
            Worker.awaitGo();
            Worker.watch();
            final PublishingWorker worker = new PublishingWorker(clock, publisher, ledger, source, holdNs);
            final long longest = worker.publish(count == 0 ? Long.MAX_VALUE : count, pauseNs);
            Worker.say("done published=" + worker.next + " longest=" + longest);
        }
    }

    /** Tells how long the longest call took. */
    private long publish(long count, long pauseNs) {
        long longest = 0;
        long before = System.nanoTime();
        long reported = before;
        for (long calls = 0; next < count && !Worker.isToldToStop(); calls++) {
            ledger.attempt(next + 1);
            final long position = (calls & 1) == 0 ? publishOne() : publishClaim();
            next++;
            ledger.acknowledge(next);
            final long after = System.nanoTime();
            longest = Math.max(longest, after - before);
            if (calls == 0) {
                Worker.say("publishing");
            } else if (after - reported > SECOND) {
                reported = after;
                Worker.say("progress next=" + next + " position=" + Long.toHexString(position) + " longest=" + longest);
            }
            if (pauseNs > 0) {
                LockSupport.parkNanos(pauseNs);
            }
            before = System.nanoTime();
        }
        return longest;
    }

    private long publishOne() {
        final int length = Body.encode(buffer, 0, source, next);
        timestamp = Math.max(timestamp, clock.nanoTime());
        return publisher.publish(buffer, 0, length, timestamp);
    }

    private long publishClaim() {
        try (MessageClaim claim = publisher.claim(Body.length(Body.seed(source, next)))) {
            Body.encode(claim.buffer(), 0, source, next);
            if (holdNs > 0) {
                // As a slow encoder: a kill meets an open claim more often.
                final long end = System.nanoTime() + Math.floorMod(Body.seed(source, next), holdNs);
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }
            final long position = claim.commit();
            // The claim was stamped by the same clock, before now.
            timestamp = Math.max(timestamp, clock.nanoTime());
            return position;
        }
    }
}
