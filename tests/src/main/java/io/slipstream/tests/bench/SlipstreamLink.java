package io.slipstream.tests.bench;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** Two of our queues, one each way. Messages are stamped with the present time, as they are by those who use it. */
final class SlipstreamLink implements Link {
    private final MessageQueue out;
    private final MessageQueue in;
    private final Publisher publisher;
    private final Subscriber subscriber;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[EnvelopeDescriptor.SBE_HEADER_LENGTH + BODY_LENGTH]);
    private final EpochNanoClock clock = new OffsetEpochNanoClock();
    private final MessageHandler handler = this::onMessage;
    private long received;
    private long lastTimestamp;

    SlipstreamLink(Path directory, boolean echo) {
        out = MessageQueue.open(QueueRounds.context(directory.resolve(echo ? "pong" : "ping")));
        in = MessageQueue.open(QueueRounds.context(directory.resolve(echo ? "ping" : "pong")));
        publisher = out.publisher();
        subscriber = in.subscriber().toEnd();
        EnvelopeDescriptor.putSbeHeader(message, 0, BODY_LENGTH, QueueRounds.TEMPLATE_ID, QueueRounds.SCHEMA_ID, 1);
    }

    @Override
    public void send(long number) {
        message.putLong(EnvelopeDescriptor.SBE_HEADER_LENGTH, number);
        lastTimestamp = Math.max(lastTimestamp, clock.nanoTime());
        publisher.publish(message, 0, message.capacity(), lastTimestamp);
    }

    @Override
    public long receive() {
        return subscriber.poll(handler, 1) == 0 ? NOTHING : received;
    }

    private void onMessage(Message polled) {
        received = polled.buffer().getLong(polled.offset());
    }

    @Override
    public void close() {
        out.close();
        in.close();
    }
}
