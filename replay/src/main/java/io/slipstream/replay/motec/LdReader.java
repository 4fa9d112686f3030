package io.slipstream.replay.motec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads an {@code .ld} file. Nothing in it is believed before it is checked: pointers and counts must stay inside the file, and
 * the list of channels must end. What is allocated is bounded by the file's length. Single-threaded.
 */
public final class LdReader implements AutoCloseable {
    /** So that nobody's file makes a list without end. */
    private static final int MOST_CHANNELS = LdDescriptor.MOST_CHANNELS;

    private final Path file;
    private final FileChannel in;
    private final long length;
    private LdDetails details;
    private final List<LdChannel> channels = new ArrayList<>();
    private final List<LdScale> scales = new ArrayList<>();
    private final List<Long> data = new ArrayList<>();

    private LdReader(Path file, FileChannel in) throws IOException {
        this.file = file;
        this.in = in;
        this.length = in.size();
    }

    /**
     * Opens a file.
     *
     * @param file to read.
     * @return its reader.
     * @throws LdException if it is no log, or damaged.
     * @throws IOException if it cannot be read.
     */
    public static LdReader open(Path file) throws IOException {
        final FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        try {
            final LdReader reader = new LdReader(file, in);
            reader.readAll();
            return reader;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private void readAll() throws IOException {
        if (length < LdDescriptor.HEADER_LENGTH) {
            throw new LdException(file + " is no MoTeC log: it has " + length + " bytes, and a header has "
                    + LdDescriptor.HEADER_LENGTH);
        }
        final ByteBuffer header = bytes(0, LdDescriptor.HEADER_LENGTH, "the header");
        if (header.getInt(LdDescriptor.MARKER_OFFSET) != LdDescriptor.MARKER) {
            throw new LdException(file + " is no MoTeC log: it does not begin with the number " + LdDescriptor.MARKER);
        }
        readChannels(pointer(header, LdDescriptor.META_POINTER_OFFSET));
        details = readDetails(header);
    }

    private void readChannels(long first) throws IOException {
        final Set<Long> seen = new HashSet<>();
        for (long at = first; at != 0; ) {
            if (!seen.add(at)) {
                throw new LdException(file + " is damaged: the list of channels comes back to byte " + at + " after "
                        + channels.size() + " channels");
            }
            if (channels.size() == MOST_CHANNELS) {
                throw new LdException(file + " is damaged: more than " + MOST_CHANNELS + " channels");
            }
            final ByteBuffer meta = bytes(at, LdDescriptor.CHANNEL_KNOWN_LENGTH, "channel " + (channels.size() + 1));
            readChannel(meta);
            at = pointer(meta, LdDescriptor.CHANNEL_NEXT_OFFSET);
        }
    }

    private void readChannel(ByteBuffer meta) throws LdException {
        final String name = LdText.get(meta, LdDescriptor.CHANNEL_NAME_OFFSET, LdDescriptor.CHANNEL_NAME_LENGTH);
        final long samples = pointer(meta, LdDescriptor.CHANNEL_SAMPLES_OFFSET);
        final long from = pointer(meta, LdDescriptor.CHANNEL_DATA_OFFSET);
        final int rate = unsigned(meta, LdDescriptor.CHANNEL_RATE_OFFSET);
        final int kind = unsigned(meta, LdDescriptor.CHANNEL_TYPE_OFFSET);
        final int size = unsigned(meta, LdDescriptor.CHANNEL_SIZE_OFFSET);
        final LdType type = LdType.of(kind, size);
        final String which = file + " is damaged: channel " + (channels.size() + 1) + " ('" + name + "')";
        if (type == null) {
            throw new LdException(
                    which + " has samples of kind " + kind + " and " + size + " bytes, which no known log has");
        }
        if (samples > 0 && rate == 0) {
            throw new LdException(which + " has samples and a rate of 0 Hz");
        }
        if (from + samples * type.size() > length) {
            throw new LdException(which + " has " + samples + " samples from byte " + from
                    + " on, behind the file's end at " + length + "; the file is cut off");
        }
        final LdScale scale = new LdScale(
                meta.getShort(LdDescriptor.CHANNEL_SHIFT_OFFSET),
                meta.getShort(LdDescriptor.CHANNEL_MULTIPLIER_OFFSET),
                meta.getShort(LdDescriptor.CHANNEL_SCALE_OFFSET),
                meta.getShort(LdDescriptor.CHANNEL_DECIMALS_OFFSET));
        if (scale.scale() == 0) {
            throw new LdException(which + " has a scale of 0");
        }
        channels.add(new LdChannel(
                name,
                LdText.get(meta, LdDescriptor.CHANNEL_SHORT_NAME_OFFSET, LdDescriptor.CHANNEL_SHORT_NAME_LENGTH),
                LdText.get(meta, LdDescriptor.CHANNEL_UNIT_OFFSET, LdDescriptor.CHANNEL_UNIT_LENGTH),
                type,
                rate,
                samples));
        scales.add(scale);
        data.add(from);
    }

    private LdDetails readDetails(ByteBuffer header) throws IOException {
        String vehicleType = "";
        String event = "";
        String session = "";
        String comment = "";
        final long at = pointer(header, LdDescriptor.EVENT_POINTER_OFFSET);
        // Loggers without one leave the pointer 0; no other event says anything of the samples.
        if (at != 0 && at + LdDescriptor.EVENT_LENGTH <= length) {
            final ByteBuffer block = bytes(at, LdDescriptor.EVENT_LENGTH, "the event");
            event = text(block, LdDescriptor.EVENT_NAME_OFFSET);
            session = LdHeader.known(text(block, LdDescriptor.EVENT_SESSION_OFFSET));
            comment = LdText.get(block, LdDescriptor.EVENT_COMMENT_OFFSET, LdDescriptor.EVENT_COMMENT_LENGTH);
            vehicleType = vehicleType(unsigned(block, LdDescriptor.EVENT_VENUE_POINTER_OFFSET));
        }
        return new LdDetails(
                LdHeader.started(
                        LdText.get(header, LdDescriptor.DATE_OFFSET, LdDescriptor.DATE_LENGTH),
                        LdText.get(header, LdDescriptor.TIME_OFFSET, LdDescriptor.DATE_LENGTH)),
                LdHeader.known(text(header, LdDescriptor.DRIVER_OFFSET)),
                LdHeader.known(text(header, LdDescriptor.VEHICLE_OFFSET)),
                vehicleType,
                LdHeader.known(text(header, LdDescriptor.VENUE_OFFSET)),
                event,
                session,
                text(header, LdDescriptor.SHORT_COMMENT_OFFSET),
                comment);
    }

    private String vehicleType(int venue) throws IOException {
        if (venue == 0 || venue + LdDescriptor.VENUE_LENGTH > length) {
            return "";
        }
        final int vehicle = unsigned(
                bytes(venue, LdDescriptor.VENUE_LENGTH, "the venue"), LdDescriptor.VENUE_VEHICLE_POINTER_OFFSET);
        if (vehicle == 0 || vehicle + LdDescriptor.VEHICLE_LENGTH > length) {
            return "";
        }
        return LdText.get(
                bytes(vehicle, LdDescriptor.VEHICLE_LENGTH, "the vehicle"),
                LdDescriptor.VEHICLE_TYPE_OFFSET,
                LdDescriptor.VEHICLE_TYPE_LENGTH);
    }

    private static String text(ByteBuffer from, int at) {
        return LdText.get(from, at, LdDescriptor.TEXT_LENGTH);
    }

    private static long pointer(ByteBuffer from, int at) {
        return Integer.toUnsignedLong(from.getInt(at));
    }

    private static int unsigned(ByteBuffer from, int at) {
        return Short.toUnsignedInt(from.getShort(at));
    }

    private ByteBuffer bytes(long at, int count, String what) throws IOException {
        if (at + count > length) {
            throw new LdException(file + " is damaged: " + what + " should stand at byte " + at
                    + ", behind the file's end at " + length);
        }
        final ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        read(bytes, at);
        return bytes;
    }

    /** Fills the buffer from its position on. */
    void read(ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            final int count = in.read(bytes, position);
            if (count < 0) {
                throw new LdException(file + " became shorter while it was read");
            }
            position += count;
        }
    }

    /**
     * What the file says of itself.
     *
     * @return its details; texts that it does not have are empty.
     */
    public LdDetails details() {
        return details;
    }

    /**
     * The channels.
     *
     * @return unmodifiable, in the file's order; names may repeat.
     */
    public List<LdChannel> channels() {
        return List.copyOf(channels);
    }

    /**
     * Starts to read the samples of a channel.
     *
     * @param channel its place among the channels, from 0.
     * @param buffered bytes to hold in memory at a time.
     * @return reader of its samples, valid while this one is open.
     */
    public LdColumn column(int channel, int buffered) {
        return new LdColumn(this, channels.get(channel), scales.get(channel), data.get(channel), buffered);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
