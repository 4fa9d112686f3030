package io.slipstream.replay.pack;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;

/**
 * The end of a packed session.
 *
 * @param pack of which file.
 * @param parts count.
 * @param messages count.
 * @param frames among them.
 * @param plain bytes of the messages.
 * @param damaged frames that were packed although they are damaged.
 */
record PackTail(long pack, long parts, long messages, long frames, long plain, int damaged) {

    ByteBuffer encode() {
        final ByteBuffer tail = ByteBuffer.allocate(PackDescriptor.TAIL_LENGTH).order(LITTLE_ENDIAN);
        tail.putInt(PackDescriptor.MAGIC_OFFSET, PackDescriptor.TAIL_MAGIC)
                .putInt(PackDescriptor.LENGTH_OFFSET, PackDescriptor.TAIL_LENGTH - PackDescriptor.SKIPPABLE_HEADER)
                .putLong(PackDescriptor.SIGNATURE_OFFSET, PackDescriptor.TAIL_SIGNATURE)
                .putLong(PackDescriptor.TAIL_PACK_OFFSET, pack)
                .putLong(PackDescriptor.TAIL_PARTS_OFFSET, parts)
                .putLong(PackDescriptor.TAIL_MESSAGES_OFFSET, messages)
                .putLong(PackDescriptor.TAIL_FRAMES_OFFSET, frames)
                .putLong(PackDescriptor.TAIL_PLAIN_OFFSET, plain)
                .putInt(PackDescriptor.TAIL_DAMAGED_OFFSET, damaged)
                .putInt(
                        PackDescriptor.TAIL_CRC_OFFSET,
                        PackedPart.crc(tail.array(), 0, PackDescriptor.TAIL_CRC_OFFSET));
        return tail;
    }

    /** The tail in these bytes; null where there is none. */
    static PackTail decode(byte[] bytes, int offset) {
        final ByteBuffer tail = ByteBuffer.wrap(bytes, offset, PackDescriptor.TAIL_LENGTH)
                .slice()
                .order(LITTLE_ENDIAN);
        if (tail.getInt(PackDescriptor.MAGIC_OFFSET) != PackDescriptor.TAIL_MAGIC
                || tail.getLong(PackDescriptor.SIGNATURE_OFFSET) != PackDescriptor.TAIL_SIGNATURE
                || tail.getInt(PackDescriptor.TAIL_CRC_OFFSET)
                        != PackedPart.crc(bytes, offset, PackDescriptor.TAIL_CRC_OFFSET)) {
            return null;
        }
        return new PackTail(
                tail.getLong(PackDescriptor.TAIL_PACK_OFFSET),
                tail.getLong(PackDescriptor.TAIL_PARTS_OFFSET),
                tail.getLong(PackDescriptor.TAIL_MESSAGES_OFFSET),
                tail.getLong(PackDescriptor.TAIL_FRAMES_OFFSET),
                tail.getLong(PackDescriptor.TAIL_PLAIN_OFFSET),
                tail.getInt(PackDescriptor.TAIL_DAMAGED_OFFSET));
    }
}
