package io.slipstream.replay.mcap;

/**
 * The layout of an MCAP file, version 0, as its public specification (mcap.dev/spec) has it. Little-endian throughout;
 * times are u64 ns since the Unix epoch; CRCs are CRC-32 as zlib has it, 0 where there is none.
 *
 * <pre>
 *   file     = magic Header data... DataEnd summary... SummaryOffset... Footer magic
 *   record   = u8 opcode, u64 length of the content, content
 *   string   = u32 length in bytes, UTF-8
 *   map      = u32 length in bytes, key, value, key, value, ...
 *   array    = u32 length in bytes, element, element, ...
 * </pre>
 *
 * Every record's content; what stands behind a string, map or array has no fixed offset:
 *
 * <pre>
 *   Header           string profile, string library
 *   Footer           0 u64 summary start, 8 u64 summary offset start, 16 u32 summary CRC
 *   Schema           0 u16 id (not 0), 2 string name, string encoding, u32 length and bytes
 *   Channel          0 u16 id, 2 u16 schema (0: none), 4 string topic, string message encoding, map&lt;string, string&gt;
 *   Message          0 u16 channel, 2 u32 sequence, 6 u64 log time, 14 u64 publish time, 22 data
 *   Chunk            0 u64 first log time, 8 u64 last, 16 u64 plain size, 24 u32 CRC of the plain records,
 *                    28 string compression, u64 length and records (Schema, Channel and Message)
 *   MessageIndex     0 u16 channel, 2 array&lt;u64 log time, u64 offset in the plain records&gt;
 *   ChunkIndex       0 u64 first log time, 8 u64 last, 16 u64 where the chunk is, 24 u64 its length,
 *                    32 map&lt;u16 channel, u64 where its MessageIndex is&gt;, u64 length of all of those,
 *                    string compression, u64 packed size, u64 plain size
 *   Attachment       0 u64 log time, 8 u64 creation time, 16 string name, string media type, u64 length and bytes,
 *                    u32 CRC of all before it in the content
 *   AttachmentIndex  0 u64 where, 8 u64 length, 16 u64 log time, 24 u64 creation time, 32 u64 data size,
 *                    40 string name, string media type
 *   Statistics       0 u64 messages, 8 u16 schemas, 10 u32 channels, 14 u32 attachments, 18 u32 metadata,
 *                    22 u32 chunks, 26 u64 first log time, 34 u64 last, 42 map&lt;u16 channel, u64 messages&gt;
 *   Metadata         string name, map&lt;string, string&gt;
 *   MetadataIndex    0 u64 where, 8 u64 length, 16 string name
 *   SummaryOffset    0 u8 opcode of a group, 1 u64 where it starts, 9 u64 its length
 *   DataEnd          0 u32 CRC of the file up to this record
 * </pre>
 *
 * The summary's records are grouped by opcode; its CRC covers everything from its first record up to the CRC itself, within
 * the footer.
 */
final class McapDescriptor {
    /** What a file begins and ends with: 0x89 M C A P 0 CR LF, as a little-endian word. */
    static final long MAGIC = 0x0A0D_3050_4143_4D89L;

    /** Length of the magic. */
    static final int MAGIC_LENGTH = 8;

    /** Length of what stands before a record's content: opcode and length. */
    static final int PREFIX_LENGTH = 9;

    /** Offset of the length of the content from the record's start. */
    static final int LENGTH_OFFSET = 1;

    /** First record of a file. */
    static final byte HEADER = 0x01;

    /** Last record of a file. */
    static final byte FOOTER = 0x02;

    /** What the messages of a channel look like. */
    static final byte SCHEMA = 0x03;

    /** A topic. */
    static final byte CHANNEL = 0x04;

    /** One message of a channel. */
    static final byte MESSAGE = 0x05;

    /** Schemas, channels and messages, packed together. */
    static final byte CHUNK = 0x06;

    /** Where the messages of one channel are in the chunk before it. */
    static final byte MESSAGE_INDEX = 0x07;

    /** Where a chunk and its message indexes are. */
    static final byte CHUNK_INDEX = 0x08;

    /** A file in the file. */
    static final byte ATTACHMENT = 0x09;

    /** Where an attachment is. */
    static final byte ATTACHMENT_INDEX = 0x0A;

    /** Counts and times of the whole file. */
    static final byte STATISTICS = 0x0B;

    /** Texts by name. */
    static final byte METADATA = 0x0C;

    /** Where a metadata record is. */
    static final byte METADATA_INDEX = 0x0D;

    /** Where a group of the summary's records is. */
    static final byte SUMMARY_OFFSET = 0x0E;

    /** Ends the data. */
    static final byte DATA_END = 0x0F;

    /** Length of the message's content before its data. */
    static final int MESSAGE_HEADER_LENGTH = 22;

    /** Length of the footer's content. */
    static final int FOOTER_LENGTH = 20;

    /** Length of the CRC at the end of footer and attachment. */
    static final int CRC_LENGTH = 4;

    /** Compression of a chunk whose records are one zstd frame. */
    static final String ZSTD = "zstd";

    /** Compression of a chunk whose records are as they are. */
    static final String NONE = "";

    /** Greatest number of schemas, and of channels: ids are 16 bits, and 0 is no schema. */
    static final int MAX_ID = 0xFFFF;

    private McapDescriptor() {}
}
