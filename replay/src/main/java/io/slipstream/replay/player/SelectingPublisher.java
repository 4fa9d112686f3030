package io.slipstream.replay.player;

import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.MessageHeaderDecoder;
import java.util.function.LongUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/** Passes on the messages that are selected, with time stamps of its own. Belongs to one thread. */
final class SelectingPublisher implements Publisher {
    private final Publisher publisher;
    private final MessageSelection selection;
    private final LongUnaryOperator stamps;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** A null selection passes everything on; the stamps are made of those asked for. */
    SelectingPublisher(Publisher publisher, MessageSelection selection, LongUnaryOperator stamps) {
        this.publisher = publisher;
        this.selection = selection;
        this.stamps = stamps;
    }

    @Override
    public <E extends MessageEncoderFlyweight> E wrap(E encoder) {
        return publisher.wrap(encoder);
    }

    @Override
    public long publish(MessageEncoderFlyweight encoder) {
        return has(encoder.sbeTemplateId()) ? publisher.publish(encoder) : lastPosition();
    }

    @Override
    public long publish(MessageEncoderFlyweight encoder, long timestamp) {
        return has(encoder.sbeTemplateId())
                ? publisher.publish(encoder, stamps.applyAsLong(timestamp))
                : lastPosition();
    }

    @Override
    public long publish(DirectBuffer buffer, int offset, int length, long timestamp) {
        return has(header.wrap(buffer, offset).templateId())
                ? publisher.publish(buffer, offset, length, stamps.applyAsLong(timestamp))
                : lastPosition();
    }

    private boolean has(int templateId) {
        return selection == null || selection.has(templateId);
    }

    @Override
    public MessageClaim claim(int length) {
        throw new UnsupportedOperationException("what a claim will hold is not known: publish encoded messages");
    }

    @Override
    public void pretouch(int bytes) {
        publisher.pretouch(bytes);
    }

    @Override
    public long lastPosition() {
        return publisher.lastPosition();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
