package io.slipstream.memory.exchange;

import static io.slipstream.memory.exchange.ExchangeDescriptor.ATTACHMENT_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.BODY_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.EPOCH_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.MESSAGE_LENGTH_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.PADDING;
import static io.slipstream.memory.exchange.ExchangeDescriptor.POSITION_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.SBE_HEADER_LENGTH;
import static io.slipstream.memory.exchange.ExchangeDescriptor.SENDER_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXT;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TYPED;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TYPE_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Follows the ring. Nothing that stands there is believed: it may be damaged, and it may change while it is looked at, so each
 * field is read once.
 */
final class Reader {
    private final Block block;
    private final Attachment attachment;
    private final ExchangeMessage message;
    private long position;
    private long published;
    private int size;

    Reader(Block block, Attachment attachment) {
        this.block = block;
        this.attachment = attachment;
        this.message = new ExchangeMessage(block.buffer());
        this.position = attachment.begin();
        this.published = position;
    }

    /** The message that {@link #hasNext} found. */
    ExchangeMessage message() {
        return message;
    }

    /** Looks for the next message of another, passing over others. If there is damage, all that is there is passed over. */
    boolean hasNext() throws ExchangeFormatException {
        final long tail = block.tail();
        final long available = tail - position;
        if (available < 0 || available > block.ringLength()) {
            throw damaged(tail, "its tail is " + tail + ", but this program is at " + position);
        }
        while (position != tail) {
            if (isForMe(tail)) {
                return true;
            }
            position += size;
        }
        return false;
    }

    private boolean isForMe(long tail) throws ExchangeFormatException {
        final UnsafeBuffer buffer = block.buffer();
        final int at = block.at(position);
        final long itsPosition = buffer.getLong(at + POSITION_OFFSET, LITTLE_ENDIAN);
        final int length = buffer.getInt(at + MESSAGE_LENGTH_OFFSET, LITTLE_ENDIAN);
        final int type = buffer.getShort(at + TYPE_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
        if (length < 0 || length > block.maxLength()) {
            throw damaged(tail, "the message at " + position + " has " + length + " bytes");
        }
        final int padded = ExchangeDescriptor.padded(length);
        if (itsPosition != position
                || padded > tail - position
                || at + padded > block.ringOffset() + block.ringLength()) {
            throw damaged(tail, "there is no message at " + position);
        }
        if (type != PADDING && type != TEXT && (type != TYPED || length < SBE_HEADER_LENGTH)) {
            throw damaged(tail, "the message at " + position + " is of type " + type + " with " + length + " bytes");
        }
        size = padded;
        if (type == PADDING
                || ((buffer.getShort(at + ATTACHMENT_OFFSET, LITTLE_ENDIAN) & 0xFFFF) == attachment.slot()
                        && buffer.getInt(at + EPOCH_OFFSET, LITTLE_ENDIAN) == attachment.epoch())) {
            return false;
        }
        message.set(position, type, at + BODY_OFFSET, length, buffer.getInt(at + SENDER_OFFSET, LITTLE_ENDIAN));
        return true;
    }

    private ExchangeFormatException damaged(long tail, String what) {
        final long passedOver = tail - position;
        position = tail;
        return block.damaged(what + " (passed over to " + tail + ", " + passedOver + " bytes)");
    }

    /** Moves behind the message that {@link #hasNext} found. */
    void advance() {
        position += size;
    }

    /** Lets others overwrite what was read. Returns false if that is nothing new. */
    boolean release() {
        if (position == published) {
            return false;
        }
        attachment.position(position);
        published = position;
        return true;
    }
}
