package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.SectorCompletedDecoder;

/** One of the sessions that are joined, at its next message. Single-threaded. */
final class MergeSource implements AutoCloseable {
    /** A summary keeps times to the microsecond. */
    private static final long ROUNDING_NS = 1_000;

    private final SessionReader session;
    private final SoundMessages messages;
    private final LapEnds lapEnds = new LapEnds();
    private boolean begun;

    MergeSource(SessionReader session) {
        this.session = session;
        this.messages = new SoundMessages(session);
    }

    SessionReader session() {
        return session;
    }

    SoundMessages messages() {
        return messages;
    }

    /**
     * Does this one's message come before another's? What was captured at one time stands in the order in which a bridge publishes
     * it; so the end of a lap that was cut off with its lap comes back to its place among what another part has of that time.
     */
    boolean isBefore(MergeSource other) {
        final long mine = messages.message().timestamp();
        final long theirs = other.messages.message().timestamp();
        return mine != theirs ? mine < theirs : rank() < other.rank();
    }

    private int rank() {
        final Message message = messages.message();
        if (messages.kind() == SoundMessages.Kind.FRAME) {
            return 0;
        }
        if (lapEnds.nextLapsFrame(message) != LapEnds.NONE) {
            return 3;
        }
        if (message.schemaId() != KeyframeDecoder.SCHEMA_ID) {
            return 4;
        }
        return switch (message.templateId()) {
            case GapDecoder.TEMPLATE_ID -> 1;
            case SectorCompletedDecoder.TEMPLATE_ID -> 2;
            default -> 4;
        };
    }

    /** Has it given a frame already? */
    boolean hasBegun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    /** Has it frames later than this time? */
    boolean goesOnAfter(long timestampNs) {
        return session.endNs() - ROUNDING_NS > timestampNs;
    }

    @Override
    public void close() {
        messages.close();
    }
}
