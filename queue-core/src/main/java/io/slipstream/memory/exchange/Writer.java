package io.slipstream.memory.exchange;

import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.BODY_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.EPOCH_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.HEAD_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.MESSAGE_LENGTH_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.PADDING;
import static io.slipstream.memory.exchange.ExchangeDescriptor.POSITION_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.SENDER_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TAIL_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXT;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TYPE_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Appends to the ring. Under the lock. */
final class Writer {
    private final Block block;
    private final Attachment attachment;
    private final LatestText latestText;

    Writer(Block block, Attachment attachment, LatestText latestText) {
        this.block = block;
        this.attachment = attachment;
        this.latestText = latestText;
    }

    /** Appends a message and publishes it; returns false if an attachment has yet to read what is in its place. */
    boolean write(int type, DirectBuffer source, int offset, int length) throws ExchangeFormatException {
        final long tail = block.tail();
        final int at = block.at(tail);
        final int size = ExchangeDescriptor.padded(length);
        final int rest = block.ringOffset() + block.ringLength() - at;
        final int padding = rest < size ? rest : 0;
        final long end = tail + padding + size;
        if (end < 0) {
            throw block.damaged("its tail is " + tail);
        }
        if (!hasRoom(tail, end)) {
            return false;
        }
        latestText.forgetUnsent(tail);
        if (padding > 0) {
            putHeader(at, tail, padding - BODY_OFFSET, PADDING);
        }
        final long position = tail + padding;
        final int place = block.at(position);
        putHeader(place, position, length, type);
        block.buffer().putBytes(place + BODY_OFFSET, source, offset, length);
        if (type == TEXT) {
            latestText.put(tail, end, source, offset, length);
        }
        block.setRelease(TAIL_OFFSET, end);
        return true;
    }

    private boolean hasRoom(long tail, long end) {
        final long wanted = end - block.ringLength();
        long head = block.getAcquire(HEAD_OFFSET);
        if (head < wanted || head > tail) {
            head = attachment.head(tail, wanted);
            block.setRelease(HEAD_OFFSET, head);
        }
        return head >= wanted;
    }

    private void putHeader(int at, long position, int length, int type) {
        final UnsafeBuffer buffer = block.buffer();
        buffer.putLong(at + POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putInt(at + MESSAGE_LENGTH_OFFSET, length, LITTLE_ENDIAN);
        buffer.putShort(at + TYPE_OFFSET, (short) type, LITTLE_ENDIAN);
        buffer.putShort(at + ATTACHMENT_OFFSET, (short) attachment.slot(), LITTLE_ENDIAN);
        buffer.putInt(at + SENDER_OFFSET, attachment.pid(), LITTLE_ENDIAN);
        buffer.putInt(at + EPOCH_OFFSET, attachment.epoch(), LITTLE_ENDIAN);
    }
}
