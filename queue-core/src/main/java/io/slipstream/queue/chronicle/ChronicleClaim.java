package io.slipstream.queue.chronicle;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_OFFSET;

import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.QueueException;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/** The one claim that a publisher can have open, reused. */
final class ChronicleClaim implements MessageClaim {
    private final ChroniclePublisher publisher;
    private final UnsafeBuffer room = new UnsafeBuffer();
    private MessageEncoderFlyweight encoder;
    private int length;
    private boolean open;

    ChronicleClaim(ChroniclePublisher publisher) {
        this.publisher = publisher;
    }

    void open(UnsafeBuffer mapped, int claimedLength) {
        room.wrap(mapped, SBE_HEADER_OFFSET, SBE_HEADER_LENGTH + claimedLength);
        length = claimedLength;
        encoder = null;
        open = true;
    }

    @Override
    public <E extends MessageEncoderFlyweight> E wrap(E target) {
        checkOpen();
        ChroniclePublisher.writeHeader(room, 0, target);
        target.wrap(room, SBE_HEADER_LENGTH);
        encoder = target;
        return target;
    }

    @Override
    public MutableDirectBuffer buffer() {
        checkOpen();
        return room;
    }

    @Override
    public long commit() {
        checkOpen();
        final int used = encoder == null ? length : encoder.encodedLength();
        if (used > length) {
            abort();
            throw new QueueException(
                    "the message takes " + used + " bytes, the claim was for " + length + ": claim more");
        }
        open = false;
        return publisher.commitClaim(length, used);
    }

    @Override
    public void abort() {
        checkOpen();
        open = false;
        publisher.abortClaim(length);
    }

    @Override
    public void close() {
        if (open) {
            abort();
        }
    }

    /** For a publisher that closes with its claim open. */
    void abandon() {
        if (open) {
            open = false;
            publisher.abandonClaim(length);
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("the claim is committed or aborted already");
        }
    }
}
