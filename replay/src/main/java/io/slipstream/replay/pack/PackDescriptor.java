package io.slipstream.replay.pack;

/**
 * A packed session. This is a promise: what was packed stays readable. The file is a series of zstd frames (RFC 8878), so that
 * {@code zstd -t} checks it and {@code zstd -dc} gives the messages; what else there is stands in skippable frames, which zstd passes
 * over. All numbers are little-endian; a CRC is a CRC32C (Castagnoli).
 *
 * <pre>
 *  +--------+---------+------------+---------+------------+--   --+---------+
 *  |  head  | part 0  |  messages  | part 1  |  messages  |  ...  |  tail   |
 *  | skip.  |  skip.  | zstd frame |  skip.  | zstd frame |       |  skip.  |
 *  +--------+---------+------------+---------+------------+--   --+---------+
 *
 *  head                                     part
 *   0  u32  magic 0x184D2A53                 0  u32  magic 0x184D2A54
 *   4  u32  length of the rest               4  u32  length of the rest: 64
 *   8  u64  "SLIPPACK"                       8  u64  "SLIPPART"
 *  16  u32  version: 1                      16  u64  pack
 *  20  u32  sections                        24  u32  number, from 0
 *  24  u64  pack                            28  u32  bytes of the zstd frame
 *  32  u32  0                               32  u32  bytes of the messages
 *  36  u32  CRC of bytes 0 to 35            36  u32  messages
 *  40  sections                             40  u32  frames among them
 *                                           44  u32  CRC of the zstd frame
 *  section                                  48  u64  messages before this part
 *   0  u32  kind: 1 summary,                56  i64  timestamp of the first message
 *           2 schema, 3 block format        64  u32  0
 *   4  u32  length of the content           68  u32  CRC of bytes 0 to 67
 *   8  u32  CRC of the content              72  zstd frame
 *  12  content
 *                                          tail
 *  message                                   0  u32  magic 0x184D2A55
 *   0  i64  timestamp                        4  u32  length of the rest: 56
 *   8  u32  bytes from the SBE header on     8  u64  "SLIPTAIL"
 *  12  u16  source id                       16  u64  pack
 *  14  SBE message header, body             24  u64  parts
 *                                           32  u64  messages
 *                                           40  u64  frames
 *                                           48  u64  bytes of the messages
 *                                           56  u32  frames packed although they are damaged
 *                                           60  u32  CRC of bytes 0 to 59
 * </pre>
 *
 * <ul>
 *   <li>{@code pack} is the same in all of one file: a part of another file is none of this one's.
 *   <li>The summary is {@code session.json}, a schema SBE's binary IR, the block format the session's own {@code block.format}. A
 *       session has one summary, at most one block format, and a schema for each version of one that its messages have.
 *   <li>A part's messages begin with a keyframe, except where a keyframe is too far from the one before, and where other messages
 *       come before the first; so a part is of use without the others. A zstd frame states its content's size and has a checksum of it.
 *   <li>The tail is the only proof that the file is whole.
 *   <li>Who finds something damaged looks for the next bytes that are a part with a right CRC.
 * </ul>
 */
final class PackDescriptor {
    /** The layout that this code writes. */
    static final int VERSION = 1;

    static final int SKIPPABLE_HEADER = 8;

    static final int HEAD_MAGIC = 0x184D2A53;
    static final int PART_MAGIC = 0x184D2A54;
    static final int TAIL_MAGIC = 0x184D2A55;

    static final int MAGIC_OFFSET = 0;
    static final int LENGTH_OFFSET = 4;
    static final int SIGNATURE_OFFSET = 8;

    /** "SLIPPACK", read as a little-endian number. */
    static final long HEAD_SIGNATURE = 0x4B434150_50494C53L;

    /** "SLIPPART". */
    static final long PART_SIGNATURE = 0x54524150_50494C53L;

    /** "SLIPTAIL". */
    static final long TAIL_SIGNATURE = 0x4C494154_50494C53L;

    static final int HEAD_VERSION_OFFSET = 16;
    static final int HEAD_SECTIONS_OFFSET = 20;
    static final int HEAD_PACK_OFFSET = 24;
    static final int HEAD_CRC_OFFSET = 36;
    static final int HEAD_LENGTH = 40;

    static final int SECTION_KIND_OFFSET = 0;
    static final int SECTION_LENGTH_OFFSET = 4;
    static final int SECTION_CRC_OFFSET = 8;
    static final int SECTION_HEADER_LENGTH = 12;
    static final int SUMMARY_SECTION = 1;
    static final int SCHEMA_SECTION = 2;
    static final int FORMAT_SECTION = 3;

    static final int PART_PACK_OFFSET = 16;
    static final int PART_NUMBER_OFFSET = 24;
    static final int PART_PACKED_OFFSET = 28;
    static final int PART_PLAIN_OFFSET = 32;
    static final int PART_MESSAGES_OFFSET = 36;
    static final int PART_FRAMES_OFFSET = 40;
    static final int PART_DATA_CRC_OFFSET = 44;
    static final int PART_BEFORE_OFFSET = 48;
    static final int PART_TIMESTAMP_OFFSET = 56;
    static final int PART_CRC_OFFSET = 68;
    static final int PART_LENGTH = 72;

    static final int TAIL_PACK_OFFSET = 16;
    static final int TAIL_PARTS_OFFSET = 24;
    static final int TAIL_MESSAGES_OFFSET = 32;
    static final int TAIL_FRAMES_OFFSET = 40;
    static final int TAIL_PLAIN_OFFSET = 48;
    static final int TAIL_DAMAGED_OFFSET = 56;
    static final int TAIL_CRC_OFFSET = 60;
    static final int TAIL_LENGTH = 64;

    static final int MESSAGE_TIMESTAMP_OFFSET = 0;
    static final int MESSAGE_LENGTH_OFFSET = 8;
    static final int MESSAGE_SOURCE_OFFSET = 12;
    static final int MESSAGE_HEADER_LENGTH = 14;

    /** A part ends with the first keyframe behind so many bytes of messages. */
    static final int PART_SIZE = 1 << 20;

    /** No part has more bytes of messages, packed or not. */
    static final int LARGEST_PART = 16 << 20;

    /** No section is longer, nor are there more of them. */
    static final int LARGEST_SECTION = 16 << 20;

    static final int MOST_SECTIONS = 64;

    /** No message of a session is longer: a quarter of what its queue maps at a time. */
    static final int LONGEST_MESSAGE = 1 << 20;

    /** No session has messages of more sources. */
    static final int MOST_SOURCES = 64;

    private PackDescriptor() {}
}
