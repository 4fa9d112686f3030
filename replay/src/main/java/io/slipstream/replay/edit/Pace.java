package io.slipstream.replay.edit;

/** Tells the monitor now and then how far the work is, and asks whether it goes on. Single-threaded. */
final class Pace {
    private static final int EVERY = 256;

    private final EditMonitor monitor;
    private final long startNs;
    private final long endNs;
    private long frames;

    Pace(EditMonitor monitor, long startNs, long endNs) {
        this.monitor = monitor;
        this.startNs = startNs;
        this.endNs = endNs;
    }

    void onFrame(long timestampNs) throws EditStoppedException {
        if (++frames % EVERY == 0) {
            if (monitor.isStopped()) {
                throw new EditStoppedException();
            }
            final double share = (double) (timestampNs - startNs) / Math.max(1, endNs - startNs);
            monitor.onProgress(frames, Math.clamp(share, 0, 1));
        }
    }
}
