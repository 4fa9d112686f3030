package io.slipstream.replay.channel;

import io.slipstream.telemetry.session.LapSpan;
import java.util.List;

/**
 * What of a session is wanted, and how often.
 *
 * @param channels in the order of their values.
 * @param laps of the session, in any order; none for the whole session.
 * @param fromNs ns since the Unix epoch; nothing before it.
 * @param toNs ns since the Unix epoch; nothing at it and after it.
 * @param rate Hz, {@link #MIN_RATE} to {@link #MAX_RATE}; {@link #EVERY_FRAME}.
 */
public record SampleSelection(List<Channel> channels, List<LapSpan> laps, long fromNs, long toNs, double rate) {
    /** The rate that gives every frame at the time when it was captured. */
    public static final double EVERY_FRAME = 0;

    /** No slower rate is given: a sample in a quarter of an hour. */
    public static final double MIN_RATE = 0.001;

    /** No faster rate is given: no game writes so many frames. */
    public static final double MAX_RATE = 100_000;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the rate is neither 0 nor one from {@value #MIN_RATE} to {@value #MAX_RATE}, or the time ends before it begins.
     */
    public SampleSelection {
        channels = List.copyOf(channels);
        laps = List.copyOf(laps);
        if (rate != EVERY_FRAME && !(rate >= MIN_RATE && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(
                    "a rate of " + rate + " Hz; give one from " + MIN_RATE + " to " + MAX_RATE);
        }
        if (toNs < fromNs) {
            throw new IllegalArgumentException("the end at " + toNs + " ns is before the start at " + fromNs + " ns");
        }
    }

    /**
     * Every frame of a whole session.
     *
     * @param channels that are wanted.
     * @return a selection.
     */
    public static SampleSelection of(List<Channel> channels) {
        return new SampleSelection(channels, List.of(), Long.MIN_VALUE, Long.MAX_VALUE, EVERY_FRAME);
    }

    /**
     * The same of some laps.
     *
     * @param wanted laps of the session.
     * @return a selection.
     */
    public SampleSelection withLaps(List<LapSpan> wanted) {
        return new SampleSelection(channels, wanted, fromNs, toNs, rate);
    }

    /**
     * The same of a time.
     *
     * @param from ns since the Unix epoch.
     * @param to ns since the Unix epoch, exclusive.
     * @return a selection.
     */
    public SampleSelection withTime(long from, long to) {
        return new SampleSelection(channels, laps, from, to, rate);
    }

    /**
     * The same at a rate.
     *
     * @param hertz samples a second; {@link #EVERY_FRAME}.
     * @return a selection.
     */
    public SampleSelection withRate(double hertz) {
        return new SampleSelection(channels, laps, fromNs, toNs, hertz);
    }
}
