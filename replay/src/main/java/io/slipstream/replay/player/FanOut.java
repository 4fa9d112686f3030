package io.slipstream.replay.player;

import io.slipstream.replay.session.FrameCursor;
import java.io.IOException;
import java.util.List;

/** Several sinks that get the same, one after the other. */
public final class FanOut implements FrameSink {
    private final FrameSink[] sinks;

    /**
     * Joins sinks; they are closed with this.
     *
     * @param sinks in the order in which they get a frame; the one that minds a delay most comes first.
     */
    public FanOut(List<? extends FrameSink> sinks) {
        this.sinks = sinks.toArray(FrameSink[]::new);
    }

    @Override
    public void onFrame(FrameCursor cursor, long timestampNs) {
        for (FrameSink sink : sinks) {
            sink.onFrame(cursor, timestampNs);
        }
    }

    @Override
    public void onJump(long timestampNs) {
        for (FrameSink sink : sinks) {
            sink.onJump(timestampNs);
        }
    }

    @Override
    public void onDropped() {
        for (FrameSink sink : sinks) {
            sink.onDropped();
        }
    }

    @Override
    public void onMarker(String label, long timestampNs) {
        for (FrameSink sink : sinks) {
            sink.onMarker(label, timestampNs);
        }
    }

    @Override
    public void onClock(PlaybackState state, long timestampNs) {
        for (FrameSink sink : sinks) {
            sink.onClock(state, timestampNs);
        }
    }

    /** Closes all, even if one of them fails. */
    @Override
    public void close() throws IOException {
        Exception failure = null;
        for (FrameSink sink : sinks) {
            try {
                sink.close();
            } catch (IOException | RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            default -> throw (RuntimeException) failure;
        }
    }
}
