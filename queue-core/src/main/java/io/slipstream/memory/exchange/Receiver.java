package io.slipstream.memory.exchange;

import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.Waiter;
import io.slipstream.memory.WakeWord;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Hands over what others have sent, and waits for it. Takes no lock that other processes take. Safe for any thread. */
final class Receiver {
    /** How long to sleep at the most before looking again. */
    static final long SLICE_NS = 50_000_000;

    private final Block block;
    private final Attachment attachment;
    private final Reader reader;
    private final WakeWord news;
    private final WakeWord room;
    private final Waiter waiter;
    private final ReentrantLock turn = new ReentrantLock();
    private final BooleanSupplier isDone = this::isDone;
    private volatile boolean closed;

    private boolean sendsOnly;
    private boolean polling;
    private SharedMemoryException failure;

    Receiver(Block block, Attachment attachment) {
        this.block = block;
        this.attachment = attachment;
        this.reader = new Reader(block, attachment);
        this.news = block.wakeWord(ExchangeDescriptor.NEWS_OFFSET);
        this.room = block.wakeWord(ExchangeDescriptor.ROOM_OFFSET);
        this.waiter = new Waiter(news, SLICE_NS);
    }

    int poll(ExchangeHandler handler, int limit) throws SharedMemoryException {
        turn.lock();
        try {
            requireReceives();
            polling = true;
            int count = 0;
            try {
                while (count < limit && reader.hasNext()) {
                    handler.onMessage(reader.message());
                    reader.advance();
                    count++;
                }
            } finally {
                polling = false;
                release();
            }
            return count;
        } finally {
            turn.unlock();
        }
    }

    boolean await(long timeoutNs) throws SharedMemoryException {
        turn.lock();
        try {
            requireReceives();
            final boolean found = waiter.await(isDone, timeoutNs);
            if (failure != null) {
                final SharedMemoryException thrown = failure;
                failure = null;
                throw thrown;
            }
            return found && !closed;
        } finally {
            turn.unlock();
        }
    }

    private boolean isDone() {
        try {
            if (closed || reader.hasNext()) {
                return true;
            }
            release();
            attachment.requireMine();
            return false;
        } catch (SharedMemoryException e) {
            failure = e;
            return true;
        }
    }

    private void requireReceives() throws SharedMemoryException {
        block.requireOpen(closed);
        if (sendsOnly) {
            throw new IllegalStateException("this program said that it only sends");
        }
        if (polling) {
            throw new IllegalStateException("a handler may not receive from the exchange that called it");
        }
        attachment.requireMine();
    }

    private boolean release() {
        if (!reader.release()) {
            return false;
        }
        VarHandle.fullFence();
        room.signal();
        return true;
    }

    /** Passes over what this program sent, unless another thread receives and so does it; true if that made room. */
    boolean passOverOwn() throws SharedMemoryException {
        if (!turn.tryLock()) {
            return false;
        }
        try {
            if (!sendsOnly && !polling) {
                reader.hasNext();
            }
            return !sendsOnly && release();
        } finally {
            turn.unlock();
        }
    }

    void sendOnly() throws SharedMemoryException {
        turn.lock();
        try {
            requireReceives();
            sendsOnly = true;
            attachment.position(ExchangeDescriptor.READS_NOTHING);
            VarHandle.fullFence();
            room.signal();
        } finally {
            turn.unlock();
        }
    }

    boolean isPollingHere() {
        return turn.isHeldByCurrentThread();
    }

    /** Has whoever waits come back. */
    void close() {
        closed = true;
        news.signal();
        waiter.nudge();
        turn.lock();
        try {
            release();
        } finally {
            turn.unlock();
        }
    }
}
