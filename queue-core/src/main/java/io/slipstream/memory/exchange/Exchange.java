package io.slipstream.memory.exchange;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.FastLock;
import io.slipstream.memory.LockLostException;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Texts and typed messages that up to 16 programs, in Java and in C, send to each other through one block of shared memory; see
 * {@link ExchangeDescriptor}. Every program receives what the others send from the moment it attaches, each message once and in
 * the same order, and not what it sent itself. Whoever comes later still finds the latest text.
 *
 * <pre>{@code
 * try (Exchange exchange = Exchange.open(BlockName.parse("posix:greetings"), 1 << 16)) {
 *     exchange.sendText("Hello", Duration.ofSeconds(1));
 *     while (exchange.await(Duration.ofMinutes(1))) {
 *         exchange.poll(message -> System.out.println(message.text()), 16);
 *     }
 * }
 * }</pre>
 *
 * <p>Nothing is lost: there is room for a message only once every program that is attached, and lives, has read what stands in
 * its place. A program that only sends says so with {@link #sendOnly()}. A program that dies leaves nothing half sent, blocks
 * nobody and is no longer counted, provided that all share a pid namespace.
 *
 * <p><b>Threads:</b> any. One at a time receives; others wait for their turn. Any number may send, and each waits for room
 * within its own time-out. Sending typed messages and receiving allocate nothing. Waiting is asleep in the kernel for 50 ms at
 * most, then looks for an interrupt: a virtual thread holds its carrier for as long.
 */
public final class Exchange implements AutoCloseable {
    /** A copy of the latest text fails when two more are sent meanwhile. */
    private static final int TEXT_TRIES = 1000;

    private final Block block;
    private final SharedBlock owned;
    private final LatestText latestText;
    private final Receiver receiver;
    private final Sender sender;
    private boolean closed;

    private Exchange(Block block, SharedBlock owned) throws SharedMemoryException {
        this.block = block;
        this.owned = owned;
        final FastLock lock =
                FastLock.at(block.memory(), ExchangeDescriptor.LOCK_OFFSET, "the exchange in " + block.name());
        if (!Sender.acquire(lock, block)) {
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR, "interrupted while attaching to the exchange in " + block.name());
        }
        final Attachment attachment = attach(block, lock);
        this.latestText = new LatestText(block);
        this.receiver = new Receiver(block, attachment);
        this.sender = new Sender(block, lock, attachment, receiver, latestText);
    }

    /** Attaches, and gives the lock back. */
    private static Attachment attach(Block block, FastLock lock) throws SharedMemoryException {
        final Attachment attachment;
        try {
            attachment = Attachment.attach(block);
        } catch (SharedMemoryException | RuntimeException e) {
            lock.unlock();
            throw e;
        }
        try {
            lock.unlock();
        } catch (LockLostException e) {
            attachment.detach();
            throw e;
        }
        return attachment;
    }

    /**
     * Attaches to the exchange of a name, or makes it; several programs may do so at once.
     *
     * @param name of the block.
     * @param size bytes of a new one, from {@link ExchangeDescriptor#MIN_LENGTH} to {@link ExchangeDescriptor#MAX_LENGTH}; a
     *     quarter of them, or so, is the longest message.
     * @return the exchange.
     * @throws ExchangeFormatException if the block holds something else.
     * @throws SharedMemoryException if the block cannot be had, or 16 programs are attached; {@link
     *     SharedMemoryError#INVALID_SIZE}, and nothing is made, if no exchange has that size.
     */
    public static Exchange open(BlockName name, int size) throws SharedMemoryException {
        if (size < ExchangeDescriptor.MIN_LENGTH || size > ExchangeDescriptor.MAX_LENGTH) {
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE,
                    name + ": an exchange has " + ExchangeDescriptor.MIN_LENGTH + " to " + ExchangeDescriptor.MAX_LENGTH
                            + " bytes, not " + size + ": ask for another size");
        }
        return owning(SharedBlock.createOrAttach(name, size));
    }

    /**
     * Attaches to an exchange that is there.
     *
     * @param name of the block.
     * @return the exchange.
     * @throws ExchangeFormatException if the block holds something else.
     * @throws SharedMemoryException {@link SharedMemoryError#NOT_FOUND} if there is none.
     */
    public static Exchange attach(BlockName name) throws SharedMemoryException {
        return owning(SharedBlock.attach(name, BlockAccess.READ_WRITE));
    }

    private static Exchange owning(SharedBlock shared) throws SharedMemoryException {
        try {
            return new Exchange(Block.open(shared.segment(), shared.name().toString()), shared);
        } catch (SharedMemoryException | RuntimeException e) {
            shared.close();
            throw e;
        }
    }

    /**
     * Attaches to the exchange in memory that the caller has mapped, or makes one there if it is all zero.
     *
     * @param memory shared and writable, at an address that is a multiple of 8; there until this exchange is closed.
     * @param name what to call it in messages.
     * @return the exchange.
     * @throws ExchangeFormatException if it holds something else.
     * @throws SharedMemoryException if 16 programs are attached.
     */
    public static Exchange over(MemorySegment memory, String name) throws SharedMemoryException {
        return new Exchange(Block.open(memory, name), null);
    }

    /**
     * Tells how many programs are attached to an exchange, without attaching to it.
     *
     * @param memory of a block, perhaps read-only.
     * @return live attachments; empty if there is no exchange in it.
     * @throws ExchangeFormatException if there is one, of another version or damaged.
     */
    public static OptionalInt attached(MemorySegment memory) throws ExchangeFormatException {
        return Block.isExchange(memory)
                ? OptionalInt.of(Attachment.count(Block.existing(memory, "the block")))
                : OptionalInt.empty();
    }

    /**
     * Sends a text to all who are attached, and makes it the latest.
     *
     * @param text at most {@link #maxLength()} bytes in UTF-8.
     * @param timeout how long to wait for room; zero for not at all.
     * @return false if there was no room in time, or the thread was interrupted, which it still is; false too, however long it
     *     may wait, as soon as a handler that sends has the message which it handles in the way.
     * @throws SharedMemoryException if the text is too long, the exchange is damaged, or its lock cannot be had.
     */
    public boolean sendText(String text, Duration timeout) throws SharedMemoryException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return send(ExchangeDescriptor.TEXT, new UnsafeBuffer(bytes), 0, bytes.length, timeout);
    }

    /**
     * Sends a typed message to all who are attached.
     *
     * @param buffer that holds the 8-byte SBE message header, then the body.
     * @param offset of the message header.
     * @param length of header and body, at most {@link #maxLength()}.
     * @param timeout how long to wait for room; zero for not at all.
     * @return false if there was no room in time, or the thread was interrupted, which it still is; false too, however long it
     *     may wait, as soon as a handler that sends has the message which it handles in the way.
     * @throws SharedMemoryException if it is too long, the exchange is damaged, or its lock cannot be had.
     */
    public boolean send(DirectBuffer buffer, int offset, int length, Duration timeout) throws SharedMemoryException {
        if (length < ExchangeDescriptor.SBE_HEADER_LENGTH) {
            throw new IllegalArgumentException(
                    "a typed message begins with 8 bytes of SBE message header, not " + length);
        }
        return send(ExchangeDescriptor.TYPED, buffer, offset, length, timeout);
    }

    private boolean send(int type, DirectBuffer source, int offset, int length, Duration timeout)
            throws SharedMemoryException {
        source.boundsCheck(offset, length);
        if (length > maxLength()) {
            throw new SharedMemoryException(
                    SharedMemoryError.INVALID_SIZE,
                    "a message of " + length + " bytes is longer than the " + maxLength() + " that the exchange in "
                            + block.name() + " takes: make a larger one, or split it");
        }
        return sender.send(type, source, offset, length, TimeUnit.NANOSECONDS.convert(timeout));
    }

    /**
     * Hands over messages that are there already, and waits for none; but while another thread is in {@link #await} or here, it
     * waits until that one has returned.
     *
     * @param handler called for each.
     * @param limit of messages.
     * @return how many were handled.
     * @throws ExchangeFormatException if the exchange is damaged: what could not be read was passed over, and the next call goes
     *     on behind it.
     */
    public int poll(ExchangeHandler handler, int limit) throws SharedMemoryException {
        return receiver.poll(handler, limit);
    }

    /**
     * Waits for a message, asleep: costs no processor time.
     *
     * @param timeout at most.
     * @return true if there is a message to poll; false after the time-out, once the exchange is closed, or if the thread is
     *     interrupted, which it still is.
     * @throws ExchangeFormatException as {@link #poll} does.
     */
    public boolean await(Duration timeout) throws SharedMemoryException {
        return receiver.await(TimeUnit.NANOSECONDS.convert(timeout));
    }

    /**
     * The latest text that anybody has sent, this program included, even before it attached.
     *
     * @return the text; empty if there was none yet.
     * @throws SharedMemoryException if the exchange is damaged; {@link SharedMemoryError#LOCK_ERROR}, where others send texts
     *     without a pause, if its lock cannot be had or the thread is interrupted, which it still is.
     */
    public Optional<String> text() throws SharedMemoryException {
        String[] copy = null;
        for (int i = 0; i < TEXT_TRIES && copy == null; i++) {
            copy = latestText.copy();
            Thread.onSpinWait();
        }
        // Others send texts without a pause, or one died while he did.
        copy = copy == null ? sender.latestText() : copy;
        return copy.length == 0 ? Optional.empty() : Optional.of(copy[0]);
    }

    /**
     * A number that rises with every message that anybody sends, to find out that there was one.
     *
     * @return the number, 0 in a new exchange.
     * @throws ExchangeFormatException if the exchange is damaged.
     */
    public long changes() throws ExchangeFormatException {
        return block.tail() / ExchangeDescriptor.ALIGNMENT;
    }

    /**
     * How many programs are attached, this one included.
     *
     * @return attachments whose process lives.
     */
    public int attached() {
        return Attachment.count(block);
    }

    /**
     * The most that a message carries.
     *
     * @return bytes of text, or of SBE message header and body.
     */
    public int maxLength() {
        return block.maxLength();
    }

    /**
     * From now on this program receives nothing, so that nobody waits for it to read.
     *
     * @return this.
     * @throws SharedMemoryException if its attachment was taken away.
     */
    public Exchange sendOnly() throws SharedMemoryException {
        receiver.sendOnly();
        return this;
    }

    /**
     * Detaches, once those who wait or send here have come back. Texts and messages stay for others. May be called again.
     *
     * @throws SharedMemoryException if the system refuses to let the block go.
     */
    @Override
    public void close() throws SharedMemoryException {
        if (receiver.isPollingHere()) {
            throw new IllegalStateException("a handler may not close the exchange that called it");
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        sender.end();
        receiver.close();
        sender.detach();
        if (owned != null) {
            owned.close();
        }
    }
}
