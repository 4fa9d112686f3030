package io.slipstream.telemetry.bridge;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.CarStateEncoder;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.ParticipantEncoder;
import io.slipstream.telemetry.schema.SourceStatus;
import io.slipstream.telemetry.schema.StandingsEncoder;
import io.slipstream.telemetry.state.CarStateMapper;
import io.slipstream.telemetry.state.EventDetector;
import io.slipstream.telemetry.state.EventMessages;
import io.slipstream.telemetry.state.ParticipantRoster;
import io.slipstream.telemetry.state.StandingsMapper;
import org.agrona.DirectBuffer;

/**
 * Publishes everything that a frame says: the frame itself, the car's state, the standings ten times a second, who drives
 * what when it changes, and events. Used by the bridge on sampled frames and by a replay on recorded ones, so that both give
 * the same messages. Single-threaded; allocates nothing for a frame without events.
 */
public final class FramePublisher {
    private static final long STANDINGS_INTERVAL_NS = 100_000_000L;
    /** Some dozens of frames, so that even late ones find their pages. */
    private static final int PREPARED_BYTES = 256 << 10;

    private static final long ROSTER_INTERVAL_NS = 10_000_000_000L;

    private final Publisher publisher;
    private final EventMessages events;
    private final EventDetector detector;
    private final CarStateMapper carStateMapper;
    private final StandingsMapper standingsMapper;
    private final ParticipantRoster roster;
    private final CarStateEncoder carState = new CarStateEncoder();
    private final StandingsEncoder standings = new StandingsEncoder();
    private final ParticipantEncoder participant = new ParticipantEncoder();

    private final boolean derives;
    private final String formatName;
    private FrameMessages messages;
    private String origin = "";
    private long frameNumber;
    private long frames;
    private long missed;
    private long retries;
    private long torn;
    private long lastTimestamp;
    private long nextStandings;
    private long nextRosterLook;
    private long nextRoster;

    /**
     * Creates a publisher of frames.
     *
     * @param format of the blocks to come; of one that tells no player among participants, frames alone are published.
     * @param publisher of a queue opened with {@link Bridge#schema()}; stays the caller's to close.
     */
    public FramePublisher(BlockFormat format, Publisher publisher) {
        this.publisher = publisher;
        this.formatName = format.name();
        this.events = new EventMessages(publisher);
        // Of blocks without participants, as those of an imported log, there are frames and nothing to derive.
        this.derives = format.player().isPresent();
        this.detector = derives ? new EventDetector(format, events) : null;
        this.carStateMapper = derives ? new CarStateMapper(format) : null;
        this.standingsMapper = derives ? new StandingsMapper(format) : null;
        this.roster = derives ? new ParticipantRoster(format) : null;
    }

    /**
     * A source is there; its first frame will be a keyframe.
     *
     * @param timestamp ns since the Unix epoch.
     * @param source where its block is read.
     * @param synthetic true if a simulator writes it.
     * @param consistency how frames are known to be whole.
     */
    public void onAttached(long timestamp, String source, boolean synthetic, Consistency consistency) {
        origin = source;
        messages = new FrameMessages(
                formatName, source, synthetic, consistency, FrameSampler.MAX_LENGTH, new KeyframeRule());
        if (derives) {
            roster.reset();
        }
        nextStandings = 0;
        nextRosterLook = 0;
        nextRoster = 0;
        change(timestamp, SourceStatus.ATTACHED);
    }

    /**
     * The source is gone.
     *
     * @param timestamp ns since the Unix epoch.
     */
    public void onLost(long timestamp) {
        if (derives) {
            detector.onSourceLost(timestamp);
        }
        change(timestamp, SourceStatus.LOST);
    }

    /**
     * No new frame for a while.
     *
     * @param timestamp ns since the Unix epoch.
     */
    public void onIdle(long timestamp) {
        change(timestamp, SourceStatus.IDLE);
    }

    /**
     * Frames again after {@link #onIdle}.
     *
     * @param timestamp ns since the Unix epoch.
     */
    public void onActive(long timestamp) {
        change(timestamp, SourceStatus.ACTIVE);
    }

    private void change(long timestamp, SourceStatus status) {
        lastTimestamp = Math.max(lastTimestamp, timestamp);
        events.onSourceChanged(lastTimestamp, status, origin);
    }

    /**
     * Publishes a frame.
     *
     * @param block at 0 of the buffer.
     * @param length bytes of it.
     * @param version that the block states.
     * @param sequence the block's own number.
     * @param missedBefore frames that the game wrote between the frame before and this one.
     * @param retriesBefore copies thrown away since the frame before.
     * @param tornFrame 1 if its two engine speeds disagree, as in a torn copy.
     * @param captured ns since the Unix epoch.
     */
    public void onFrame(
            DirectBuffer block,
            int length,
            long version,
            long sequence,
            long missedBefore,
            int retriesBefore,
            int tornFrame,
            long captured) {
        // A clock that was set back does not turn the queue's order around.
        final long timestamp = Math.max(captured, lastTimestamp);
        final int messageLength =
                messages.encode(block, length, version, sequence, missedBefore, retriesBefore, tornFrame, timestamp);
        publisher.publish(messages.buffer(), 0, messageLength, timestamp);
        frameNumber = messages.frameNumber();
        if (derives) {
            detector.onFrame(frameNumber, timestamp, (int) missedBefore, block, version);
            publishState(block, version, timestamp);
        }
        frames++;
        missed += missedBefore;
        retries += retriesBefore;
        torn += tornFrame;
        lastTimestamp = timestamp;
    }

    private void publishState(DirectBuffer block, long version, long timestamp) {
        final int player = detector.player();
        carStateMapper.map(block, version, player, frameNumber, publisher.wrap(carState));
        publisher.publish(carState, timestamp);
        // The roster and the standings take turns, so that no frame costs both; at whatever rate, both come.
        if (timestamp >= nextRosterLook) {
            nextRosterLook = Long.MAX_VALUE;
            publishRoster(block, version, player, timestamp);
        } else if (timestamp >= nextStandings) {
            nextStandings = timestamp + STANDINGS_INTERVAL_NS;
            nextRosterLook = timestamp + STANDINGS_INTERVAL_NS / 2;
            standingsMapper.map(block, version, player, frameNumber, publisher.wrap(standings));
            publisher.publish(standings, timestamp);
        }
    }

    private void publishRoster(DirectBuffer block, long version, int player, long timestamp) {
        long changed = roster.update(block, version, player);
        if (timestamp >= nextRoster) {
            nextRoster = timestamp + ROSTER_INTERVAL_NS;
            changed = roster.active();
        }
        for (long rest = changed; rest != 0; rest &= rest - 1) {
            roster.encode(Long.numberOfTrailingZeros(rest), publisher.wrap(participant));
            publisher.publish(participant, timestamp);
        }
    }

    /** Prepares for the next frames while there is time: see {@link Publisher#pretouch}. */
    public void prepare() {
        publisher.pretouch(PREPARED_BYTES);
    }

    /**
     * Frames published.
     *
     * @return count since this was made.
     */
    public long frames() {
        return frames;
    }

    long missed() {
        return missed;
    }

    long retries() {
        return retries;
    }

    long torn() {
        return torn;
    }

    long lastTimestamp() {
        return lastTimestamp;
    }
}
