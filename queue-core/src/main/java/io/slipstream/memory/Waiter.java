package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits, asleep, for news that a {@link WakeFile#signal} or {@link WakeWord#signal} announces, in whatever process it is called;
 * and looks again by itself for news that nobody announces: after a millisecond, then ever more seldom, until after every
 * interval.
 *
 * <p><b>Threads:</b> one at a time may wait; any may {@link #nudge}. Waiting allocates nothing, unless it is interrupted.
 */
public final class Waiter {
    private static final long FIRST_SLICE_NS = 1_000_000;

    private final WakeWord word;
    private final long intervalNs;
    private final MemorySegment state;
    private final MemorySegment timespec;
    private Sleep sleep = new Sleep();
    private volatile Thread parked;
    private long sleeps;

    /**
     * Creates a waiter.
     *
     * @param file through which others wake; null if nobody does, so that every interval is slept to its end.
     * @param intervalNs after which to look again in any case, at the latest, in ns.
     */
    public Waiter(WakeFile file, long intervalNs) {
        this(file == null ? null : file.word(), intervalNs);
    }

    /**
     * Creates a waiter.
     *
     * @param word through which others wake; null if nobody does.
     * @param intervalNs after which to look again in any case, at the latest, in ns.
     */
    public Waiter(WakeWord word, long intervalNs) {
        this.word = Futex.SUPPORTED ? word : null;
        this.intervalNs = intervalNs;
        // Small, and freed with the waiter: no call can come too late.
        final Arena arena = Arena.ofAuto();
        this.state = arena.allocate(CLibrary.CALL_STATE);
        this.timespec = arena.allocate(Futex.TIMESPEC);
    }

    /**
     * Waits until something is so.
     *
     * @param ready asked at once, after every wake and after every interval, on the calling thread.
     * @param timeoutNs at most, in ns; 0 or less to ask once only.
     * @return true as soon as {@code ready} says so; false after the time-out, or once the thread is interrupted: its interrupt
     *     status is kept.
     */
    public boolean await(BooleanSupplier ready, long timeoutNs) {
        final long start = System.nanoTime();
        // Where messages come from programs that wake nobody, the next is soon; where none come, ever more seldom is
        // enough.
        long slice = Math.min(intervalNs, FIRST_SLICE_NS);
        while (true) {
            // Before the announcement: one that nobody takes back costs a publisher an idle call.
            if (ready.getAsBoolean()) {
                return true;
            }
            final long left = timeoutNs - (System.nanoTime() - start);
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            final int announced = announce();
            try {
                if (ready.getAsBoolean()) {
                    return true;
                }
                sleep(announced, Math.min(left, slice));
                slice = slice > intervalNs / 2 ? intervalNs : 2 * slice;
            } finally {
                parked = null;
            }
        }
    }

    private int announce() {
        if (word != null) {
            return word.announce();
        }
        // A volatile store, before the look that follows: either we see what happened, or nudge sees us.
        parked = Thread.currentThread();
        return 0;
    }

    private void sleep(int announced, long nanos) {
        sleeps++;
        if (word == null) {
            LockSupport.parkNanos(this, nanos);
            return;
        }
        try {
            if (!sleep.whileWordIs(announced, nanos)) {
                // A sandbox that forbids the call, say: better late than busy.
                LockSupport.parkNanos(this, nanos);
            }
        } catch (ClosedByInterruptException e) {
            sleep = new Sleep();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends a sleep that no signal can end, because this waiter has no file: it asks again. */
    public void nudge() {
        final Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * How often this waiter fell asleep.
     *
     * @return count; of use to its own thread.
     */
    public long sleeps() {
        return sleeps;
    }

    /**
     * A system call that an interrupt ends. The JVM sends no signal to an interrupted thread; it closes the channel that the
     * thread waits in, and this channel's closing wakes the thread, like any news.
     */
    private final class Sleep extends AbstractInterruptibleChannel {
        boolean whileWordIs(int announced, long nanos) throws IOException {
            begin();
            try {
                return Thread.currentThread().isInterrupted()
                        || Futex.await(state, timespec, word.memory(), announced, nanos);
            } finally {
                end(true);
            }
        }

        @Override
        protected void implCloseChannel() {
            word.signal();
        }
    }
}
