package io.slipstream.replay.motec;

/**
 * Layout of an {@code .ld} file. Little-endian; texts are padded with NUL. What stands between the named fields is zero, and what
 * it means is not public. The blocks are found by pointers, counted from the start of the file; these are where i2 is known to
 * accept them.
 *
 * <pre>
 *      0  +---------------------------------------------------------------+
 *         | header: marker, pointers, device, number of channels, when,   |
 *         | driver, vehicle, venue, short comment             1,762 bytes |
 *   1762  +---------------------------------------------------------------+
 *         | vehicle: id, weight, type, comment                  260 bytes |
 *         +---------------------------------------------------------------+
 *   5078  | venue: name, pointer to the vehicle               1,100 bytes |
 *         +---------------------------------------------------------------+
 *   8180  | event: name, session, comment, pointer to venue   1,154 bytes |
 *         +---------------------------------------------------------------+
 *  11336  | channel 0: previous, next, data, count, type, rate  124 bytes |
 *         | channel 1                                                     |
 *         | ...                                                           |
 *         +---------------------------------------------------------------+
 *         | all samples of channel 0                                      |
 *         | all samples of channel 1                                      |
 *         | ...                                                           |
 *         +---------------------------------------------------------------+
 *
 *  value = (raw / scale * 10^-decimals + shift) * multiplier
 * </pre>
 *
 * A channel has an integer rate and no time stamps: sample n was taken n / rate seconds after the log's start. There is no value
 * that means "not known".
 */
public final class LdDescriptor {
    /** First word of every file. */
    public static final int MARKER = 0x40;

    /** Bytes of the header. */
    public static final int HEADER_LENGTH = 1_762;

    /** u32 {@link #MARKER}. */
    public static final int MARKER_OFFSET = 0;

    /** u32 pointer to the first channel. */
    public static final int META_POINTER_OFFSET = 8;

    /** u32 pointer to the first sample. */
    public static final int DATA_POINTER_OFFSET = 12;

    /** u32 pointer to the event; 0 for none. */
    public static final int EVENT_POINTER_OFFSET = 36;

    /** u16 {@link #HEADER_CONSTANT_1}. */
    public static final int HEADER_CONSTANT_1_OFFSET = 64;

    /** u16 {@link #HEADER_CONSTANT_2}. */
    public static final int HEADER_CONSTANT_2_OFFSET = 66;

    /** u16 {@link #HEADER_CONSTANT_3}. */
    public static final int HEADER_CONSTANT_3_OFFSET = 68;

    /** u32 serial number of the logger. */
    public static final int DEVICE_SERIAL_OFFSET = 70;

    /** Text, kind of the logger. */
    public static final int DEVICE_TYPE_OFFSET = 74;

    /** Bytes of the logger's kind. */
    public static final int DEVICE_TYPE_LENGTH = 8;

    /** u16 version of the logger. */
    public static final int DEVICE_VERSION_OFFSET = 82;

    /** u16 {@link #HEADER_CONSTANT_4}. */
    public static final int HEADER_CONSTANT_4_OFFSET = 84;

    /** u32 number of channels. */
    public static final int CHANNEL_COUNT_OFFSET = 86;

    /** Text, {@code DD/MM/YYYY}. */
    public static final int DATE_OFFSET = 94;

    /** Text, {@code HH:MM:SS}. */
    public static final int TIME_OFFSET = 126;

    /** Bytes of the date, and of the time. */
    public static final int DATE_LENGTH = 16;

    /** Text, who drove. */
    public static final int DRIVER_OFFSET = 158;

    /** Text, what was driven. */
    public static final int VEHICLE_OFFSET = 222;

    /** Text, where. */
    public static final int VENUE_OFFSET = 350;

    /** u32 {@link #PRO_LOGGING}. */
    public static final int PRO_LOGGING_OFFSET = 1_502;

    /** Text, shown beside the file's name. */
    public static final int SHORT_COMMENT_OFFSET = 1_572;

    /** Bytes of most texts. */
    public static final int TEXT_LENGTH = 64;

    /** What files have at {@link #HEADER_CONSTANT_1_OFFSET}. */
    public static final int HEADER_CONSTANT_1 = 1;

    /** What files have at {@link #HEADER_CONSTANT_2_OFFSET}. */
    public static final int HEADER_CONSTANT_2 = 0x4240;

    /** What files have at {@link #HEADER_CONSTANT_3_OFFSET}. */
    public static final int HEADER_CONSTANT_3 = 0xF;

    /** What files have at {@link #HEADER_CONSTANT_4_OFFSET}. */
    public static final int HEADER_CONSTANT_4 = 0xADB0;

    /** A serial number that i2 accepts. */
    public static final int DEVICE_SERIAL = 0x1F44;

    /** A logger that i2 accepts. */
    public static final String DEVICE_TYPE = "ADL";

    /** Its version. */
    public static final int DEVICE_VERSION = 420;

    /** Says that the log may be opened in every edition of i2. */
    public static final int PRO_LOGGING = 0xC81A4;

    /** Where the vehicle stands. */
    public static final int VEHICLE_POINTER = 1_762;

    /** Where the venue stands. */
    public static final int VENUE_POINTER = 5_078;

    /** Where the event stands. */
    public static final int EVENT_POINTER = 8_180;

    /** Where the first channel stands. */
    public static final int META_POINTER = 11_336;

    /** Text in the event: its name. */
    public static final int EVENT_NAME_OFFSET = 0;

    /** Text in the event: which session of it. */
    public static final int EVENT_SESSION_OFFSET = 64;

    /** Text in the event: the long comment. */
    public static final int EVENT_COMMENT_OFFSET = 128;

    /** Bytes of the long comment. */
    public static final int EVENT_COMMENT_LENGTH = 1_024;

    /** u16 in the event: pointer to the venue; 0 for none. */
    public static final int EVENT_VENUE_POINTER_OFFSET = 1_152;

    /** Bytes of the event. */
    public static final int EVENT_LENGTH = 1_154;

    /** Text in the venue: its name. */
    public static final int VENUE_NAME_OFFSET = 0;

    /** u16 in the venue: pointer to the vehicle; 0 for none. */
    public static final int VENUE_VEHICLE_POINTER_OFFSET = 1_098;

    /** Bytes of the venue. */
    public static final int VENUE_LENGTH = 1_100;

    /** Text in the vehicle: what it is called. */
    public static final int VEHICLE_ID_OFFSET = 0;

    /** u32 in the vehicle: its weight. */
    public static final int VEHICLE_WEIGHT_OFFSET = 192;

    /** Text in the vehicle: its kind. */
    public static final int VEHICLE_TYPE_OFFSET = 196;

    /** Bytes of the vehicle's kind, and of its comment. */
    public static final int VEHICLE_TYPE_LENGTH = 32;

    /** Text in the vehicle: its comment. */
    public static final int VEHICLE_COMMENT_OFFSET = 228;

    /** Bytes of the vehicle. */
    public static final int VEHICLE_LENGTH = 260;

    /** u32 in a channel: pointer to the channel before; 0 in the first. */
    public static final int CHANNEL_PREVIOUS_OFFSET = 0;

    /** u32 in a channel: pointer to the next channel; 0 in the last. */
    public static final int CHANNEL_NEXT_OFFSET = 4;

    /** u32 in a channel: pointer to its samples. */
    public static final int CHANNEL_DATA_OFFSET = 8;

    /** u32 in a channel: number of samples. */
    public static final int CHANNEL_SAMPLES_OFFSET = 12;

    /** u16 in a channel: {@link #CHANNEL_COUNTER} and the channel's place. */
    public static final int CHANNEL_COUNTER_OFFSET = 16;

    /** u16 in a channel: what a sample is, see {@link LdType}. */
    public static final int CHANNEL_TYPE_OFFSET = 18;

    /** u16 in a channel: bytes of a sample. */
    public static final int CHANNEL_SIZE_OFFSET = 20;

    /** u16 in a channel: samples a second. */
    public static final int CHANNEL_RATE_OFFSET = 22;

    /** i16 in a channel: shift. */
    public static final int CHANNEL_SHIFT_OFFSET = 24;

    /** i16 in a channel: multiplier. */
    public static final int CHANNEL_MULTIPLIER_OFFSET = 26;

    /** i16 in a channel: scale. */
    public static final int CHANNEL_SCALE_OFFSET = 28;

    /** i16 in a channel: decimals. */
    public static final int CHANNEL_DECIMALS_OFFSET = 30;

    /** Text in a channel: its name. */
    public static final int CHANNEL_NAME_OFFSET = 32;

    /** Bytes of a channel's name. */
    public static final int CHANNEL_NAME_LENGTH = 32;

    /** Text in a channel: its short name. */
    public static final int CHANNEL_SHORT_NAME_OFFSET = 64;

    /** Bytes of a channel's short name. */
    public static final int CHANNEL_SHORT_NAME_LENGTH = 8;

    /** Text in a channel: its unit. */
    public static final int CHANNEL_UNIT_OFFSET = 72;

    /** Bytes of a channel's unit. */
    public static final int CHANNEL_UNIT_LENGTH = 12;

    /** Bytes of a channel that are known; what follows is zero and shorter in some files. */
    public static final int CHANNEL_KNOWN_LENGTH = 84;

    /** Bytes of a channel. */
    public static final int CHANNEL_LENGTH = 124;

    /** What the first channel has at {@link #CHANNEL_COUNTER_OFFSET}. */
    public static final int CHANNEL_COUNTER = 0x2EE1;

    /** The most channels that {@link #CHANNEL_COUNTER_OFFSET} can count. */
    public static final int MOST_CHANNELS = 0xFFFF - CHANNEL_COUNTER;

    /** Samples a second that a channel can have at most. */
    public static final int HIGHEST_RATE = 0xFFFF;

    /** Pointers have 32 bits: no file is longer. */
    public static final long LONGEST_FILE = 0xFFFF_FFFFL;

    private LdDescriptor() {}
}
