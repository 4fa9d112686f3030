package io.slipstream.replay.pack;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The head of a part, and the way from messages to its zstd frame and back. Immutable.
 *
 * @param pack of which file.
 * @param number from 0.
 * @param packed bytes of the zstd frame.
 * @param plain bytes of the messages.
 * @param messages count.
 * @param frames among them.
 * @param dataCrc of the zstd frame.
 * @param before messages before this part.
 * @param timestamp of the first message, ns since the Unix epoch.
 */
record PackedPart(
        long pack,
        long number,
        int packed,
        int plain,
        long messages,
        long frames,
        int dataCrc,
        long before,
        long timestamp) {

    /** Packs messages: the whole part, as the file has it. */
    static ByteBuffer pack(
            long pack, long number, byte[] plain, int length, int messages, int frames, long before, int level) {
        final byte[] bytes = new byte[PackDescriptor.PART_LENGTH + Math.toIntExact(Zstd.compressBound(length))];
        final int packed;
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            zstd.setLevel(level).setChecksum(true).setContentSize(true);
            packed = zstd.compressByteArray(
                    bytes, PackDescriptor.PART_LENGTH, bytes.length - PackDescriptor.PART_LENGTH, plain, 0, length);
        }
        final ByteBuffer part = ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN);
        part.limit(PackDescriptor.PART_LENGTH + packed);
        part.putInt(PackDescriptor.MAGIC_OFFSET, PackDescriptor.PART_MAGIC)
                .putInt(PackDescriptor.LENGTH_OFFSET, PackDescriptor.PART_LENGTH - PackDescriptor.SKIPPABLE_HEADER)
                .putLong(PackDescriptor.SIGNATURE_OFFSET, PackDescriptor.PART_SIGNATURE)
                .putLong(PackDescriptor.PART_PACK_OFFSET, pack)
                .putInt(PackDescriptor.PART_NUMBER_OFFSET, (int) number)
                .putInt(PackDescriptor.PART_PACKED_OFFSET, packed)
                .putInt(PackDescriptor.PART_PLAIN_OFFSET, length)
                .putInt(PackDescriptor.PART_MESSAGES_OFFSET, messages)
                .putInt(PackDescriptor.PART_FRAMES_OFFSET, frames)
                .putInt(PackDescriptor.PART_DATA_CRC_OFFSET, crc(bytes, PackDescriptor.PART_LENGTH, packed))
                .putLong(PackDescriptor.PART_BEFORE_OFFSET, before)
                .putLong(
                        PackDescriptor.PART_TIMESTAMP_OFFSET,
                        ByteBuffer.wrap(plain).order(LITTLE_ENDIAN).getLong(PackDescriptor.MESSAGE_TIMESTAMP_OFFSET))
                .putInt(PackDescriptor.PART_CRC_OFFSET, crc(bytes, 0, PackDescriptor.PART_CRC_OFFSET));
        return part;
    }

    /** The head of a part in these bytes; null where there is none, or it says what cannot be. */
    static PackedPart decode(byte[] bytes, int offset) {
        final ByteBuffer head = ByteBuffer.wrap(bytes, offset, PackDescriptor.PART_LENGTH)
                .slice()
                .order(LITTLE_ENDIAN);
        if (head.getInt(PackDescriptor.MAGIC_OFFSET) != PackDescriptor.PART_MAGIC
                || head.getLong(PackDescriptor.SIGNATURE_OFFSET) != PackDescriptor.PART_SIGNATURE
                || head.getInt(PackDescriptor.PART_CRC_OFFSET) != crc(bytes, offset, PackDescriptor.PART_CRC_OFFSET)) {
            return null;
        }
        final PackedPart part = new PackedPart(
                head.getLong(PackDescriptor.PART_PACK_OFFSET),
                Integer.toUnsignedLong(head.getInt(PackDescriptor.PART_NUMBER_OFFSET)),
                head.getInt(PackDescriptor.PART_PACKED_OFFSET),
                head.getInt(PackDescriptor.PART_PLAIN_OFFSET),
                Integer.toUnsignedLong(head.getInt(PackDescriptor.PART_MESSAGES_OFFSET)),
                Integer.toUnsignedLong(head.getInt(PackDescriptor.PART_FRAMES_OFFSET)),
                head.getInt(PackDescriptor.PART_DATA_CRC_OFFSET),
                head.getLong(PackDescriptor.PART_BEFORE_OFFSET),
                head.getLong(PackDescriptor.PART_TIMESTAMP_OFFSET));
        final boolean possible = part.plain > 0
                && part.plain <= PackDescriptor.LARGEST_PART
                && part.packed > 0
                && part.packed <= Zstd.compressBound(PackDescriptor.LARGEST_PART);
        return possible ? part : null;
    }

    /** The messages of this part's zstd frame; null where it is damaged. */
    byte[] unpack(byte[] data) {
        if (crc(data, 0, packed) != dataCrc || Zstd.getFrameContentSize(data, 0, packed) != plain) {
            return null;
        }
        final byte[] messagesOfIt = new byte[plain];
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            return zstd.decompressByteArray(messagesOfIt, 0, plain, data, 0, packed) == plain ? messagesOfIt : null;
        } catch (ZstdException e) {
            // Its checksum is right and it is no zstd frame of that size all the same: nobody packed that.
            return null;
        }
    }

    static int crc(byte[] bytes, int offset, int length) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
