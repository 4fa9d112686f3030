package io.slipstream.replay.motec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes an {@code .ld} file a sample at a time. The file wants all samples of a channel in one piece, and a log comes in rows:
 * so the most samples that there can be are announced, every channel has its piece of the file from the start, and each fills
 * its own through a small buffer by positioned writes. No spill files, nothing to merge, memory flat however long the log; and
 * unlike a mapped file, a full disk is an exception. How many samples there were is written at the end; until then the file says
 * that it has none. Single-threaded.
 *
 * <p>MoTeC knows no missing value: in place of one, the last value of the channel is written again, before its first 0, and
 * counted.
 */
public final class LdWriter implements AutoCloseable {
    private static final int BUFFERS = 8 << 20;
    private static final int LARGEST_BUFFER = 16 << 10;
    private static final int SMALLEST_BUFFER = 512;

    private final Path file;
    private final LdDetails details;
    private final List<LdChannel> channels;
    private final Column[] columns;
    private final FileChannel out;

    private LdWriter(Path file, LdDetails details, List<LdChannel> channels, Column[] columns, FileChannel out) {
        this.file = file;
        this.details = details;
        this.channels = channels;
        this.columns = columns;
        this.out = out;
    }

    /**
     * Begins a file; one that is there is written over.
     *
     * @param file to write.
     * @param details what it says of itself.
     * @param channels with the most samples that each will have. Their names should differ in what is kept of them.
     * @return the writer.
     * @throws IOException if the file would be longer than the format can say, or cannot be written.
     */
    public static LdWriter create(Path file, LdDetails details, List<LdChannel> channels) throws IOException {
        if (channels.isEmpty() || channels.size() > LdDescriptor.MOST_CHANNELS) {
            throw new IOException(file + ": a .ld file holds 1 to " + LdDescriptor.MOST_CHANNELS + " channels, not "
                    + channels.size() + "; choose others");
        }
        final int each = Math.clamp(BUFFERS / channels.size(), SMALLEST_BUFFER, LARGEST_BUFFER) & ~7;
        final Column[] columns = new Column[channels.size()];
        long at = LdHeader.length(channels.size());
        for (int i = 0; i < columns.length; i++) {
            final LdChannel channel = channels.get(i);
            if (channel.rate() < 1 || channel.rate() > LdDescriptor.HIGHEST_RATE) {
                throw new IOException(file + ": a rate of " + channel.rate() + " Hz; .ld files have 1 to "
                        + LdDescriptor.HIGHEST_RATE);
            }
            columns[i] = new Column(channel, at, each);
            at += channel.samples() * channel.type().size();
            if (at > LdDescriptor.LONGEST_FILE) {
                throw new IOException(file + " would be longer than the 4 GiB that a .ld file can be: choose fewer"
                        + " channels, a lower rate or fewer laps");
            }
        }
        final FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            final LdWriter writer = new LdWriter(file, details, List.copyOf(channels), columns, out);
            writer.writeHeader(false);
            return writer;
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /**
     * Appends a sample to a channel.
     *
     * @param channel its place among the channels, from 0.
     * @param value of the sample; one that is not finite is a missing value. Whole channels round, and what a type cannot hold
     *     becomes the nearest that it can, and is counted.
     * @throws IOException if it cannot be written.
     */
    public void append(int channel, double value) throws IOException {
        columns[channel].append(value, out);
    }

    /**
     * How many samples a channel has so far.
     *
     * @param channel its place among the channels, from 0.
     * @return count.
     */
    public long samples(int channel) {
        return columns[channel].samples;
    }

    /**
     * How many samples of a channel stand for missing values.
     *
     * @param channel its place among the channels, from 0.
     * @return count; as many as there are samples if the channel never had a value.
     */
    public long held(int channel) {
        return columns[channel].held;
    }

    /**
     * How many values of a channel its type could not hold.
     *
     * @param channel its place among the channels, from 0.
     * @return count.
     */
    public long clipped(int channel) {
        return columns[channel].clipped;
    }

    /**
     * Completes the file.
     *
     * @throws IOException if it cannot be written.
     */
    public void finish() throws IOException {
        for (Column column : columns) {
            column.flush(out);
        }
        writeHeader(true);
        out.force(true);
    }

    private void writeHeader(boolean whole) throws IOException {
        final long[] data = new long[columns.length];
        final long[] samples = new long[columns.length];
        for (int i = 0; i < columns.length; i++) {
            data[i] = columns[i].start;
            samples[i] = whole ? columns[i].samples : 0;
        }
        writeFully(out, LdHeader.encode(details, channels, data, samples), 0);
    }

    /** Releases the file as it is: without samples unless {@link #finish} was called. */
    @Override
    public void close() throws IOException {
        out.close();
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += out.write(bytes, position);
        }
    }

    /** A channel's piece of the file. */
    private static final class Column {
        private final LdChannel channel;
        private final long start;
        private final ByteBuffer buffer;
        private long flushed;
        private long samples;
        private long held;
        private long clipped;
        private double last;

        Column(LdChannel channel, long start, int buffered) {
            this.channel = channel;
            this.start = start;
            this.buffer = ByteBuffer.allocateDirect(buffered).order(ByteOrder.LITTLE_ENDIAN);
        }

        void append(double value, FileChannel out) throws IOException {
            if (samples == channel.samples()) {
                throw new IllegalStateException(
                        channel.name() + " has all the " + samples + " samples that were announced");
            }
            if (Double.isFinite(value)) {
                last = value;
            } else {
                held++;
            }
            put(last);
            samples++;
            if (buffer.remaining() < channel.type().size()) {
                flush(out);
            }
        }

        private void put(double value) {
            switch (channel.type()) {
                case FLOAT_16 -> buffer.putShort(Float.floatToFloat16((float) value));
                case FLOAT_32 -> buffer.putFloat((float) within(value, Float.MAX_VALUE));
                case FLOAT_64 -> buffer.putDouble(value);
                case INT_16 -> buffer.putShort((short) within(Math.rint(value), Short.MAX_VALUE));
                case INT_32 -> buffer.putInt((int) within(Math.rint(value), Integer.MAX_VALUE));
            }
        }

        /** The value; the nearest that can be stored where it cannot. */
        private double within(double value, double most) {
            if (Math.abs(value) <= most) {
                return value;
            }
            clipped++;
            return Math.copySign(most, value);
        }

        void flush(FileChannel out) throws IOException {
            buffer.flip();
            final int length = buffer.remaining();
            writeFully(out, buffer, start + flushed);
            flushed += length;
            buffer.clear();
        }
    }
}
