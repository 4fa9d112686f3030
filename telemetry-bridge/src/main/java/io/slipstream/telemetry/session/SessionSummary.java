package io.slipstream.telemetry.session;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.Message;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sums a session up as its messages go by: while it is recorded, or again from its queue when the recorder died.
 * Single-threaded.
 */
public final class SessionSummary {
    /** The telemetry schema's id. */
    public static final int SCHEMA_ID = KeyframeDecoder.SCHEMA_ID;

    private static final Logger LOG = LoggerFactory.getLogger(SessionSummary.class);
    /** A longer time between frames is a pause, not a frame rate. */
    private static final long PAUSE_NS = 1_000_000_000L;

    /** What the game's lap time and the frames' own times may differ by. */
    private static final long LAP_START_TOLERANCE_NS = 50_000_000L;

    private static final double NS = 1e9;

    private final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private final KeyframeDecoder keyframe = new KeyframeDecoder();
    private final DeltaDecoder delta = new DeltaDecoder();
    private final LapCompletedDecoder lapCompleted = new LapCompletedDecoder();
    private final SessionStartedDecoder sessionStarted = new SessionStartedDecoder();
    private final MarkerDecoder marker = new MarkerDecoder();
    private final LapQuality quality = new LapQuality();
    private final DriverNames drivers = new DriverNames();
    private final List<SessionInfo.Lap> laps = new ArrayList<>();
    private final List<SessionInfo.Marker> markers = new ArrayList<>();

    private String name = "";
    private Map<String, String> metadata = Map.of();
    private BlockFormat ownFormat;
    private BlockFormat format;
    private String consistency = "";
    private String origin = "";
    private boolean synthetic;
    private long formatVersion;
    private String car = "";
    private String carClass = "";
    private String track = "";
    private String variation = "";
    private double trackLength;
    private int blockBytes;
    private long startedNs;
    private long lastNs;
    private long newestNs;
    private long activeNs;
    private long activeFrames;
    private long frames;
    private long keyframes;
    private long missed;
    private long torn;
    private long retries;
    private long lost;
    private long rawBytes;
    private long lastFrameNumber = -1;
    private boolean sessionBegan;

    /** Creates a summary of nothing yet. */
    public SessionSummary() {}

    /**
     * Sets what no message tells.
     *
     * @param itsName that the user gave the session; empty for none.
     * @param itsMetadata whatever else the user said of it.
     */
    public void describe(String itsName, Map<String, String> itsMetadata) {
        name = itsName;
        metadata = Map.copyOf(itsMetadata);
    }

    /**
     * Says what the blocks are, of a session that brings its own format.
     *
     * @param itsFormat the session's own.
     */
    public void useFormat(BlockFormat itsFormat) {
        ownFormat = itsFormat;
    }

    /**
     * Takes a message in.
     *
     * @param message of any kind; those that are neither frames nor events of the telemetry schema change nothing.
     */
    public void onMessage(Message message) {
        onMessage(message, message.timestamp());
    }

    /** The same, of a message that is written with a time stamp of its own. */
    void onMessage(Message message, long timestampNs) {
        if (message.schemaId() != SCHEMA_ID) {
            return;
        }
        // As the recorder stamps them: never back.
        newestNs = Math.max(newestNs, timestampNs);
        final DirectBuffer buffer = message.buffer();
        final int offset = message.offset();
        switch (message.templateId()) {
            case KeyframeDecoder.TEMPLATE_ID -> {
                keyframe.wrap(buffer, offset, message.blockLength(), message.version());
                onKeyframe(message);
                onFrame(newestNs, keyframe.frameNumber(), keyframe.missed(), keyframe.retries(), keyframe.torn(), true);
            }
            case DeltaDecoder.TEMPLATE_ID -> {
                delta.wrap(buffer, offset, message.blockLength(), message.version());
                onFrame(newestNs, delta.frameNumber(), delta.missed(), delta.retries(), delta.torn(), false);
            }
            case LapCompletedDecoder.TEMPLATE_ID ->
                onLap(lapCompleted.wrap(buffer, offset, message.blockLength(), message.version()), newestNs);
            case SessionStartedDecoder.TEMPLATE_ID ->
                onSession(sessionStarted.wrap(buffer, offset, message.blockLength(), message.version()));
            case MarkerDecoder.TEMPLATE_ID ->
                onMarker(marker.wrap(buffer, offset, message.blockLength(), message.version()), newestNs);
            default -> {
                // The other events are in the queue for those who want them.
            }
        }
    }

    /** A damaged one says nothing but that it is there. */
    private void onKeyframe(Message message) {
        keyframes++;
        if (reader.onMessage(message) != FrameDecoder.OK) {
            return;
        }
        blockBytes = reader.blockLength();
        formatVersion = reader.formatVersion();
        synthetic |= reader.synthetic();
        if (reader.consistency() != Consistency.NULL_VAL) {
            consistency = reader.consistency().name();
        }
        if (format == null || track.isEmpty()) {
            try {
                format = ownFormat != null && ownFormat.name().equals(reader.formatName())
                        ? ownFormat
                        : GameFormats.load(reader.formatName());
            } catch (FormatException e) {
                // The checksum covers the block and not the format's name: the next keyframe will tell.
                LOG.warn("a keyframe names a format that cannot be: {}", e.getMessage());
                return;
            }
            origin = reader.origin();
            onBlock(reader.block(), reader.formatVersion());
        }
        drivers.onBlock(format, reader.block());
    }

    private void onBlock(DirectBuffer block, long version) {
        if (!format.has("mTrackLocation")) {
            // No game's block: what was driven and where is in a SessionStarted, if anywhere.
            return;
        }
        track = text("mTrackLocation", block, version);
        variation = text("mTrackVariation", block, version);
        car = text("mCarName", block, version);
        carClass = text("mCarClassName", block, version);
        trackLength = format.field("mTrackLength").raw(block, 0);
    }

    private String text(String field, DirectBuffer block, long version) {
        return format.field(field).since() <= version ? format.field(field).text(block, 0) : "";
    }

    private void onFrame(
            long timestamp, long frameNumber, long missedBefore, int retriesBefore, int tornFrame, boolean isKeyframe) {
        if (frames == 0) {
            startedNs = timestamp;
            quality.onFrame(frameNumber, timestamp, 0, tornFrame, 0);
        } else {
            final long interval = timestamp - lastNs;
            quality.onFrame(frameNumber, timestamp, missedBefore, tornFrame, interval < PAUSE_NS ? interval : 0);
            if (interval < PAUSE_NS) {
                activeNs += interval;
                activeFrames += 1 + missedBefore;
            }
            // What was missed before the first frame is not of this session.
            missed += missedBefore;
            retries += retriesBefore;
            // A bridge that starts again counts from 0 again, with a keyframe.
            final boolean startedAgain = isKeyframe && frameNumber <= lastFrameNumber;
            if (!startedAgain) {
                lost += Math.max(0, frameNumber - lastFrameNumber - 1);
            }
        }
        torn += tornFrame;
        lastFrameNumber = frameNumber;
        lastNs = timestamp;
        frames++;
        rawBytes += blockBytes;
    }

    private void onLap(LapCompletedDecoder lap, long timestamp) {
        final List<Double> sectors = new ArrayList<>();
        sectors.add(known(lap.sector1()));
        sectors.add(known(lap.sector2()));
        sectors.add(known(lap.sector3()));
        laps.add(quality.onLap(new SessionInfo.Lap(
                lap.lap(),
                known(lap.time()),
                sectors,
                lap.whole() == 1 && beganHere(lap),
                lap.invalidated() == 0,
                lap.frameNumber(),
                timestamp)));
    }

    /** The bridge may have seen more of the lap than this session, if that begins in the middle of the bridge's. */
    private boolean beganHere(LapCompletedDecoder lap) {
        return sessionBegan
                || !laps.isEmpty()
                || quality.timestampNs(lap.frameNumber()) - lap.time() * NS >= startedNs - LAP_START_TOLERANCE_NS;
    }

    private void onMarker(MarkerDecoder message, long timestamp) {
        try {
            markers.add(new SessionInfo.Marker(message.label(), timestamp));
        } catch (IndexOutOfBoundsException e) {
            LOG.warn("a damaged Marker is passed over: {}", e.getMessage());
        }
    }

    /** To the microsecond: a float's noise behind it means nothing. */
    private static Double known(double seconds) {
        return Double.isNaN(seconds) ? null : Math.round(seconds * 1e6) / 1e6;
    }

    private void onSession(SessionStartedDecoder session) {
        sessionBegan = true;
        quality.onSessionStarted(session.frameNumber());
        try {
            // In the order in which they are encoded.
            final String itsCar = session.car();
            final String itsClass = session.carClass();
            final String itsTrack = session.track();
            final String itsVariation = session.variation();
            trackLength = session.lapLength();
            car = itsCar;
            carClass = itsClass;
            track = itsTrack;
            variation = itsVariation;
        } catch (IndexOutOfBoundsException e) {
            // What the frames say stands.
            LOG.warn("a damaged SessionStarted is passed over: {}", e.getMessage());
        }
    }

    /**
     * Frames so far.
     *
     * @return count.
     */
    public long frames() {
        return frames;
    }

    /**
     * From the first frame to the last.
     *
     * @return ns; 0 before the second frame.
     */
    public long durationNs() {
        return lastNs - startedNs;
    }

    /**
     * Sums up.
     *
     * @param finished whether the recording came to its end.
     * @param bytes that the session takes on disk.
     * @return the summary so far.
     */
    public SessionInfo info(boolean finished, long bytes) {
        final Instant started = Instant.ofEpochSecond(startedNs / 1_000_000_000L, startedNs % 1_000_000_000L);
        return new SessionInfo(
                SessionInfo.VERSION,
                finished,
                synthetic,
                format == null ? "" : format.title(),
                format == null ? "" : format.name(),
                formatVersion,
                origin,
                consistency,
                name,
                metadata,
                car,
                carClass,
                track,
                variation,
                Float.isFinite((float) trackLength) ? Math.round(trackLength * 1e3) / 1e3 : 0,
                started.toString(),
                startedNs,
                Math.round((lastNs - startedNs) / 1e3) / 1e6,
                frames,
                keyframes,
                activeNs == 0 ? 0 : Math.round(activeFrames / (activeNs / NS) * 1e3) / 1e3,
                missed,
                torn,
                retries,
                lost,
                quality.gaps(),
                List.copyOf(laps),
                List.copyOf(markers),
                drivers.others(),
                blockBytes,
                rawBytes,
                bytes);
    }
}
