package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A sink that keeps what it is told, and when. */
final class PlayedFrames implements FrameSink {
    /**
     * A frame as it was played.
     *
     * @param at time of the timer.
     * @param captured in the recording, ns since the Unix epoch.
     * @param stamp that it was played with.
     */
    record Played(long at, long ordinal, long captured, long stamp) {}

    final List<Played> frames = new ArrayList<>();
    final List<String> markers = new ArrayList<>();
    final List<PlaybackState> clocks = new ArrayList<>();
    final List<Long> stamps = new ArrayList<>();
    int jumps;
    int dropped;
    Consumer<Played> onFrame = played -> {};

    private final PlaybackTimer timer;

    PlayedFrames(final PlaybackTimer timer) {
        this.timer = timer;
    }

    @Override
    public void onFrame(final FrameCursor cursor, final long timestampNs) {
        final Played played = new Played(timer.nanoTime(), cursor.ordinal(), cursor.timestamp(), timestampNs);
        frames.add(played);
        stamps.add(timestampNs);
        onFrame.accept(played);
    }

    @Override
    public void onJump(final long timestampNs) {
        jumps++;
    }

    @Override
    public void onDropped() {
        dropped++;
    }

    @Override
    public void onMarker(final String label, final long timestampNs) {
        markers.add(label + " at " + timestampNs);
        stamps.add(timestampNs);
    }

    @Override
    public void onClock(final PlaybackState state, final long timestampNs) {
        clocks.add(state);
        stamps.add(timestampNs);
    }

    List<Long> ordinals() {
        return frames.stream().map(Played::ordinal).toList();
    }

    @Override
    public void close() {}
}
