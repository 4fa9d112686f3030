package io.slipstream.queue.chronicle;

import io.slipstream.queue.QueueClosedException;
import io.slipstream.queue.QueueException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a publisher or subscriber to its thread, and its mapped memory mapped while that thread is inside a call: another
 * thread that closes the queue waits for the call to end. One store, one fence and one load a call.
 */
final class UseGuard {
    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(UseGuard.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread owner = Thread.currentThread();
    private final String what;
    private final Runnable nudge;
    private boolean inside;
    private volatile boolean closed;

    /**
     * Guards for the calling thread.
     *
     * @param what is guarded, for messages.
     * @param nudge makes a thread that sleeps inside look whether it was closed; called after it was.
     */
    UseGuard(String what, Runnable nudge) {
        this.what = what;
        this.nudge = nudge;
    }

    void enter() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("the " + what + " belongs to thread '" + owner.getName() + "', not '"
                    + Thread.currentThread().getName() + "': make one for each thread");
        }
        INSIDE.setOpaque(this, true);
        // Dekker's bargain with close(): either it sees us inside, or we see it closed.
        VarHandle.fullFence();
        if (closed) {
            exit();
            throw closed();
        }
    }

    QueueClosedException closed() {
        return new QueueClosedException("the " + what + " is closed");
    }

    void exit() {
        INSIDE.setRelease(this, false);
    }

    boolean isClosed() {
        return closed;
    }

    boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    /**
     * Closes to further calls and waits for one that is under way.
     *
     * @param timeoutNs how long to wait.
     * @return false if it was closed before.
     */
    boolean close(long timeoutNs) {
        if (closed) {
            return false;
        }
        closed = true;
        VarHandle.fullFence();
        if (!isOwner()) {
            nudge.run();
        }
        final long deadline = System.nanoTime() + timeoutNs;
        while ((boolean) INSIDE.getAcquire(this) && owner.isAlive() && !isOwner()) {
            if (System.nanoTime() - deadline > 0) {
                closed = false;
                throw new QueueException("cannot close: thread '" + owner.getName() + "' is still inside its " + what
                        + " (a claim that is neither committed nor aborted?)");
            }
            LockSupport.parkNanos(20_000);
        }
        return true;
    }
}
