package io.slipstream.tests.faults;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/**
 * Checks what a reader sees, from the start of a queue on: that no message of any source is lost, comes twice, is torn or out of
 * order, and that positions leave nothing out. Two readers saw the same if their digests are equal.
 */
final class Verifier {
    private static final int SOURCES = 1 << 16;
    private static final int MOST_TOLD = 10;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFFL;

    private final long[] expected = new long[SOURCES];
    private final long[] timestamps = new long[SOURCES];
    private final Consumer<String> violations;
    private long messages;
    private long violationCount;
    private long last = -1;
    private long digest;
    private long positions;

    /**
     * Creates a verifier.
     *
     * @param violations is told of the first ones.
     */
    Verifier(Consumer<String> violations) {
        this.violations = violations;
    }

    /** Takes the next message. */
    void add(long position, int source, long timestamp, DirectBuffer body, int offset, int length) {
        final long sequence = length < Long.BYTES ? -1 : body.getLong(offset, LITTLE_ENDIAN);
        if (!Body.matches(body, offset, length, source, sequence)) {
            violation("torn", position, source, sequence);
        } else if (sequence != expected[source]) {
            violation(
                    Long.compareUnsigned(sequence, expected[source]) > 0 ? "lost" : "duplicated or out of order",
                    position,
                    source,
                    sequence);
        }
        expected[source] = sequence + 1;
        if (timestamp < timestamps[source]) {
            violation("timestamp goes back", position, source, sequence);
        }
        timestamps[source] = timestamp;
        // Behind the last message, or the first of a later file.
        if (position != last + 1 && (position <= last || (position & SEQUENCE_MASK) != 0)) {
            violation("positions skip", position, source, sequence);
        }
        last = position;
        messages++;
        digest = Body.mix(digest ^ Body.identity(source, sequence));
        positions = Body.mix(positions ^ position);
    }

    private void violation(String what, long position, int source, long sequence) {
        if (violationCount++ < MOST_TOLD) {
            violations.accept("violation: " + what + ": message " + sequence + " of source " + source + " at position "
                    + Long.toHexString(position) + ", expected " + expected[source] + "; previous position "
                    + Long.toHexString(last));
        }
    }

    long messages() {
        return messages;
    }

    long last() {
        return last;
    }

    /** Messages of each source that there are any of. */
    Map<Integer, Long> counts() {
        final Map<Integer, Long> counts = new TreeMap<>();
        for (int source = 0; source < SOURCES; source++) {
            if (expected[source] != 0) {
                counts.put(source, expected[source]);
            }
        }
        return counts;
    }

    /** What two readers of the same queue have in common, and that nothing is wrong. */
    String outcome(long foreign) {
        return "messages=" + messages + " violations=" + violationCount + " foreign=" + foreign + " last="
                + Long.toHexString(last) + " digest=" + Long.toHexString(digest) + " positions="
                + Long.toHexString(positions);
    }
}
