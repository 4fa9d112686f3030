package io.slipstream.queue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Reads a queue's messages in order, in place.
 *
 * <p>A new subscriber stands at the start; a durable one, made with {@link MessageQueue#subscriber(String)}, where its
 * namesake left off. Subscribers never block publishers and need no lock. The file that a subscriber reads, and all newer ones,
 * are kept for it: see {@link MessageQueue#prune}; so close it when it is not to read on.
 *
 * <p>Documents that are not messages of ours (another program's, another envelope version) are passed over and counted in
 * {@link #foreign()}.
 *
 * <p><b>Threads:</b> a subscriber belongs to the thread that made it; any other gets a {@link WrongThreadException}.
 * Steady-state polling and waiting allocate nothing.
 */
public interface Subscriber extends AutoCloseable {

    /**
     * Hands over messages that are there already; never waits.
     *
     * <p>A durable subscriber's position moves on after each message for which the handler returned: a message whose
     * handler threw, or during which the process died, comes again (at least once).
     *
     * @param handler called for each message that the filter accepts.
     * @param limit of messages to move past.
     * @return messages moved past, whether handled, filtered out or foreign; 0 at the end of the queue.
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Waits, asleep, until there is something to read. Costs no processor time: a publisher of Slipstream, in whatever process
     * and language, wakes the sleeper. Moves past nothing, and does not ask the filter.
     *
     * <pre>{@code
     * while (running) {
     *     if (subscriber.await(Duration.ofSeconds(1))) {
     *         subscriber.poll(handler, 64);
     *     }
     * }
     * }</pre>
     *
     * <p>A program that writes to the queue without waking anybody, as Chronicle's own, is seen after {@link
     * MessageQueue.Context#foreignInterval} at the latest. So is everybody where the queue is open read-only, since its
     * directory is never written to, or the system is not Linux on x86-64 or aarch64: there the wait is a sleep by intervals.
     *
     * <p>An interrupt ends the wait; the interrupt status is kept. A thread that is interrupted does not wait: this looks once.
     *
     * @param timeout at most; zero or less to look only.
     * @return true if there is something to read; false after the time-out, after {@link MessageQueue#wake}, or when the
     *     thread is interrupted.
     * @throws QueueClosedException if the subscriber is closed, or another thread closes the queue meanwhile.
     * @throws IllegalStateException if a handler calls this.
     */
    boolean await(Duration timeout);

    /**
     * Polls until told to stop or interrupted, asleep while there is nothing to read, as in {@link #await}.
     *
     * @param handler called for each message that the filter accepts.
     * @param stop asked before every poll, and while there is nothing to read whenever the sleeper is woken, but after {@link
     *     MessageQueue.Context#foreignInterval} at the latest; {@link MessageQueue#wake} has it asked at once.
     * @throws QueueClosedException if the subscriber is closed, or another thread closes the queue meanwhile.
     */
    void pollUntil(MessageHandler handler, BooleanSupplier stop);

    /**
     * Polls until told to stop, idling when there is nothing to read.
     *
     * @param handler called for each message that the filter accepts.
     * @param idleStrategy decides how to wait: spin, yield, park.
     * @param stop asked before every poll.
     */
    default void pollUntil(MessageHandler handler, IdleStrategy idleStrategy, BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            idleStrategy.idle(poll(handler, 64));
        }
    }

    /**
     * Moves before the oldest message that the queue still has.
     *
     * @return this.
     */
    Subscriber toStart();

    /**
     * Moves behind the newest message.
     *
     * @return this.
     */
    Subscriber toEnd();

    /**
     * Moves to a message, so that it is the next.
     *
     * @param position as {@link Message#position()} or {@link Publisher#publish} gave it.
     * @return this.
     * @throws QueueException if there is no message at the position.
     */
    Subscriber toPosition(long position);

    /**
     * Moves to the first message that is not older than a time; to the end if all are. A binary search: it relies on
     * timestamps that do not decrease along the queue, as they do not within one source; where sources' clocks differ, it
     * is as exact as they agree.
     *
     * @param timestamp ns since the Unix epoch.
     * @return this.
     */
    Subscriber toTime(long timestamp);

    /**
     * Chooses the messages to hand over from now on.
     *
     * @param filter asked for every message.
     * @return this.
     */
    Subscriber filter(MessageFilter filter);

    /**
     * Position from which the next poll reads on.
     *
     * @return the position of the next message, there or still to come.
     */
    long position();

    /**
     * Documents passed over because they are not messages of ours.
     *
     * @return count since this subscriber was made.
     */
    long foreign();

    /**
     * Messages that {@link MessageQueue#prune} deleted before this subscriber came to them: it fell behind the hard limit, or
     * nobody could know that it reads. A file that was too damaged to be counted counts as one message. Files that were
     * deleted otherwise, as by hand, are not known of, nor is what a seek passes over counted. Known once the subscriber has
     * gone on to the file behind them.
     *
     * @return count since this subscriber was made; for a durable one that resumed, with what was deleted before that.
     */
    long lost();

    /**
     * Tells whether this durable subscriber found a position to resume from.
     *
     * @return false for a name used for the first time, and for a subscriber without a name.
     */
    boolean resumed();

    /** Releases the mapped memory; a durable subscriber's position stays. May be called again. */
    @Override
    void close();
}
