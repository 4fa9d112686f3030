package io.slipstream.memory.exchange;

/**
 * Layout of an exchange, version 1: a block of shared memory through which programs send each other texts and typed messages;
 * libslipstream's {@code ss_exchange} has the same. Little-endian:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                     "SLIPEXCH" in ASCII                       |   0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                         version = 1                           |   8
 *  +---------------------------------------------------------------+
 *  |                              0                                |   12
 *  +---------------------------------------------------------------+
 *  |                 length of the exchange, bytes                 |   16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  24
 *  +---------------------------------------------------------------+
 *  |             lock, 16 bytes: LockWordDescriptor                |   64
 *  |                                                              ...
 *  +---------------------------------------------------------------+
 *  |       head: no attachment has yet to read what is before      |   80
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  88
 *  +---------------------------------------------------------------+
 *  |       tail: position behind the last message, a multiple      |   128
 *  |                             of 32                             |
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  136
 *  +---------------------------------------------------------------+
 *  |      news: wake word of those who wait for a message          |   192  WakeDescriptor
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  196
 *  +---------------------------------------------------------------+
 *  |      room: wake word of those who wait for room to send       |   256  WakeDescriptor
 *  +---------------------------------------------------------------+
 *  |                              0                               ...  260
 *  +---------------------------------------------------------------+
 *  |                   16 attachments of 64 bytes                 ...  320
 *  +---------------------------------------------------------------+
 *  |                  first text slot, Q bytes                    ...  1344
 *  +---------------------------------------------------------------+
 *  |                 second text slot, Q bytes                    ...  1344 + Q
 *  +---------------------------------------------------------------+
 *  |                      ring, 2 Q bytes                         ...  1344 + 2 Q
 *  +---------------------------------------------------------------+
 *
 *  Q = (length - 1344) / 4, rounded down to a multiple of 32
 *
 *  An attachment:                            A text slot:
 *  +-------------------------------+         +-------------------------------+
 *  | pid, or 0 if nobody has it    |  0      | position behind the message   |  0
 *  +-------------------------------+         | of this text; 0 for none      |
 *  | epoch                         |  4      +-------------------------------+
 *  +-------------------------------+         | length of the text, bytes     |  8
 *  | start of the process, field 22|  8      +-------------------------------+
 *  | of /proc/PID/stat; 0: unknown |         | 0                             |  12
 *  +-------------------------------+         +-------------------------------+
 *  | position of the next message  |  16     | text in UTF-8                ...  16
 *  | to read; -1: it reads none    |         +-------------------------------+
 *  +-------------------------------+
 *  | 0                            ...  24
 *  +-------------------------------+
 *
 *  A message, at its position modulo 2 Q in the ring, padded to a multiple of 32:
 *  +---------------------------------------------------------------+
 *  |                       its own position                        |   0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |               length of what it carries, bytes                |   8
 *  +-------------------------------+-------------------------------+
 *  |             type              |   attachment of the sender    |   12
 *  +-------------------------------+-------------------------------+
 *  |                       pid of the sender                       |   16
 *  +---------------------------------------------------------------+
 *  |                 epoch of the sender's attachment              |   20
 *  +---------------------------------------------------------------+
 *  |       1: text in UTF-8; 2: SBE message header and body       ...  24
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p><b>Opening:</b> memory that is all zero becomes an exchange: magic number, version and length are set by compare-and-set
 * from 0, by any number of processes at once. A length that is there already is taken as it is.
 *
 * <p><b>Attaching</b>, under the lock: takes an attachment that nobody has, or whose process is dead, sets the position to the
 * tail, then the start, then pid and epoch together, the epoch 1 more than it was. <b>Detaching</b> replaces the pid by 0 by
 * compare-and-set and wakes those who wait for room.
 *
 * <p><b>Sending</b>, under the lock: a message may not overwrite what a live attachment has yet to read: its end less the ring's
 * length is at most the least position of all. Where head, which is never beyond that, does not allow it, the positions
 * are looked at and head is moved; an attachment in the way is freed if its process is dead or its position is none. A message
 * does not wrap: where it does not fit behind the tail, one of type 0 fills the ring up. A text is also put into the text slot
 * that does not hold the latest: position 0, length and text, then the position. A
 * position beyond the tail, left by a sender that died, is set to 0 before anything is sent. Last the tail is moved: this publishes. A sender that dies before leaves nothing to be seen. Once the lock is given back, he wakes
 * those who sleep on news.
 *
 * <p><b>Receiving</b> takes no lock: whoever reads follows the tail, passes over type 0 and what his own attachment has sent,
 * moves his position behind what he has handled, passes a full fence and wakes those who sleep on room.
 *
 * <p><b>The latest text</b> is that of the slot with the higher position which is not 0 and not beyond the tail, if the position
 * is still the same after the copy.
 *
 * <p>This layout is a promise: it changes only with the version.
 */
public final class ExchangeDescriptor {
    /** Offset of the magic number. */
    public static final int MAGIC_OFFSET = 0;

    /** The magic number, "SLIPEXCH" as a little-endian i64. */
    public static final long MAGIC = 0x4843_5845_5049_4C53L;

    /** Offset of the u32 version. */
    public static final int VERSION_OFFSET = 8;

    /** The version that this code writes and reads. */
    public static final int VERSION = 1;

    /** Offset of the u64 length of the exchange. */
    public static final int LENGTH_OFFSET = 16;

    /** Offset of the lock. */
    public static final int LOCK_OFFSET = 64;

    /** Offset of the u64 head. */
    public static final int HEAD_OFFSET = 80;

    /** Offset of the u64 tail. */
    public static final int TAIL_OFFSET = 128;

    /** Offset of the wake word of those who wait for a message. */
    public static final int NEWS_OFFSET = 192;

    /** Offset of the wake word of those who wait for room. */
    public static final int ROOM_OFFSET = 256;

    /** Offset of the first attachment. */
    public static final int ATTACHMENTS_OFFSET = 320;

    /** Number of attachments. */
    public static final int ATTACHMENTS = 16;

    /** Bytes of an attachment. */
    public static final int ATTACHMENT_LENGTH = 64;

    /** Offset in an attachment: u32 pid, u32 epoch. */
    public static final int ATTACHMENT_OWNER_OFFSET = 0;

    /** Offset in an attachment: u64 start of the process. */
    public static final int ATTACHMENT_START_OFFSET = 8;

    /** Offset in an attachment: i64 position of the next message. */
    public static final int ATTACHMENT_POSITION_OFFSET = 16;

    /** Position of an attachment that reads nothing. */
    public static final long READS_NOTHING = -1;

    /** Offset of the first text slot. */
    public static final int TEXTS_OFFSET = ATTACHMENTS_OFFSET + ATTACHMENTS * ATTACHMENT_LENGTH;

    /** Offset in a text slot: u64 position behind the message. */
    public static final int TEXT_POSITION_OFFSET = 0;

    /** Offset in a text slot: u32 length. */
    public static final int TEXT_LENGTH_OFFSET = 8;

    /** Offset in a text slot: the text. */
    public static final int TEXT_OFFSET = 16;

    /** Offset in a message: u64 position. */
    public static final int POSITION_OFFSET = 0;

    /** Offset in a message: u32 length. */
    public static final int MESSAGE_LENGTH_OFFSET = 8;

    /** Offset in a message: u16 type. */
    public static final int TYPE_OFFSET = 12;

    /** Offset in a message: u16 attachment. */
    public static final int ATTACHMENT_OFFSET = 14;

    /** Offset in a message: u32 pid. */
    public static final int SENDER_OFFSET = 16;

    /** Offset in a message: u32 epoch. */
    public static final int EPOCH_OFFSET = 20;

    /** Offset in a message: what it carries; the length of its header. */
    public static final int BODY_OFFSET = 24;

    /** What positions and padded messages are multiples of. */
    public static final int ALIGNMENT = 32;

    /** Type of a message that fills the ring up. */
    public static final int PADDING = 0;

    /** Type of a message that carries text. */
    public static final int TEXT = 1;

    /** Type of a message that carries an SBE message header and body. */
    public static final int TYPED = 2;

    /** Bytes of the SBE message header. */
    public static final int SBE_HEADER_LENGTH = 8;

    /** Bytes of the shortest exchange: messages carry up to 104 bytes. */
    public static final int MIN_LENGTH = TEXTS_OFFSET + 4 * 128;

    /** Bytes of the longest exchange. */
    public static final int MAX_LENGTH = 1 << 30;

    private static final int QUARTERS = 4;

    private ExchangeDescriptor() {}

    /**
     * Bytes of a text slot, half of those of the ring.
     *
     * @param length of the exchange, from {@link #MIN_LENGTH} to {@link #MAX_LENGTH}.
     * @return Q.
     */
    public static int quarter(int length) {
        return ((length - TEXTS_OFFSET) / QUARTERS) & -ALIGNMENT;
    }

    /**
     * The most that a message carries.
     *
     * @param length of the exchange.
     * @return bytes of text, or of SBE message header and body.
     */
    public static int maxLength(int length) {
        return quarter(length) - BODY_OFFSET;
    }

    /**
     * What a message takes in the ring.
     *
     * @param length of what it carries.
     * @return bytes.
     */
    public static int padded(int length) {
        return (BODY_OFFSET + length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
