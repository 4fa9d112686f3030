package io.slipstream.queue.chronicle;

import static io.slipstream.queue.EnvelopeDescriptor.BODY_OFFSET;
import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_OFFSET;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.memory.WakeFile;
import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageTooLongException;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.QueueLockedException;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.threads.InterruptedRuntimeException;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.UnrecoverableTimeoutException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/** Appends documents of raw bytes through Chronicle's appender. */
final class ChroniclePublisher implements Publisher {
    private static final int INITIAL_CAPACITY = 4096;

    /** Bytes of an index page before its entries, with room to spare. */
    private static final int INDEX_PAGE_HEAD = 128;

    private final ChronicleMessageQueue owner;
    private final ExcerptAppender appender;
    private final RollCycle rollCycle;
    private final EpochNanoClock clock;
    private final int sourceId;
    private final int maxLength;
    private final long maxSequence;
    private final ReservedSpace space;
    private final WakeFile wakeFile;
    private final UseGuard guard = new UseGuard("publisher", () -> {});
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(INITIAL_CAPACITY);
    private final UnsafeBuffer mapped = new UnsafeBuffer();
    private final UnsafeBuffer indexPage = new UnsafeBuffer();
    private final long indexPageMask;
    private final long indexPageLength;
    private final ChronicleClaim claim;

    private MessageEncoderFlyweight wrapped;
    private int knownSchemaId = -1;
    private int knownVersion = -1;
    private long lastTimestamp;
    private long lastPosition = MessageQueue.NO_POSITION;
    private long nextRollNs = Long.MIN_VALUE;

    private DocumentContext document;
    private Bytes<?> bytes;
    private long start;
    private long end;
    private long index;

    ChroniclePublisher(ChronicleMessageQueue owner) {
        final SingleChronicleQueue queue = owner.queue();
        this.owner = owner;
        this.rollCycle = queue.rollCycle();
        this.clock = owner.clock();
        this.sourceId = owner.sourceId();
        this.maxLength = owner.maxLength();
        this.maxSequence = rollCycle.maxMessagesPerCycle() - 1;
        this.space = new ReservedSpace(queue.indexCount());
        this.indexPageMask = (long) queue.indexCount() * queue.indexSpacing() - 1;
        this.indexPageLength = (long) queue.indexCount() * Long.BYTES + INDEX_PAGE_HEAD;
        this.wakeFile = owner.wakeFile();
        this.claim = new ChronicleClaim(this);
        final boolean interrupted = Thread.interrupted();
        try {
            owner.finishAbandonedFile();
            this.appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
        } catch (RuntimeException e) {
            throw translate(e);
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public <E extends MessageEncoderFlyweight> E wrap(E encoder) {
        checkSchema(encoder.sbeSchemaId(), encoder.sbeSchemaVersion());
        writeHeader(scratch, SBE_HEADER_OFFSET, encoder);
        encoder.wrap(scratch, BODY_OFFSET);
        wrapped = encoder;
        return encoder;
    }

    static void writeHeader(MutableDirectBuffer buffer, int offset, MessageEncoderFlyweight encoder) {
        EnvelopeDescriptor.putSbeHeader(
                buffer,
                offset,
                encoder.sbeBlockLength(),
                encoder.sbeTemplateId(),
                encoder.sbeSchemaId(),
                encoder.sbeSchemaVersion());
    }

    @Override
    public long publish(MessageEncoderFlyweight encoder) {
        return append(scratch, SBE_HEADER_OFFSET, SBE_HEADER_LENGTH + wrappedLength(encoder), Long.MIN_VALUE);
    }

    @Override
    public long publish(MessageEncoderFlyweight encoder, long timestamp) {
        return append(
                scratch, SBE_HEADER_OFFSET, SBE_HEADER_LENGTH + wrappedLength(encoder), checkTimestamp(timestamp));
    }

    @Override
    public long publish(DirectBuffer buffer, int offset, int length, long timestamp) {
        if (length < SBE_HEADER_LENGTH) {
            throw new IllegalArgumentException(
                    "a message of " + length + " bytes has no SBE message header of 8 bytes");
        }
        buffer.boundsCheck(offset, length);
        final int schema = buffer.getInt(offset + EnvelopeDescriptor.SCHEMA_ID_OFFSET, LITTLE_ENDIAN);
        checkSchema(schema & 0xFFFF, schema >>> 16);
        return append(buffer, offset, length, checkTimestamp(timestamp));
    }

    @SuppressWarnings("ReferenceEquality") // The very encoder that was wrapped, over the very buffer.
    private int wrappedLength(MessageEncoderFlyweight encoder) {
        if (encoder != wrapped || encoder.buffer() != scratch || encoder.offset() != BODY_OFFSET) {
            throw new IllegalStateException("publish the encoder that was given to wrap() last");
        }
        return encoder.encodedLength();
    }

    private long checkTimestamp(long timestamp) {
        if (timestamp < lastTimestamp) {
            throw new IllegalArgumentException("timestamp " + timestamp + " is " + (lastTimestamp - timestamp)
                    + " ns before this publisher's last one: timestamps never decrease within a source");
        }
        return timestamp;
    }

    private void checkSchema(int schemaId, int version) {
        if (schemaId != knownSchemaId || version != knownVersion) {
            if (!owner.schemas().has(schemaId, version)) {
                throw new QueueException("schema " + schemaId + " version " + version + " is not known to the queue in "
                        + owner.directory() + ": give it to Context.schema when opening the queue");
            }
            knownSchemaId = schemaId;
            knownVersion = version;
        }
    }

    private long append(DirectBuffer source, int offset, int length, long timestamp) {
        guard.enter();
        final boolean interrupted = Thread.interrupted();
        try {
            begin(length - SBE_HEADER_LENGTH);
            try {
                mapped.putBytes(SBE_HEADER_OFFSET, source, offset, length);
            } catch (RuntimeException | Error e) {
                rollBack(e);
                throw e;
            }
            return end(length - SBE_HEADER_LENGTH, timestamp);
        } finally {
            restore(interrupted);
            leave();
        }
    }

    /** While a claim is open its thread counts as inside: closing the queue must not unmap it. */
    private void leave() {
        if (document == null) {
            guard.exit();
        }
    }

    /** Takes the write lock and maps room for a message at the end of the queue. */
    private void begin(int bodyLength) {
        if (document != null) {
            throw new IllegalStateException("a claim is open: commit or abort it first");
        }
        if (bodyLength < 0 || bodyLength > maxLength) {
            throw new MessageTooLongException("a message of " + bodyLength + " bytes does not fit the queue in "
                    + owner.directory() + " (at most " + maxLength
                    + "): split it, or give the queue a larger Context.blockSize");
        }
        if (clock.nanoTime() >= nextRollNs) {
            owner.checkSpaceForNewFile();
            owner.finishAbandonedFile();
        }
        while (!map(EnvelopeDescriptor.documentLength(bodyLength))) {
            realign();
        }
    }

    /** Takes the lock; false, and no lock, if a foreign writer left the end of the queue unaligned. */
    private boolean map(int length) {
        try {
            document = appender.writingDocument(false);
        } catch (RuntimeException e) {
            throw translate(e);
        }
        try {
            bytes = document.wire().bytes();
            start = bytes.writePosition();
            index = document.index();
            final int cycle = rollCycle.toCycle(index);
            if (!space.covers(cycle, start, length)) {
                space.extend(cycle, appender.currentFile(), start, length);
                nextRollNs = TimeUnit.MILLISECONDS.toNanos((cycle + 1L) * rollCycle.lengthInMillis()
                        + owner.queue().epoch());
            }
            if (rollCycle.toSequenceNumber(index) >= maxSequence) {
                throw new QueueException("the file " + appender.currentFile() + " holds " + maxSequence
                        + " messages, as many as its roll cycle allows: use a shorter or larger roll cycle");
            }
            if ((start & 7) != 4) {
                rollBack(null);
                return false;
            }
            mapped.wrap(bytes.addressForWrite(start), length);
            return true;
        } catch (RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
    }

    /** Brings payloads back to 4 (mod 8), for native readers: a metadata document, which no reader counts or sees. */
    private void realign() {
        try (DocumentContext filler = appender.writingDocument(true)) {
            if ((filler.wire().bytes().writePosition() & 7) == 4) {
                // Another writer has done it meanwhile.
                filler.rollbackOnClose();
            } else {
                filler.wire().bytes().writeLong(0);
            }
        } catch (RuntimeException e) {
            throw translate(e);
        }
    }

    /** Writes the envelope, publishes, gives the lock back and wakes who waits. */
    private long end(int bodyLength, long timestamp) {
        final long stamp = timestamp == Long.MIN_VALUE ? Math.max(clock.nanoTime(), lastTimestamp) : timestamp;
        final int length = EnvelopeDescriptor.documentLength(bodyLength);
        try {
            EnvelopeDescriptor.putEnvelope(mapped, 0, bodyLength, sourceId, stamp);
            for (int i = BODY_OFFSET + bodyLength; i < length; i++) {
                mapped.putByte(i, (byte) 0);
            }
            bytes.writePosition(start + length);
            clearIndexPage(start + length);
        } catch (RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
        final DocumentContext finished = document;
        document = null;
        try {
            finished.close();
        } catch (RuntimeException e) {
            throw translate(e);
        }
        // The lock was given back by compare-and-set, a full fence: who falls asleep now has seen the message.
        wakeFile.signal();
        end = start + length;
        lastTimestamp = stamp;
        lastPosition = index;
        return index;
    }

    /**
     * Zeroes the room behind a message after which the engine puts a new index page: it takes the entries for zero, but a
     * publisher that was killed may have left something there.
     */
    private void clearIndexPage(long position) {
        final long sequence = rollCycle.toSequenceNumber(index);
        if ((sequence & indexPageMask) == 0 && sequence != 0) {
            final long limit =
                    Math.min(position + indexPageLength, bytes.bytesStore().capacity());
            final int length = (int) (limit - position);
            if (length > 0) {
                indexPage.wrap(bytes.addressForWrite(position), length);
                indexPage.setMemory(0, length, (byte) 0);
            }
        }
    }

    private void rollBack(Throwable cause) {
        final DocumentContext abandoned = document;
        document = null;
        try {
            abandoned.rollbackOnClose();
            abandoned.close();
        } catch (RuntimeException e) {
            if (cause == null) {
                throw translate(e);
            }
            cause.addSuppressed(e);
        }
    }

    @Override
    public MessageClaim claim(int length) {
        guard.enter();
        final boolean interrupted = Thread.interrupted();
        try {
            begin(length);
            claim.open(mapped, length);
            return claim;
        } finally {
            restore(interrupted);
            leave();
        }
    }

    long commitClaim(int claimedLength, int bodyLength) {
        checkClaimThread();
        final boolean interrupted = Thread.interrupted();
        try {
            final int schema = mapped.getInt(SBE_HEADER_OFFSET + EnvelopeDescriptor.SCHEMA_ID_OFFSET, LITTLE_ENDIAN);
            checkSchema(schema & 0xFFFF, schema >>> 16);
            final int length = EnvelopeDescriptor.documentLength(bodyLength);
            mapped.setMemory(length, EnvelopeDescriptor.documentLength(claimedLength) - length, (byte) 0);
        } catch (RuntimeException e) {
            restore(interrupted);
            abortClaim(claimedLength);
            throw e;
        }
        try {
            return end(bodyLength, Long.MIN_VALUE);
        } finally {
            restore(interrupted);
            guard.exit();
        }
    }

    void abortClaim(int claimedLength) {
        checkClaimThread();
        final boolean interrupted = Thread.interrupted();
        try {
            giveBack(claimedLength);
        } catch (RuntimeException e) {
            throw translate(e);
        } finally {
            restore(interrupted);
            guard.exit();
        }
    }

    private void checkClaimThread() {
        if (!guard.isOwner()) {
            throw new WrongThreadException("the claim belongs to another thread");
        }
    }

    @Override
    public void pretouch(int length) {
        guard.enter();
        try {
            if (bytes != null && document == null) {
                space.touchAhead(bytes, end, length);
            }
        } finally {
            leave();
        }
    }

    @Override
    public long lastPosition() {
        return lastPosition;
    }

    @Override
    public void close() {
        if (!guard.isOwner() && !guard.isClosed()) {
            throw new WrongThreadException(
                    "the publisher belongs to another thread: close the queue to close them all");
        }
        shutDown();
        owner.release(this);
    }

    /** Closes from any thread, once the owner is outside, or dead. */
    void shutDown() {
        if (guard.close(ChronicleMessageQueue.CLOSE_TIMEOUT_NS)) {
            claim.abandon();
            space.close();
            appender.close();
        }
    }

    /** Gives back what a claim holds whose owner will not. */
    void abandonClaim(int claimedLength) {
        giveBack(claimedLength);
        guard.exit();
    }

    private void giveBack(int claimedLength) {
        mapped.setMemory(0, EnvelopeDescriptor.documentLength(claimedLength), (byte) 0);
        final DocumentContext abandoned = document;
        document = null;
        abandoned.rollbackOnClose();
        abandoned.close();
    }

    private QueueException translate(RuntimeException e) {
        if (e instanceof QueueException known) {
            return known;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnrecoverableTimeoutException) {
                return new QueueLockedException(
                        "the write lock of " + owner.directory() + " is held by a live process: " + cause.getMessage()
                                + "; end that process's claim, or raise Context.lockTimeout",
                        e);
            }
            if (cause instanceof InterruptedRuntimeException) {
                return new QueueLockedException(
                        "interrupted while waiting for the write lock of " + owner.directory(), e);
            }
        }
        return new QueueException("cannot append to the queue in " + owner.directory() + ": " + e.getMessage(), e);
    }

    /** An interrupt would close the engine's file channel in the middle of a write; it is held back until after it. */
    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
