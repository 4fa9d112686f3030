package io.slipstream.memory.exchange;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.memory.WakeWord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/** The memory of an exchange, made one where it is zero and checked where it is not. Offsets within it are trusted afterwards. */
final class Block {
    private static final VarHandle I64 =
            ValueLayout.JAVA_LONG.withOrder(LITTLE_ENDIAN).varHandle();
    private static final VarHandle I32 =
            ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;
    private final UnsafeBuffer buffer;
    private final String name;
    private final int quarter;

    private Block(MemorySegment memory, String name) {
        this.memory = memory;
        this.buffer = new UnsafeBuffer(memory.asByteBuffer());
        this.name = name;
        this.quarter = ExchangeDescriptor.quarter((int) memory.byteSize());
    }

    /** Tells whether memory begins as an exchange does. */
    static boolean isExchange(MemorySegment memory) {
        return memory.byteSize() >= ExchangeDescriptor.MIN_LENGTH
                && memory.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN), ExchangeDescriptor.MAGIC_OFFSET)
                        == ExchangeDescriptor.MAGIC;
    }

    /** Opens an exchange that is there, to look only. */
    static Block existing(MemorySegment memory, String name) throws ExchangeFormatException {
        if (!isExchange(memory)) {
            throw new ExchangeFormatException(name + " holds no exchange: it does not begin with SLIPEXCH");
        }
        return checked(memory, name, (int) I32.getVolatile(memory, (long) ExchangeDescriptor.VERSION_OFFSET), (long)
                I64.getVolatile(memory, (long) ExchangeDescriptor.LENGTH_OFFSET));
    }

    /** Opens an exchange, or makes one in memory that is zero; others may do so at the same time. */
    static Block open(MemorySegment memory, String name) throws ExchangeFormatException {
        if (!memory.isNative() || memory.isReadOnly() || memory.address() % Long.BYTES != 0) {
            throw new IllegalArgumentException(name
                    + ": an exchange needs shared memory that may be written, at an address that is a multiple of 8");
        }
        final long size = Math.min(memory.byteSize(), ExchangeDescriptor.MAX_LENGTH);
        if (size < ExchangeDescriptor.MIN_LENGTH) {
            throw new ExchangeFormatException(name + " has " + size
                    + " bytes, too few for an exchange: make it with at least " + ExchangeDescriptor.MIN_LENGTH);
        }
        final long magic = (long)
                I64.compareAndExchange(memory, (long) ExchangeDescriptor.MAGIC_OFFSET, 0L, ExchangeDescriptor.MAGIC);
        if (magic != 0 && magic != ExchangeDescriptor.MAGIC) {
            throw new ExchangeFormatException(
                    name + " holds something else: it does not begin with SLIPEXCH; use another name");
        }
        final int version = (int)
                I32.compareAndExchange(memory, (long) ExchangeDescriptor.VERSION_OFFSET, 0, ExchangeDescriptor.VERSION);
        final long length = (long) I64.compareAndExchange(memory, (long) ExchangeDescriptor.LENGTH_OFFSET, 0L, size);
        return checked(memory, name, version == 0 ? ExchangeDescriptor.VERSION : version, length == 0 ? size : length);
    }

    private static Block checked(MemorySegment memory, String name, int version, long length)
            throws ExchangeFormatException {
        if (version != ExchangeDescriptor.VERSION) {
            throw new ExchangeFormatException(
                    name + " holds an exchange of version " + Integer.toUnsignedString(version) + ", not "
                            + ExchangeDescriptor.VERSION + ": use one version of Slipstream for all");
        }
        if (length < ExchangeDescriptor.MIN_LENGTH
                || length > Math.min(memory.byteSize(), ExchangeDescriptor.MAX_LENGTH)) {
            throw new ExchangeFormatException(name + " is damaged: an exchange of " + length + " bytes in a block of "
                    + memory.byteSize() + "; end the programs that use it, remove it and make it anew");
        }
        return new Block(memory.asSlice(0, length), name);
    }

    String name() {
        return name;
    }

    MemorySegment memory() {
        return memory;
    }

    /** The same memory, for copies and for users. Not to be used once the memory may be gone. */
    UnsafeBuffer buffer() {
        return buffer;
    }

    int quarter() {
        return quarter;
    }

    /** The most that a message carries. */
    int maxLength() {
        return quarter - ExchangeDescriptor.BODY_OFFSET;
    }

    int ringOffset() {
        return ExchangeDescriptor.TEXTS_OFFSET + 2 * quarter;
    }

    int ringLength() {
        return 2 * quarter;
    }

    /** Where in the block a position of the ring is. */
    int at(long position) {
        return ringOffset() + (int) (position % ringLength());
    }

    /** Position behind the last message. */
    long tail() throws ExchangeFormatException {
        final long tail = getAcquire(ExchangeDescriptor.TAIL_OFFSET);
        if (!isPosition(tail)) {
            throw damaged("its tail is " + tail);
        }
        return tail;
    }

    WakeWord wakeWord(long offset) {
        return WakeWord.at(memory, offset);
    }

    void requireOpen(boolean closed) {
        if (closed) {
            throw new IllegalStateException("the exchange in " + name + " was closed");
        }
    }

    static boolean isPosition(long value) {
        return value >= 0 && value % ExchangeDescriptor.ALIGNMENT == 0;
    }

    ExchangeFormatException damaged(String what) {
        return new ExchangeFormatException("the exchange in " + name + " is damaged: " + what
                + "; another program has written into it. End the programs that use it, remove it and make it anew");
    }

    long getAcquire(long offset) {
        return (long) I64.getAcquire(memory, offset);
    }

    void setRelease(long offset, long value) {
        I64.setRelease(memory, offset, value);
    }

    boolean compareAndSet(long offset, long expected, long value) {
        return I64.compareAndSet(memory, offset, expected, value);
    }
}
