package io.slipstream.queue.chronicle;

import io.slipstream.memory.Waiter;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.Subscriber;
import io.slipstream.queue.store.StoredMessage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Reads documents of raw bytes: the first of a chunk through Chronicle's tailer, those that follow in it straight from the mapped
 * memory. A durable subscriber stays with the tailer, which keeps its position in the queue after every message.
 */
final class ChronicleSubscriber implements Subscriber {
    private static final int BATCH = 64;

    private final ChronicleMessageQueue owner;
    private final ExcerptTailer tailer;
    private final boolean resumed;
    private final UseGuard guard;
    private final Lookout lookout;
    private final Waiter waiter;
    private final BooleanSupplier endOfWait = this::isWaitOver;
    private final StoredMessage message = new StoredMessage();
    private final ChunkReader chunk = new ChunkReader();
    private final Whereabouts whereabouts;
    private final RollCycle rollCycle;
    private final boolean durable;
    private MessageFilter filter = MessageFilter.ALL;
    private long foreign;
    private boolean handling;
    private BooleanSupplier stop;
    private boolean messageThere;
    private long seenWakes;

    ChronicleSubscriber(ChronicleMessageQueue owner, ExcerptTailer tailer, boolean durable, boolean resumed) {
        this.owner = owner;
        this.tailer = tailer;
        this.durable = durable;
        this.resumed = resumed;
        this.rollCycle = owner.queue().rollCycle();
        this.guard = new UseGuard("subscriber", owner::wakeSleepers);
        this.lookout = new Lookout(owner.queue(), tailer, durable);
        this.waiter = new Waiter(owner.wakeFile(), owner.foreignIntervalNs());
        this.seenWakes = owner.wakes();
        this.whereabouts = new Whereabouts(owner, resumed ? tailer.index() : 0);
        tailer.singleThreadedCheckDisabled(true);
    }

    @Override
    public int poll(MessageHandler handler, int limit) {
        guard.enter();
        // An interrupt would close the engine's file channel while it maps; it is held back until after the poll.
        final boolean interrupted = Thread.interrupted();
        handling = true;
        try {
            int count = 0;
            while (count < limit && readOne(handler)) {
                count++;
            }
            return count;
        } finally {
            handling = false;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            guard.exit();
        }
    }

    @Override
    public boolean await(Duration timeout) {
        return await(TimeUnit.NANOSECONDS.convert(timeout), null);
    }

    @Override
    public void pollUntil(MessageHandler handler, BooleanSupplier until) {
        while (!until.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
            if (poll(handler, BATCH) == 0) {
                await(Long.MAX_VALUE, until);
            }
        }
    }

    private boolean await(long timeoutNs, BooleanSupplier until) {
        guard.enter();
        try {
            if (handling) {
                throw new IllegalStateException("a handler cannot wait for the message after its own: return first");
            }
            stop = until;
            waiter.await(endOfWait, timeoutNs);
            if (guard.isClosed()) {
                throw guard.closed();
            }
            return messageThere;
        } finally {
            stop = null;
            guard.exit();
        }
    }

    private boolean isWaitOver() {
        messageThere = false;
        if (guard.isClosed()) {
            return true;
        }
        messageThere = hasNext();
        return messageThere || (stop != null && stop.getAsBoolean()) || isWoken();
    }

    /** Whether somebody called wake() since this was last asked. */
    private boolean isWoken() {
        final long wakes = owner.wakes();
        final boolean woken = wakes != seenWakes;
        seenWakes = wakes;
        return woken;
    }

    private boolean hasNext() {
        // Held back as in poll(), and for the same reason.
        final boolean interrupted = Thread.interrupted();
        try {
            if (chunk.isActive()) {
                final int next = chunk.next();
                if (next != ChunkReader.LEAVE) {
                    return next == ChunkReader.DOCUMENT;
                }
                catchUp();
            }
            return lookout.isThere();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Makes a wait that no publisher can end look again. */
    void nudge() {
        waiter.nudge();
    }

    private boolean readOne(MessageHandler handler) {
        if (chunk.isActive()) {
            final int found = chunk.next();
            if (found != ChunkReader.LEAVE) {
                return found == ChunkReader.DOCUMENT && readFromChunk(handler);
            }
            catchUp();
        }
        return readFromTailer(handler);
    }

    private boolean readFromChunk(MessageHandler handler) {
        handle(chunk.address(), chunk.length(), chunk.index(), handler);
        // Only now: a message whose handler threw comes again.
        chunk.advance();
        return true;
    }

    /** Brings the tailer to where the chunk was read to: behind the last message, which is there for certain. */
    private void catchUp() {
        if (chunk.isActive()) {
            chunk.leave();
            final long last = chunk.index() - 1;
            whereabouts.at(last);
            if (!tailer.moveToIndex(last)) {
                throw new QueueException("the message at position " + last + " (" + Long.toHexString(last) + ") in "
                        + owner.directory() + " was read and is not found again: its file was deleted or damaged");
            }
            tailer.readingDocument(false).close();
        }
    }

    private boolean readFromTailer(MessageHandler handler) {
        final DocumentContext document = Lookout.next(tailer);
        boolean done = false;
        try {
            if (!document.isPresent()) {
                done = true;
                return false;
            }
            final Bytes<?> bytes = document.wire().bytes();
            final long start = bytes.readPosition();
            final int length = (int) bytes.readRemaining();
            final long index = document.index();
            whereabouts.at(index);
            handle(bytes.addressForRead(start), length, index, handler);
            // A handler may have moved the tailer.
            if (!durable && tailer.index() == index) {
                final long last = rollCycle.toIndex(rollCycle.toCycle(index), rollCycle.maxMessagesPerCycle() - 1);
                chunk.enter(bytes, start + length, index + 1, last);
            }
            done = true;
            return true;
        } finally {
            if (!done) {
                document.rollbackOnClose();
            }
            document.close();
        }
    }

    private void handle(long address, int length, long index, MessageHandler handler) {
        if (!message.wrap(address, length, index)) {
            foreign++;
        } else if (filter.accept(message)) {
            handler.onMessage(message);
        }
    }

    @Override
    public Subscriber toStart() {
        guard.enter();
        try {
            chunk.leave();
            tailer.toStart();
            moved();
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toEnd() {
        guard.enter();
        try {
            chunk.leave();
            tailer.toEnd();
            moved();
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toPosition(long position) {
        guard.enter();
        try {
            // Whoever asks for a position that is not there stays where he is.
            catchUp();
            final long here = tailer.index();
            // The engine knows no negative ones.
            if (position < 0 || !tailer.moveToIndex(position)) {
                // It has moved nonetheless; back, also to where no message is yet.
                tailer.moveToIndex(here);
                throw new QueueException("no message at position " + position + " (" + Long.toHexString(position)
                        + ") in " + owner.directory() + ": it was deleted, or the position belongs to another queue");
            }
            moved();
            return this;
        } finally {
            guard.exit();
        }
    }

    @Override
    public Subscriber toTime(long timestamp) {
        guard.enter();
        chunk.leave();
        try (TimeSearch search = new TimeSearch(owner.queue(), tailer, message)) {
            search.moveTo(timestamp);
            moved();
            return this;
        } finally {
            guard.exit();
        }
    }

    private void moved() {
        whereabouts.movedTo(owner.queue().firstCycle() == Integer.MAX_VALUE ? 0 : tailer.index());
    }

    @Override
    public Subscriber filter(MessageFilter wanted) {
        this.filter = wanted;
        return this;
    }

    @Override
    public long position() {
        return chunk.isActive() ? chunk.index() : tailer.index();
    }

    @Override
    public long foreign() {
        return foreign;
    }

    @Override
    public long lost() {
        return whereabouts.lost();
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    @Override
    public void close() {
        if (!guard.isOwner() && !guard.isClosed()) {
            throw new WrongThreadException(
                    "the subscriber belongs to another thread: close the queue to close them all");
        }
        shutDown();
        owner.release(this);
    }

    void shutDown() {
        if (guard.close(ChronicleMessageQueue.CLOSE_TIMEOUT_NS)) {
            lookout.close();
            whereabouts.close();
            tailer.close();
        }
    }
}
