package io.slipstream.memory.exchange;

import io.slipstream.memory.FastLock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.Waiter;
import io.slipstream.memory.WakeWord;
import java.time.Duration;
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
    private final Waiter waiter;
    private final ReentrantLock turn = new ReentrantLock();
    private final BooleanSupplier isDone = this::isDone;
    private volatile boolean closed;

    private SharedMemoryException failure;
    private int type;
    private DirectBuffer source;
    private int offset;
    private int length;

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
        turn.lock();
        try {
            block.requireOpen(closed);
            type = ofType;
            source = from;
            offset = fromOffset;
            length = ofLength;
            if (trySend()) {
                return true;
            }
            if (timeoutNs <= 0 || !waiter.await(isDone, timeoutNs)) {
                return false;
            }
            if (failure != null) {
                final SharedMemoryException thrown = failure;
                failure = null;
                throw thrown;
            }
            return !closed;
        } finally {
            source = null;
            turn.unlock();
        }
    }

    private boolean isDone() {
        try {
            return closed || trySend();
        } catch (SharedMemoryException e) {
            failure = e;
            return true;
        }
    }

    private boolean trySend() throws SharedMemoryException {
        // What this program sent itself takes room too, until it is passed over.
        return write() || (receiver.passOverOwn() && write());
    }

    private boolean write() throws SharedMemoryException {
        attachment.requireMine();
        if (!acquire(lock, block)) {
            return false;
        }
        final boolean written;
        try {
            written = writer.write(type, source, offset, length);
        } finally {
            // A full fence, which the signal needs before it.
            lock.unlock();
        }
        if (written) {
            news.signal();
        }
        return written;
    }

    /** The latest text, while nobody sends; an empty array if there is none. */
    String[] latestText() throws SharedMemoryException {
        turn.lock();
        try {
            block.requireOpen(closed);
            if (!acquire(lock, block)) {
                return new String[0];
            }
            try {
                latestText.forgetUnsent(block.tail());
                final String[] copy = latestText.copy();
                return copy == null ? new String[0] : copy;
            } finally {
                lock.unlock();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Has whoever waits come back, and detaches. */
    void close() {
        closed = true;
        room.signal();
        waiter.nudge();
        turn.lock();
        try {
            attachment.detach();
        } finally {
            turn.unlock();
        }
    }
}
