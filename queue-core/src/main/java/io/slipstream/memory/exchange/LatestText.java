package io.slipstream.memory.exchange;

import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXTS_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXT_LENGTH_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXT_OFFSET;
import static io.slipstream.memory.exchange.ExchangeDescriptor.TEXT_POSITION_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** The two slots of which one holds the latest text. */
final class LatestText {
    private static final int NONE = -1;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN);

    private final Block block;

    LatestText(Block block) {
        this.block = block;
    }

    private long at(int slot) {
        return TEXTS_OFFSET + (long) slot * block.quarter();
    }

    private long position(int slot) {
        return block.getAcquire(at(slot) + TEXT_POSITION_OFFSET);
    }

    private static boolean isSent(long position, long tail) {
        return position > 0 && position <= tail;
    }

    private int latest(long tail) {
        final long first = position(0);
        final long second = position(1);
        if (isSent(second, tail) && (second > first || !isSent(first, tail))) {
            return 1;
        }
        return isSent(first, tail) ? 0 : NONE;
    }

    /** Forgets texts that their sender died before he had sent. Under the lock, before the tail moves over them. */
    void forgetUnsent(long tail) {
        for (int slot = 0; slot < 2; slot++) {
            final long position = position(slot);
            if (position != 0 && !isSent(position, tail)) {
                block.setRelease(at(slot) + TEXT_POSITION_OFFSET, 0);
            }
        }
    }

    /** Puts a text where the latest is not. It counts once the tail is at its position. Under the lock. */
    void put(long tail, long position, DirectBuffer source, int offset, int length) {
        final int at = (int) at(latest(tail) == 0 ? 1 : 0);
        block.setRelease(at + TEXT_POSITION_OFFSET, 0);
        VarHandle.storeStoreFence();
        block.buffer().putInt(at + TEXT_LENGTH_OFFSET, length, LITTLE_ENDIAN);
        block.buffer().putBytes(at + TEXT_OFFSET, source, offset, length);
        block.setRelease(at + TEXT_POSITION_OFFSET, position);
    }

    /** Copies the latest text, on any thread; an empty array without one; null if what is sent meanwhile has torn the copy. */
    String[] copy() throws ExchangeFormatException {
        final long tail = block.tail();
        final int slot = latest(tail);
        if (slot == NONE) {
            return position(0) == 0 && position(1) == 0 ? new String[0] : null;
        }
        final long position = position(slot);
        final long at = at(slot);
        final int length = block.memory().get(I32, at + TEXT_LENGTH_OFFSET);
        final boolean possible = length >= 0 && length <= block.maxLength();
        final byte[] bytes = new byte[possible ? length : 0];
        MemorySegment.copy(block.memory(), ValueLayout.JAVA_BYTE, at + TEXT_OFFSET, bytes, 0, bytes.length);
        VarHandle.loadLoadFence();
        if (position(slot) != position || !isSent(position, tail)) {
            return null;
        }
        if (!possible) {
            throw block.damaged("its latest text has " + length + " bytes");
        }
        return new String[] {new String(bytes, StandardCharsets.UTF_8)};
    }
}
