package io.slipstream.replay.motec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything of a file that stands before the samples, to and from bytes. */
final class LdHeader {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("dd/MM/yyyy", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final Pattern DATE_PARTS = Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{4})");
    private static final Pattern TIME_PARTS = Pattern.compile("(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2}))?");

    /** i2 lists the channels of a log and shows none of their values where one of these is empty. */
    private static final String UNKNOWN = "Unknown";

    private LdHeader() {}

    /** Bytes before the samples. */
    static long length(int channels) {
        return LdDescriptor.META_POINTER + (long) channels * LdDescriptor.CHANNEL_LENGTH;
    }

    static ByteBuffer encode(LdDetails details, List<LdChannel> channels, long[] data, long[] samples) {
        final int length = Math.toIntExact(length(channels.size()));
        final ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(LdDescriptor.MARKER_OFFSET, LdDescriptor.MARKER);
        out.putInt(LdDescriptor.META_POINTER_OFFSET, LdDescriptor.META_POINTER);
        out.putInt(LdDescriptor.DATA_POINTER_OFFSET, length);
        out.putInt(LdDescriptor.EVENT_POINTER_OFFSET, LdDescriptor.EVENT_POINTER);
        out.putShort(LdDescriptor.HEADER_CONSTANT_1_OFFSET, (short) LdDescriptor.HEADER_CONSTANT_1);
        out.putShort(LdDescriptor.HEADER_CONSTANT_2_OFFSET, (short) LdDescriptor.HEADER_CONSTANT_2);
        out.putShort(LdDescriptor.HEADER_CONSTANT_3_OFFSET, (short) LdDescriptor.HEADER_CONSTANT_3);
        out.putShort(LdDescriptor.HEADER_CONSTANT_4_OFFSET, (short) LdDescriptor.HEADER_CONSTANT_4);
        out.putInt(LdDescriptor.DEVICE_SERIAL_OFFSET, LdDescriptor.DEVICE_SERIAL);
        LdText.put(out, LdDescriptor.DEVICE_TYPE_OFFSET, LdDescriptor.DEVICE_TYPE_LENGTH, LdDescriptor.DEVICE_TYPE);
        out.putShort(LdDescriptor.DEVICE_VERSION_OFFSET, (short) LdDescriptor.DEVICE_VERSION);
        out.putInt(LdDescriptor.CHANNEL_COUNT_OFFSET, channels.size());
        out.putInt(LdDescriptor.PRO_LOGGING_OFFSET, LdDescriptor.PRO_LOGGING);
        if (details.started() != null) {
            LdText.put(out, LdDescriptor.DATE_OFFSET, LdDescriptor.DATE_LENGTH, DATE.format(details.started()));
            LdText.put(out, LdDescriptor.TIME_OFFSET, LdDescriptor.DATE_LENGTH, TIME.format(details.started()));
        }
        final String vehicle = orUnknown(details.vehicle());
        final String venue = orUnknown(details.venue());
        text(out, LdDescriptor.DRIVER_OFFSET, orUnknown(details.driver()));
        text(out, LdDescriptor.VEHICLE_OFFSET, vehicle);
        text(out, LdDescriptor.VENUE_OFFSET, venue);
        text(out, LdDescriptor.SHORT_COMMENT_OFFSET, details.shortComment());

        text(out, LdDescriptor.VEHICLE_POINTER + LdDescriptor.VEHICLE_ID_OFFSET, vehicle);
        LdText.put(
                out,
                LdDescriptor.VEHICLE_POINTER + LdDescriptor.VEHICLE_TYPE_OFFSET,
                LdDescriptor.VEHICLE_TYPE_LENGTH,
                details.vehicleType());
        text(out, LdDescriptor.VENUE_POINTER + LdDescriptor.VENUE_NAME_OFFSET, venue);
        out.putShort(LdDescriptor.VENUE_POINTER + LdDescriptor.VENUE_VEHICLE_POINTER_OFFSET, (short)
                LdDescriptor.VEHICLE_POINTER);
        text(out, LdDescriptor.EVENT_POINTER + LdDescriptor.EVENT_NAME_OFFSET, details.event());
        text(out, LdDescriptor.EVENT_POINTER + LdDescriptor.EVENT_SESSION_OFFSET, orUnknown(details.session()));
        LdText.put(
                out,
                LdDescriptor.EVENT_POINTER + LdDescriptor.EVENT_COMMENT_OFFSET,
                LdDescriptor.EVENT_COMMENT_LENGTH,
                details.comment());
        out.putShort(LdDescriptor.EVENT_POINTER + LdDescriptor.EVENT_VENUE_POINTER_OFFSET, (short)
                LdDescriptor.VENUE_POINTER);
        for (int i = 0; i < channels.size(); i++) {
            channel(out, i, i == channels.size() - 1, channels.get(i), data[i], samples[i]);
        }
        return out;
    }

    private static void channel(ByteBuffer out, int index, boolean last, LdChannel channel, long data, long samples) {
        final int at = LdDescriptor.META_POINTER + index * LdDescriptor.CHANNEL_LENGTH;
        out.putInt(at + LdDescriptor.CHANNEL_PREVIOUS_OFFSET, index == 0 ? 0 : at - LdDescriptor.CHANNEL_LENGTH);
        out.putInt(at + LdDescriptor.CHANNEL_NEXT_OFFSET, last ? 0 : at + LdDescriptor.CHANNEL_LENGTH);
        out.putInt(at + LdDescriptor.CHANNEL_DATA_OFFSET, (int) data);
        out.putInt(at + LdDescriptor.CHANNEL_SAMPLES_OFFSET, (int) samples);
        out.putShort(at + LdDescriptor.CHANNEL_COUNTER_OFFSET, (short) (LdDescriptor.CHANNEL_COUNTER + index));
        out.putShort(
                at + LdDescriptor.CHANNEL_TYPE_OFFSET, (short) channel.type().kind());
        out.putShort(
                at + LdDescriptor.CHANNEL_SIZE_OFFSET, (short) channel.type().size());
        out.putShort(at + LdDescriptor.CHANNEL_RATE_OFFSET, (short) channel.rate());
        out.putShort(at + LdDescriptor.CHANNEL_SHIFT_OFFSET, (short) 0);
        out.putShort(at + LdDescriptor.CHANNEL_MULTIPLIER_OFFSET, (short) 1);
        out.putShort(at + LdDescriptor.CHANNEL_SCALE_OFFSET, (short) 1);
        out.putShort(at + LdDescriptor.CHANNEL_DECIMALS_OFFSET, (short) 0);
        LdText.put(out, at + LdDescriptor.CHANNEL_NAME_OFFSET, LdDescriptor.CHANNEL_NAME_LENGTH, channel.name());
        LdText.put(
                out,
                at + LdDescriptor.CHANNEL_SHORT_NAME_OFFSET,
                LdDescriptor.CHANNEL_SHORT_NAME_LENGTH,
                channel.shortName());
        LdText.put(out, at + LdDescriptor.CHANNEL_UNIT_OFFSET, LdDescriptor.CHANNEL_UNIT_LENGTH, channel.unit());
    }

    private static void text(ByteBuffer out, int at, String text) {
        LdText.put(out, at, LdDescriptor.TEXT_LENGTH, text);
    }

    private static String orUnknown(String text) {
        return text.isBlank() ? UNKNOWN : text;
    }

    /** A placeholder says nothing. */
    static String known(String text) {
        return text.equals(UNKNOWN) ? "" : text;
    }

    /** When the log started; null where its date is none. */
    static LocalDateTime started(String date, String time) {
        final Matcher day = DATE_PARTS.matcher(date);
        final Matcher clock = TIME_PARTS.matcher(time);
        if (!day.matches()) {
            return null;
        }
        final boolean timed = clock.matches();
        try {
            return LocalDateTime.of(
                    Integer.parseInt(day.group(3)),
                    Integer.parseInt(day.group(2)),
                    Integer.parseInt(day.group(1)),
                    timed ? Integer.parseInt(clock.group(1)) : 0,
                    timed ? Integer.parseInt(clock.group(2)) : 0,
                    timed && clock.group(3) != null ? Integer.parseInt(clock.group(3)) : 0);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
