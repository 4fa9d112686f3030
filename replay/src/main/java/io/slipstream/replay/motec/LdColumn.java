package io.slipstream.replay.motec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Samples of one channel, a piece of them in memory at a time. Single-threaded. */
public final class LdColumn {
    private final LdReader reader;
    private final LdChannel channel;
    private final LdScale scale;
    private final long data;
    private final ByteBuffer buffer;
    private long first;
    private long end;

    LdColumn(LdReader reader, LdChannel channel, LdScale scale, long data, int buffered) {
        this.reader = reader;
        this.channel = channel;
        this.scale = scale;
        this.data = data;
        this.buffer = ByteBuffer.allocate(Math.max(8, buffered)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * A sample's value. Quick where samples are asked for in order.
     *
     * @param sample its place in the channel, from 0.
     * @return value, shift, multiplier, scale and decimals applied.
     * @throws IOException if it cannot be read.
     */
    public double value(long sample) throws IOException {
        if (sample < first || sample >= end) {
            fill(sample);
        }
        return scale.value(channel.type()
                .read(buffer, (int) (sample - first) * channel.type().size()));
    }

    /**
     * Are all values whole numbers, whatever is stored?
     *
     * @return true for a whole type that is not scaled.
     */
    public boolean whole() {
        return channel.type().whole() && scale.plain();
    }

    private void fill(long sample) throws IOException {
        if (sample < 0 || sample >= channel.samples()) {
            throw new IndexOutOfBoundsException(
                    channel.name() + " has " + channel.samples() + " samples, and no number " + sample);
        }
        final int size = channel.type().size();
        final long count = Math.min(buffer.capacity() / size, channel.samples() - sample);
        buffer.clear().limit((int) count * size);
        end = first;
        reader.read(buffer, data + sample * size);
        first = sample;
        end = sample + count;
    }
}
