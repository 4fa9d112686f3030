package io.slipstream.telemetry.state;

import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.Flag;
import io.slipstream.telemetry.schema.FlagChangedEncoder;
import io.slipstream.telemetry.schema.GapEncoder;
import io.slipstream.telemetry.schema.LapCompletedEncoder;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.schema.PitChangedEncoder;
import io.slipstream.telemetry.schema.PitMode;
import io.slipstream.telemetry.schema.SectorCompletedEncoder;
import io.slipstream.telemetry.schema.SessionEndedEncoder;
import io.slipstream.telemetry.schema.SessionStartedEncoder;
import io.slipstream.telemetry.schema.SourceChangedEncoder;
import io.slipstream.telemetry.schema.SourceStatus;
import java.nio.charset.StandardCharsets;

/**
 * Publishes events as messages of the telemetry schema.
 *
 * <p><b>Threads:</b> the publisher's. Only the rare events that carry text allocate.
 */
public final class EventMessages implements EventSink {
    /** Bytes of UTF-8 that a marker's label has at most. */
    public static final int LONGEST_LABEL = 1024;

    private final Publisher publisher;
    private final SourceChangedEncoder sourceChanged = new SourceChangedEncoder();
    private final SessionStartedEncoder sessionStarted = new SessionStartedEncoder();
    private final SessionEndedEncoder sessionEnded = new SessionEndedEncoder();
    private final LapCompletedEncoder lapCompleted = new LapCompletedEncoder();
    private final SectorCompletedEncoder sectorCompleted = new SectorCompletedEncoder();
    private final FlagChangedEncoder flagChanged = new FlagChangedEncoder();
    private final PitChangedEncoder pitChanged = new PitChangedEncoder();
    private final GapEncoder gap = new GapEncoder();
    private final MarkerEncoder marker = new MarkerEncoder();

    /**
     * Publishes with a publisher that stays the caller's to close.
     *
     * @param publisher of a queue that was opened with the telemetry schema.
     */
    public EventMessages(final Publisher publisher) {
        this.publisher = publisher;
    }

    /**
     * The source came, went, fell idle or woke up. No detector knows; who samples does.
     *
     * @param timestamp ns since the Unix epoch.
     * @param status what became of it.
     * @param origin where the block is read.
     */
    public void onSourceChanged(final long timestamp, final SourceStatus status, final String origin) {
        publisher.wrap(sourceChanged).status(status);
        final byte[] text = utf8(origin);
        sourceChanged.putOrigin(text, 0, text.length);
        publisher.publish(sourceChanged, timestamp);
    }

    /**
     * Somebody marked this moment. No detector knows; people do.
     *
     * @param timestamp ns since the Unix epoch.
     * @param label what they called it; may be empty.
     * @throws IllegalArgumentException if the label has more than {@link #LONGEST_LABEL} bytes of UTF-8.
     */
    public void onMarker(final long timestamp, final String label) {
        final byte[] text = utf8(label);
        if (text.length > LONGEST_LABEL) {
            throw new IllegalArgumentException("the marker's label has " + text.length + " bytes of UTF-8; "
                    + LONGEST_LABEL + " is the most: shorten it");
        }
        publisher.wrap(marker).putLabel(text, 0, text.length);
        publisher.publish(marker, timestamp);
    }

    @Override
    public void onSessionStarted(final long timestamp, final long frameNumber, final SessionDetails session) {
        publisher
                .wrap(sessionStarted)
                .frameNumber(frameNumber)
                .lapLength(session.lapLength())
                .lapsInEvent(CarStateMapper.uint32(session.lapsInEvent()))
                .sessionState(CarStateMapper.uint8(session.sessionState()));
        final byte[] car = utf8(session.car());
        final byte[] carClass = utf8(session.carClass());
        final byte[] track = utf8(session.track());
        final byte[] variation = utf8(session.variation());
        sessionStarted
                .putCar(car, 0, car.length)
                .putCarClass(carClass, 0, carClass.length)
                .putTrack(track, 0, track.length)
                .putVariation(variation, 0, variation.length);
        publisher.publish(sessionStarted, timestamp);
    }

    @Override
    public void onSessionEnded(final long timestamp, final long frameNumber, final long lapsCompleted) {
        publisher.wrap(sessionEnded).frameNumber(frameNumber).lapsCompleted(CarStateMapper.uint32(lapsCompleted));
        publisher.publish(sessionEnded, timestamp);
    }

    @Override
    public void onLapCompleted(
            final long timestamp,
            final long frameNumber,
            final long lap,
            final double time,
            final float sector1,
            final float sector2,
            final float sector3,
            final boolean invalidated,
            final boolean whole) {
        publisher
                .wrap(lapCompleted)
                .frameNumber(frameNumber)
                .lap(CarStateMapper.uint32(lap))
                .time(time)
                .sector1(sector1)
                .sector2(sector2)
                .sector3(sector3)
                .invalidated((short) (invalidated ? 1 : 0))
                .whole((short) (whole ? 1 : 0));
        publisher.publish(lapCompleted, timestamp);
    }

    @Override
    public void onSectorCompleted(
            final long timestamp, final long frameNumber, final long lap, final int sector, final float time) {
        publisher
                .wrap(sectorCompleted)
                .frameNumber(frameNumber)
                .lap(CarStateMapper.uint32(lap))
                .sector(CarStateMapper.int8(sector))
                .time(time);
        publisher.publish(sectorCompleted, timestamp);
    }

    @Override
    public void onFlagChanged(final long timestamp, final long frameNumber, final int flag) {
        // A newer game may show flags that this schema does not know: null, rather than an error in the middle of a
        // race.
        final boolean known = flag >= Flag.NONE.value() && flag <= Flag.CHEQUERED.value();
        publisher.wrap(flagChanged).frameNumber(frameNumber).flag(known ? Flag.get((short) flag) : Flag.NULL_VAL);
        publisher.publish(flagChanged, timestamp);
    }

    @Override
    public void onPitChanged(final long timestamp, final long frameNumber, final int mode) {
        final boolean known = mode >= PitMode.NONE.value() && mode <= PitMode.DRIVING_OUT_OF_GARAGE.value();
        publisher.wrap(pitChanged).frameNumber(frameNumber).mode(known ? PitMode.get((short) mode) : PitMode.NULL_VAL);
        publisher.publish(pitChanged, timestamp);
    }

    @Override
    public void onGap(final long timestamp, final long frameNumber, final long missed, final long duration) {
        publisher
                .wrap(gap)
                .frameNumber(frameNumber)
                .missed(CarStateMapper.uint32(missed))
                .duration(duration);
        publisher.publish(gap, timestamp);
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
