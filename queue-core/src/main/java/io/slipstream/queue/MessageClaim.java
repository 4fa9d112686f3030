package io.slipstream.queue;

import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/**
 * Room for one message in the mapped file, held under the queue's write lock. Obtained from {@link Publisher#claim(int)},
 * same thread only. Closing a claim that was not committed aborts it, so that try-with-resources is safe:
 *
 * <pre>{@code
 * try (MessageClaim claim = publisher.claim(SnapshotEncoder.BLOCK_LENGTH)) {
 *     claim.wrap(snapshot).value(42);
 *     claim.commit();
 * }
 * }</pre>
 */
public interface MessageClaim extends AutoCloseable {

    /**
     * Wraps an encoder over the mapped memory and writes its message header.
     *
     * @param <E> type of the encoder.
     * @param encoder to fill in.
     * @return the same encoder.
     */
    <E extends MessageEncoderFlyweight> E wrap(E encoder);

    /**
     * The room for header and body, for those who bring bytes that are encoded already: the 8-byte SBE message header
     * belongs at 0.
     *
     * @return the mapped memory; its capacity is 8 + the claimed length.
     */
    MutableDirectBuffer buffer();

    /**
     * Publishes the message, stamped with the present time, and releases the write lock.
     *
     * @return the message's position.
     * @throws QueueException if the encoder wrote past the claimed length; the claim is aborted.
     */
    long commit();

    /** Gives the room back and releases the write lock; nothing was published. */
    void abort();

    /** Aborts unless committed. */
    @Override
    void close();
}
