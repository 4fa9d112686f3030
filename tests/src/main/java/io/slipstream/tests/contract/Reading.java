package io.slipstream.tests.contract;

import io.slipstream.queue.Message;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a reader checks of every message, from one seek to the next: that nothing of a source is lost, repeated, torn or out of
 * order, and that everything is aligned. What it answers of a read:
 *
 * <pre>
 *   moved     documents that this read moved past         messages   that it was handed
 *   first     position of the first of them, or -1        last       of the last
 *   lost, repeated, torn, disordered, backwards, unaligned           counts since the last seek
 *   violation the first of them, in words                 digest     of every field and sequence since the last seek
 *   sources   id:count:first sequence:last sequence:digest of positions, for each source, since the last seek
 *   list      position:source:sequence:template:length:timestamp of each message of this read, if asked for
 * </pre>
 *
 * <p>From the start of the queue every source is expected to begin with sequence 0; from anywhere else, with any.
 */
final class Reading {
    private static final long UNKNOWN = -1;

    private final Map<Integer, Source> sources = new TreeMap<>();
    private boolean fromStart = true;
    private boolean gaps;
    private StringBuilder list;
    private long messages;
    private long first;
    private long last;
    private long previous;
    private long lost;
    private long repeated;
    private long torn;
    private long disordered;
    private long backwards;
    private long unaligned;
    private long digest;
    private String violation;

    /** What is known of one source. */
    private static final class Source {
        private long expected;
        private long count;
        private long first = UNKNOWN;
        private long last;
        private long timestamp = Long.MIN_VALUE;
        private long positions;

        Source(long expected) {
            this.expected = expected;
        }
    }

    Reading() {
        seek(true);
    }

    /** Forgets everything: the reader is somewhere else. */
    void seek(boolean toStart) {
        fromStart = toStart;
        sources.clear();
        previous = Long.MIN_VALUE;
        lost = 0;
        repeated = 0;
        torn = 0;
        disordered = 0;
        backwards = 0;
        unaligned = 0;
        digest = 0;
        violation = null;
    }

    /**
     * Begins a read.
     *
     * @param allowGaps true where a filter or a deletion leaves messages out.
     * @param listing true to list every message.
     */
    void begin(boolean allowGaps, boolean listing) {
        gaps = allowGaps;
        list = listing ? new StringBuilder() : null;
        messages = 0;
        first = -1;
        last = -1;
    }

    long messages() {
        return messages;
    }

    void add(Message message) {
        final long position = message.position();
        final int length = message.length();
        final int id = message.sourceId();
        final Source source = sources.computeIfAbsent(id, key -> new Source(fromStart ? 0 : UNKNOWN));
        final long sequence =
                length >= Long.BYTES ? message.buffer().getLong(message.offset()) : Math.max(0, source.expected);
        if (position <= previous) {
            disordered++;
            violate("disordered", id, previous, position, message);
        }
        if (((message.buffer().addressOffset() + message.offset()) & 7) != 0) {
            unaligned++;
            violate("unaligned", id, 0, (message.buffer().addressOffset() + message.offset()) & 7, message);
        }
        if (message.timestamp() < source.timestamp) {
            backwards++;
            violate("backwards", id, source.timestamp, message.timestamp(), message);
        }
        if (!Content.matches(message.buffer(), message.offset(), id, sequence, length)) {
            torn++;
            violate("torn", id, source.expected, sequence, message);
        } else if (source.expected != UNKNOWN && sequence < source.expected) {
            repeated++;
            violate("repeated", id, source.expected, sequence, message);
        } else if (source.expected != UNKNOWN && sequence > source.expected && !gaps) {
            lost += sequence - source.expected;
            violate("lost", id, source.expected, sequence, message);
        }
        first = messages == 0 ? position : first;
        last = position;
        previous = position;
        messages++;
        source.first = source.count == 0 ? sequence : source.first;
        source.last = sequence;
        source.expected = sequence + 1;
        source.timestamp = message.timestamp();
        source.count++;
        source.positions = Content.mix(source.positions ^ position);
        digest(message, sequence);
        if (list != null) {
            list.append(list.isEmpty() ? "" : ",").append(position);
            list.append(':').append(id).append(':').append(sequence);
            list.append(':').append(message.templateId()).append(':').append(length);
            list.append(':').append(message.timestamp());
        }
    }

    private void digest(Message message, long sequence) {
        digest = Content.mix(digest ^ message.position());
        digest = Content.mix(digest ^ message.timestamp());
        digest = Content.mix(digest
                ^ ((long) message.sourceId() << 48
                        | (long) message.templateId() << 32
                        | (long) message.schemaId() << 16
                        | message.version()));
        digest = Content.mix(digest ^ ((long) message.blockLength() << 32 | message.length()));
        digest = Content.mix(digest ^ sequence);
    }

    private void violate(String what, int source, long expected, long found, Message message) {
        if (violation == null) {
            violation = what + ":source=" + source + ":expected=" + expected + ":found=" + found + ":position="
                    + message.position() + ":length=" + message.length();
        }
    }

    String answer(long moved) {
        final StringBuilder answer = new StringBuilder();
        answer.append("moved=").append(moved).append(" messages=").append(messages);
        answer.append(" first=").append(first).append(" last=").append(last);
        answer.append(" lost=").append(lost).append(" repeated=").append(repeated);
        answer.append(" torn=").append(torn).append(" disordered=").append(disordered);
        answer.append(" backwards=").append(backwards).append(" unaligned=").append(unaligned);
        answer.append(" digest=").append(Long.toHexString(digest)).append(" sources=");
        sources.forEach((id, source) -> {
            answer.append(answer.charAt(answer.length() - 1) == '=' ? "" : ",").append(id);
            answer.append(':').append(source.count).append(':').append(source.first);
            answer.append(':').append(source.last).append(':').append(Long.toHexString(source.positions));
        });
        if (violation != null) {
            answer.append(" violation=").append(violation);
        }
        if (list != null) {
            answer.append(" list=").append(list);
        }
        return answer.toString();
    }
}
