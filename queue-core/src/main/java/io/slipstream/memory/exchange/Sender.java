package io.slipstream.memory.exchange;

import io.slipstream.memory.FastLock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.Waiter;
import io.slipstream.memory.WakeWord;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/** Sends one message at a time, holding the exchange's lock for the copy alone, and waits for room. Safe for any thread. */
final class Sender {
    /** A message is copied within a microsecond or so; whoever holds the lock for so long was stopped. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Block block;
    private final FastLock lock;
    private final Attachment attachment;
    private final Receiver receiver;
    private final LatestText latestText;
    private final Writer writer;
    private final WakeWord news;
    private final WakeWord room;
    /** Who copies; nobody sleeps while he has it, so that it is had soon. */
    private final ReentrantLock turn = new ReentrantLock();

    /** Who sleeps; taken before the turn, and never waited for beyond a caller's time-out. */
    private final ReentrantLock waiting = new ReentrantLock();

    private final Waiter waiter;
    private final BooleanSupplier isDone = this::isDone;
    private volatile boolean closed;

    // Of the thread that waits.
    private Outcome outcome;
    private SharedMemoryException failure;
    private int type;
    private DirectBuffer source;
    private int offset;
    private int length;

    private enum Outcome {
        SENT,
        NO_ROOM,
        /** No wait helps. */
        NEVER
    }

    Sender(Block block, FastLock lock, Attachment attachment, Receiver receiver, LatestText latestText) {
        this.block = block;
        this.lock = lock;
        this.attachment = attachment;
        this.receiver = receiver;
        this.latestText = latestText;
        this.writer = new Writer(block, attachment, latestText);
        this.news = block.wakeWord(ExchangeDescriptor.NEWS_OFFSET);
        this.room = block.wakeWord(ExchangeDescriptor.ROOM_OFFSET);
        this.waiter = new Waiter(room, Receiver.SLICE_NS);
    }

    /** Takes the lock of an exchange; false if the thread was interrupted, which it still is. */
    static boolean acquire(FastLock lock, Block block) throws SharedMemoryException {
        try {
            if (lock.tryLock(PATIENCE)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        throw new SharedMemoryException(
                SharedMemoryError.LOCK_ERROR,
                "process " + lock.owner().orElse(0) + " has held the lock of the exchange in " + block.name()
                        + " for over a second: it was stopped; continue or end it");
    }

    boolean send(int ofType, DirectBuffer from, int fromOffset, int ofLength, long timeoutNs)
            throws SharedMemoryException {
        block.requireOpen(closed);
        Outcome tried = trySend(ofType, from, fromOffset, ofLength);
        if (tried != Outcome.NO_ROOM || timeoutNs <= 0) {
            return tried == Outcome.SENT;
        }
        final long begun = System.nanoTime();
        while (tried == Outcome.NO_ROOM) {
            final long left = timeoutNs - (System.nanoTime() - begun);
            if (left <= 0) {
                return false;
            }
            if (acquireWaiting(Math.min(left, Receiver.SLICE_NS))) {
                try {
                    type = ofType;
                    source = from;
                    offset = fromOffset;
                    length = ofLength;
                    return awaitRoom(timeoutNs - (System.nanoTime() - begun));
                } finally {
                    source = null;
                    waiting.unlock();
                }
            }
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            tried = trySend(ofType, from, fromOffset, ofLength);
        }
        return tried == Outcome.SENT;
    }

    /** False after a time, or if the thread was interrupted, which it still is. */
    private boolean acquireWaiting(long timeoutNs) {
        try {
            return waiting.tryLock(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean awaitRoom(long timeoutNs) throws SharedMemoryException {
        outcome = Outcome.NO_ROOM;
        waiter.await(isDone, timeoutNs);
        if (failure != null) {
            final SharedMemoryException thrown = failure;
            failure = null;
            throw thrown;
        }
        return outcome == Outcome.SENT;
    }

    private boolean isDone() {
        try {
            outcome = trySend(type, source, offset, length);
            return outcome != Outcome.NO_ROOM;
        } catch (SharedMemoryException e) {
            failure = e;
            return true;
        }
    }

    private Outcome trySend(int ofType, DirectBuffer from, int fromOffset, int ofLength) throws SharedMemoryException {
        turn.lock();
        try {
            if (closed) {
                return Outcome.NEVER;
            }
            // What this program sent itself takes room too, until it is passed over.
            if (write(ofType, from, fromOffset, ofLength)
                    || (receiver.passOverOwn() && write(ofType, from, fromOffset, ofLength))) {
                return Outcome.SENT;
            }
            // What stands in the way is the message that the calling handler handles.
            return attachment.isInOwnWay() && receiver.isPollingHere() ? Outcome.NEVER : Outcome.NO_ROOM;
        } finally {
            turn.unlock();
        }
    }

    private boolean write(int ofType, DirectBuffer from, int fromOffset, int ofLength) throws SharedMemoryException {
        attachment.requireMine();
        if (!acquire(lock, block)) {
            return false;
        }
        final boolean written;
        try {
            written = writer.write(ofType, from, fromOffset, ofLength);
        } finally {
            // A full fence, which the signal needs before it.
            lock.unlock();
        }
        if (written) {
            news.signal();
        }
        return written;
    }

    /** The latest text, while nobody copies another; an empty array if there is none. */
    String[] latestText() throws SharedMemoryException {
        turn.lock();
        try {
            block.requireOpen(closed);
            if (!acquire(lock, block)) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        "interrupted while waiting for the lock of the exchange in " + block.name());
            }
            try {
                latestText.forgetUnsent(block.tail());
                final String[] copy = latestText.copy();
                if (copy == null) {
                    throw new SharedMemoryException(
                            SharedMemoryError.LOCK_ERROR,
                            "the latest text of the exchange in " + block.name()
                                    + " changed under its lock, which somebody broke perhaps: try again");
                }
                return copy;
            } finally {
                lock.unlock();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Has whoever waits come back. */
    void end() {
        closed = true;
        room.signal();
        waiter.nudge();
    }

    /** Detaches, once nobody sends. */
    void detach() {
        waiting.lock();
        turn.lock();
        try {
            attachment.detach();
        } finally {
            turn.unlock();
            waiting.unlock();
        }
    }
}
