package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SegmentCheck;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.session.SessionIndex;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongHashSet;

/**
 * Finds the messages of a damaged session that decode and are wrong all the same: those whose time does not fit between their
 * neighbours', and events of a stretch that is not as it was recorded. Single-threaded.
 */
final class Suspects {
    /** So many messages behind one decide whether its time can be. */
    private static final int WINDOW = 8;

    /** No recording stands still so long that its neighbours' times could be further away. */
    private static final long FAR_NS = 86_400_000_000_000L;

    private final LongHashSet positions = new LongHashSet();
    private final List<Long> eventsOfSegment = new ArrayList<>();
    private final long[] times = new long[WINDOW + 1];
    private final long[] places = new long[WINDOW + 1];
    private int held;
    private long lastGood = Long.MIN_VALUE;
    private long segments;

    private Suspects() {}

    /** Goes over a session once. */
    static Suspects of(MessageCursor cursor, SessionIndex saved) {
        final Suspects suspects = new Suspects();
        final SegmentCheck check = new SegmentCheck(saved);
        for (Message message = cursor.next(); message != null; message = cursor.next()) {
            if (check.onMessage(message)) {
                suspects.onDifference();
            }
            suspects.onMessage(message);
        }
        if (check.end()) {
            suspects.onDifference();
        }
        while (suspects.held > 0) {
            suspects.judgeOldest();
        }
        return suspects;
    }

    private void onMessage(Message message) {
        final boolean frame = message.schemaId() == KeyframeDecoder.SCHEMA_ID
                && (message.templateId() == KeyframeDecoder.TEMPLATE_ID
                        || message.templateId() == DeltaDecoder.TEMPLATE_ID);
        if (!frame) {
            eventsOfSegment.add(message.position());
        } else if (message.templateId() == KeyframeDecoder.TEMPLATE_ID) {
            eventsOfSegment.clear();
        }
        times[held] = message.timestamp();
        places[held] = message.position();
        held++;
        if (held > WINDOW) {
            judgeOldest();
        }
    }

    /** Frames have checksums of their own; of events nobody knows which one it is. */
    private void onDifference() {
        segments++;
        positions.addAll(eventsOfSegment);
    }

    private void judgeOldest() {
        final long time = times[0];
        int earlier = 0;
        int farLater = 0;
        for (int i = 1; i < held; i++) {
            earlier += times[i] < time ? 1 : 0;
            farLater += times[i] - FAR_NS > time ? 1 : 0;
        }
        final int others = held - 1;
        final boolean wrong = time < lastGood
                || 2 * earlier > others
                || (lastGood == Long.MIN_VALUE
                        ? others > 0 && 2 * farLater > others
                        : others == 0 && time - FAR_NS > lastGood);
        if (wrong) {
            positions.add(places[0]);
        } else {
            lastGood = time;
        }
        held--;
        System.arraycopy(times, 1, times, 0, held);
        System.arraycopy(places, 1, places, 0, held);
    }

    LongHashSet positions() {
        return positions;
    }

    /** Stretches that are not as they were recorded. */
    long segments() {
        return segments;
    }
}
