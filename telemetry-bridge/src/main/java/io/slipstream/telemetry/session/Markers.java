package io.slipstream.telemetry.session;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.state.EventMessages;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * Marks moments in a live queue, from the process that bridges or from any other. Whoever records the queue has them in the
 * session.
 *
 * <pre>{@code
 * try (MessageQueue live = MessageQueue.open(new MessageQueue.Context()
 *                 .directory(directory)
 *                 .blockSize(16 << 20)
 *                 .schema(Bridge.schema()));
 *         Markers markers = new Markers(live)) {
 *     markers.mark("lost the rear");
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> that which made it.
 */
public final class Markers implements AutoCloseable {
    private final Publisher publisher;
    private final EventMessages events;
    private final EpochNanoClock clock;
    private long lastNs;

    /**
     * Marks in a queue, by the system's clock.
     *
     * @param live opened with {@link io.slipstream.telemetry.bridge.Bridge#schema()}; stays the caller's to close.
     */
    public Markers(MessageQueue live) {
        this(live, new OffsetEpochNanoClock());
    }

    /**
     * Marks in a queue.
     *
     * @param live opened with {@link io.slipstream.telemetry.bridge.Bridge#schema()}; stays the caller's to close.
     * @param clock ns since the Unix epoch.
     */
    public Markers(MessageQueue live, EpochNanoClock clock) {
        this.publisher = live.publisher();
        this.events = new EventMessages(publisher);
        this.clock = clock;
    }

    /**
     * Marks this moment.
     *
     * @param label what to call it; may be empty.
     * @return the marker's time, ns since the Unix epoch.
     * @throws IllegalArgumentException if the label has more than {@link EventMessages#LONGEST_LABEL} bytes of UTF-8.
     */
    public long mark(String label) {
        // A clock that was set back does not turn the queue's order around.
        final long now = Math.max(clock.nanoTime(), lastNs);
        events.onMarker(now, label);
        lastNs = now;
        return now;
    }

    /** Releases the mapped memory. May be called again. */
    @Override
    public void close() {
        publisher.close();
    }
}
