package io.slipstream.replay.edit;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;

import io.slipstream.queue.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Tells messages that several sessions share from those that are new: the same bytes at the same time, each once a session.
 * Remembers the messages of one instant alone. Single-threaded.
 */
final class SeenEvents {
    /** Of one instant; no recorder writes as many. */
    private static final int MOST = 1_000;

    @SuppressWarnings("ArrayRecordComponent") // Compared by hand.
    private record Seen(byte[] message, BitSet sources) {}

    private final int sources;
    private final List<Seen> seen = new ArrayList<>();
    private long timestamp;

    SeenEvents(int sources) {
        this.sources = sources;
    }

    boolean isNew(Message message, int source) {
        if (sources == 1) {
            return true;
        }
        if (message.timestamp() != timestamp) {
            seen.clear();
            timestamp = message.timestamp();
        }
        final byte[] bytes = new byte[message.length() + SBE_HEADER_LENGTH];
        message.buffer().getBytes(message.offset() - SBE_HEADER_LENGTH, bytes);
        for (Seen one : seen) {
            if (!one.sources.get(source) && Arrays.equals(one.message, bytes)) {
                one.sources.set(source);
                return false;
            }
        }
        if (seen.size() < MOST) {
            final BitSet only = new BitSet();
            only.set(source);
            seen.add(new Seen(bytes, only));
        }
        return true;
    }
}
