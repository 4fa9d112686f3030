package io.slipstream.replay.player;

import java.util.ArrayDeque;
import java.util.Queue;

/** Time that passes only where somebody waits for it. What is scripted happens on the player's thread, exactly at its time. */
final class VirtualTimer implements PlaybackTimer {
    private record Scripted(long at, Runnable action) {}

    private final Queue<Scripted> script = new ArrayDeque<>();
    private Runnable soon;
    private long now;

    /** In the order of time; the player looks for commands right after. */
    VirtualTimer at(final long timeNs, final Runnable action) {
        script.add(new Scripted(timeNs, action));
        return this;
    }

    /** When the player waits next, without a moment having passed if it did not stall. */
    void soon(final Runnable action) {
        soon = action;
    }

    boolean hasSoon() {
        return soon != null;
    }

    /** The machine or the sink is busy for a while. */
    void stall(final long ns) {
        now += ns;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void await(final long untilNs) {
        if (soon != null) {
            final Runnable action = soon;
            soon = null;
            action.run();
        }
        final Scripted next = script.peek();
        if (next != null && next.at() <= untilNs) {
            script.remove();
            now = Math.max(now, next.at());
            next.action().run();
        } else {
            now = Math.max(now, untilNs);
        }
    }

    @Override
    public void wake(final Thread waiter) {
        // Nobody sleeps.
    }
}
