package io.slipstream.replay.channel;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import io.slipstream.telemetry.session.LapSpan;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The samples of a selection, in order of time: those of every frame, or those of a fixed rate.
 *
 * <p>A fixed rate's samples lie on one grid, {@code n / rate} seconds after the first sample, whatever laps were chosen. Between two
 * frames the values are interpolated in a line, except where a line would invent something: whole numbers keep the earlier
 * frame's value, and so do values across a leap, as a lap's distance at the line; what is not set in one of the two frames is NaN. Where
 * more than a second passes between two frames, or damaged ones are between them, there is no sample at all: the grid's numbers
 * ({@link #gridIndex()}) leave some out.
 *
 * <p><b>Threads:</b> one, that which owns the channels. Allocates nothing a sample, and keeps two frames, however long the session.
 */
public final class Samples implements AutoCloseable {
    /** Frames that are further from one another have a gap between them. */
    public static final long GAP_NS = 1_000_000_000L;

    private static final double NS_PER_SECOND = 1e9;

    private final List<Channel> channels;
    private final SelectedFrames frames;
    private final SampleSelection selection;
    private final long startNs;
    private final double sourceRate;
    private final double[] values;
    private final double[] before;
    private final double[] after;

    private long firstNs;
    private long gridIndex = -1;
    private long nextGridNs;
    private long timestamp;
    private long ordinal;
    private LapSpan lap;
    private boolean started;
    private long beforeNs;
    private long beforeOrdinal;
    private LapSpan beforeLap;
    private long afterNs;
    private long afterOrdinal;
    private LapSpan afterLap;
    private long samples;
    private long gaps;

    private Samples(SessionReader reader, SampleSelection selection) {
        this.selection = selection;
        this.channels = selection.channels();
        this.startNs = reader.startNs();
        this.sourceRate = reader.info().rateHz();
        this.values = new double[channels.size()];
        this.before = new double[channels.size()];
        this.after = new double[channels.size()];
        this.frames = new SelectedFrames(reader, selection);
    }

    /**
     * Starts before the first sample.
     *
     * @param reader of the session; it must stay open longer than this.
     * @param selection of its laps, and of channels of its format.
     * @return the samples.
     */
    public static Samples open(SessionReader reader, SampleSelection selection) {
        final Samples samples = new Samples(reader, selection);
        try {
            samples.meetPlayer(reader);
            return samples;
        } catch (RuntimeException e) {
            samples.close();
            throw e;
        }
    }

    /**
     * Whoever drives when the session begins is the player, even if the camera is on another when the selection begins. The first
     * frame may be of menus, where nobody drives, so that the one that starts the driving is asked too.
     */
    private void meetPlayer(SessionReader reader) {
        try (FrameCursor first = reader.frames()) {
            if (first.next()) {
                read(first.block(), values);
            }
            if (beginsAtTheStart(reader)) {
                return;
            }
            final long driving = firstStart(reader);
            if (driving > startNs) {
                first.toTime(driving);
                if (first.next()) {
                    read(first.block(), values);
                }
            }
        }
    }

    private boolean beginsAtTheStart(SessionReader reader) {
        return selection.fromNs() <= startNs
                && (selection.laps().isEmpty()
                        || selection.laps().stream().anyMatch(one -> one.startNs() <= reader.startNs()));
    }

    /** When the first session of driving starts, ns since the Unix epoch; 0 if none does. */
    private static long firstStart(SessionReader reader) {
        try (MessageCursor messages = reader.messages()) {
            for (Message message = messages.next(); message != null; message = messages.next()) {
                if (message.templateId() == SessionStartedDecoder.TEMPLATE_ID) {
                    return message.timestamp();
                }
            }
        }
        return 0;
    }

    /**
     * Moves to the next sample.
     *
     * @return false at the end.
     */
    public boolean next() {
        final boolean found = selection.rate() == SampleSelection.EVERY_FRAME ? nextFrame() : nextOnGrid();
        if (found) {
            samples++;
        }
        return found;
    }

    private boolean nextFrame() {
        if (!frames.next()) {
            return false;
        }
        countGap(timestamp);
        started = true;
        timestamp = frames.timestamp();
        ordinal = frames.ordinal();
        lap = frames.lap();
        gridIndex++;
        read(frames.block(), values);
        return true;
    }

    /** Is there a gap between the frame at a time and the one that was just read? */
    private boolean countGap(long lastNs) {
        final boolean gap = started && frames.follows() && frames.timestamp() - lastNs > GAP_NS;
        if (gap) {
            gaps++;
        }
        return gap;
    }

    private boolean nextOnGrid() {
        while (!started || nextGridNs > afterNs) {
            if (!advance()) {
                return false;
            }
        }
        sampleAt(nextGridNs);
        nextGridNs = gridNs(gridIndex + 1);
        return true;
    }

    /** One frame on; grid points that no two frames enclose are passed over. */
    private boolean advance() {
        if (!frames.next()) {
            return false;
        }
        beforeNs = afterNs;
        beforeOrdinal = afterOrdinal;
        beforeLap = afterLap;
        System.arraycopy(after, 0, before, 0, after.length);
        afterNs = frames.timestamp();
        afterOrdinal = frames.ordinal();
        afterLap = frames.lap();
        read(frames.block(), after);
        if (countGap(beforeNs) || (started && (frames.broken() || !frames.follows()))) {
            skipTo(afterNs);
        } else if (!started) {
            started = true;
            firstNs = afterNs;
            nextGridNs = afterNs;
        }
        return true;
    }

    /** The next grid point is the first that is not before a time. */
    private void skipTo(long time) {
        long index = Math.max(gridIndex + 1, (long) ((time - firstNs) / NS_PER_SECOND * selection.rate()) - 1);
        while (gridNs(index) < time) {
            index++;
        }
        gridIndex = index - 1;
        nextGridNs = gridNs(index);
    }

    private long gridNs(long index) {
        return firstNs + Math.round(index * NS_PER_SECOND / selection.rate());
    }

    private void sampleAt(long time) {
        gridIndex++;
        timestamp = time;
        if (time == afterNs) {
            ordinal = afterOrdinal;
            lap = afterLap;
            System.arraycopy(after, 0, values, 0, values.length);
            return;
        }
        ordinal = beforeOrdinal;
        lap = time < beforeLap.endNs() ? beforeLap : afterLap;
        final double share = (double) (time - beforeNs) / (afterNs - beforeNs);
        for (int i = 0; i < values.length; i++) {
            values[i] = channels.get(i).between(before[i], after[i], share);
        }
    }

    private void read(DirectBuffer block, double[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = channels.get(i).value(block);
        }
    }

    /**
     * When the sample is.
     *
     * @return ns since the Unix epoch.
     */
    public long timestampNs() {
        return timestamp;
    }

    /**
     * When the sample is.
     *
     * @return s since the session's first frame.
     */
    public double time() {
        return (timestamp - startNs) / NS_PER_SECOND;
    }

    /**
     * The frame that was shown at that time.
     *
     * @return ordinal in the session of the last frame that is not after the sample, from 0.
     */
    public long frame() {
        return ordinal;
    }

    /**
     * Place of the sample on the grid of a fixed rate. Where it grows by more than 1 from one sample to the next, those between
     * are missing.
     *
     * @return from 0; of every frame the samples before it.
     */
    public long gridIndex() {
        return gridIndex;
    }

    /**
     * The lap that was being driven.
     *
     * @return one of the session's laps.
     */
    public LapSpan lap() {
        return lap;
    }

    /**
     * Time since the lap began, by the recording's clock.
     *
     * @return s since the first frame of the lap; of a lap that was not recorded from the line on, since its recording began.
     */
    public double lapTime() {
        return (timestamp - lap.startNs()) / NS_PER_SECOND;
    }

    /**
     * A channel's value.
     *
     * @param channel place in the selection, from 0.
     * @return value; NaN where it is not set, or could only be invented.
     */
    public double value(int channel) {
        return values[channel];
    }

    /**
     * The channels of the values.
     *
     * @return those of the selection.
     */
    public List<Channel> channels() {
        return channels;
    }

    /**
     * The rate of the samples.
     *
     * @return Hz; {@link SampleSelection#EVERY_FRAME}.
     */
    public double rate() {
        return selection.rate();
    }

    /**
     * The rate at which the session was recorded.
     *
     * @return Hz, frames that nobody saw included.
     */
    public double sourceRate() {
        return sourceRate;
    }

    /**
     * Samples so far.
     *
     * @return count.
     */
    public long count() {
        return samples;
    }

    /**
     * Frames that were read so far.
     *
     * @return count, damaged ones not included.
     */
    public long frames() {
        return frames.count();
    }

    /**
     * Frames that were left out so far as they could not be restored.
     *
     * @return count.
     */
    public long damaged() {
        return frames.damaged();
    }

    /**
     * Places so far where frames that follow one another are more than a second apart.
     *
     * @return count; the time between laps that were not chosen is none.
     */
    public long gaps() {
        return gaps;
    }

    /**
     * How much of the selected time has been read.
     *
     * @return 0 to 1.
     */
    public double progress() {
        return frames.progress();
    }

    @Override
    public void close() {
        frames.close();
    }
}
