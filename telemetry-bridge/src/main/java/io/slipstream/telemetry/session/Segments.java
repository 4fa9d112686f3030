package io.slipstream.telemetry.session;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A session's keyframes in order, each with what is known of the messages up to the next one. Single-threaded. */
final class Segments {
    private static final int TIMESTAMP = 0;
    private static final int PLACE = 1;
    private static final int FRAME = 2;
    private static final int MESSAGES = 3;
    private static final int CHECKSUM = 4;
    private static final int WIDTH = SessionIndexDescriptor.KEYFRAME_LENGTH / Long.BYTES;

    private long[] values = new long[WIDTH * 64];
    private int count;

    void add(long timestampNs, long place, long frame) {
        if (values.length < (count + 1) * WIDTH) {
            values = Arrays.copyOf(values, values.length * 2);
        }
        final int at = count++ * WIDTH;
        values[at + TIMESTAMP] = timestampNs;
        values[at + PLACE] = place;
        values[at + FRAME] = frame;
        values[at + MESSAGES] = 0;
        values[at + CHECKSUM] = 0;
    }

    /** One more message of the last segment. */
    void onMessage(long checksum) {
        final int at = (count - 1) * WIDTH;
        values[at + MESSAGES]++;
        values[at + CHECKSUM] = checksum;
    }

    int count() {
        return count;
    }

    long timestamp(int i) {
        return values[i * WIDTH + TIMESTAMP];
    }

    long place(int i) {
        return values[i * WIDTH + PLACE];
    }

    long frame(int i) {
        return values[i * WIDTH + FRAME];
    }

    long messages(int i) {
        return values[i * WIDTH + MESSAGES];
    }

    long checksum(int i) {
        return values[i * WIDTH + CHECKSUM];
    }

    /** The last segment that begins before a time; -1 if none does. */
    int before(long timestampNs) {
        return lastBelow(TIMESTAMP, timestampNs);
    }

    /** The segment that a frame is in; -1 if it is before the first. */
    int of(long frame) {
        return lastBelow(FRAME, frame + 1);
    }

    private int lastBelow(int column, long bound) {
        int low = 0;
        int high = count;
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (values[middle * WIDTH + column] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    int encodedLength() {
        return Long.BYTES + count * SessionIndexDescriptor.KEYFRAME_LENGTH;
    }

    void encode(ByteBuffer into) {
        into.putLong(count);
        into.asLongBuffer().put(values, 0, count * WIDTH);
        into.position(into.position() + count * SessionIndexDescriptor.KEYFRAME_LENGTH);
    }

    void decode(ByteBuffer from, int size) {
        values = new long[Math.max(64, size) * WIDTH];
        count = size;
        from.asLongBuffer().get(values, 0, size * WIDTH);
        from.position(from.position() + size * SessionIndexDescriptor.KEYFRAME_LENGTH);
    }
}
