package io.slipstream.telemetry.session;

/**
 * Layout of {@code session.index}: where a session's keyframes, laps and markers are. Little-endian; every number is 8 bytes, texts
 * are their length and then UTF-8 with zeros up to a multiple of 8.
 *
 * <pre>
 *    0  magic                     "SSINDEX1"
 *    8  checksum                  CRC32C of everything from byte 16 on
 *   16  frames                    in the session as far as it is covered, damaged ones counted
 *   24  first, last timestamp     ns since the Unix epoch; of frames
 *   40  end                       place behind the last message that is covered
 *   48  damaged bytes, places     passed over because no message is there
 *   64  files                     count, then a text each: the names of the data files, in order
 *       keyframes                 count, then of each:
 *                                 timestamp, place, ordinal of the frame,
 *                                 messages and CRC32C of the segment that it begins, as far as it is covered
 *       lines                     count, then of each: kind, lap, time (f64), timestamp, ordinal; see {@link LapLines}
 *       markers                   count, then of each: timestamp, label
 * </pre>
 *
 * <p>A place is what {@code StoreReader} calls so: 40 bits of the byte, above them the file's number. A segment is a keyframe and all
 * messages up to the next one; its checksum covers the documents' payloads, so that it tells of damage to what no frame's own
 * checksum covers.
 *
 * <p>An index is only a help: whoever reads it looks whether it agrees with the files, and makes it again where it does not.
 */
final class SessionIndexDescriptor {
    static final String FILE = "session.index";

    static final long MAGIC = 0x31_58_45_44_4E_49_53_53L;
    static final int MAGIC_OFFSET = 0;
    static final int CHECKSUM_OFFSET = 8;
    static final int CHECKED_FROM = 16;

    /** Bytes of one keyframe. */
    static final int KEYFRAME_LENGTH = 40;

    /** Bytes of one lap line. */
    static final int LINE_LENGTH = 40;

    /** More than a week of keyframes, in bytes: no index is longer. */
    static final long LONGEST = 256L << 20;

    private SessionIndexDescriptor() {}
}
