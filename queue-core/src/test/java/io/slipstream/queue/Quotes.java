package io.slipstream.queue;

import io.slipstream.queue.schema.v1.QuoteDecoder;
import io.slipstream.queue.schema.v1.QuoteEncoder;
import io.slipstream.queue.schema.v1.Side;
import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;

/** Messages and clocks for the tests of queues. */
final class Quotes {
    static final MessageSchema V1 = MessageSchema.fromResource(Quotes.class, "/quotes-v1.xml");
    static final MessageSchema V2 = MessageSchema.fromResource(Quotes.class, "/quotes-v2.xml");
    static final int BLOCK_SIZE = 1 << 20;

    private Quotes() {}

    static MessageQueue.Context context(Path directory) {
        return new MessageQueue.Context()
                .directory(directory)
                .blockSize(BLOCK_SIZE)
                .schema(V1);
    }

    static MessageQueue open(Path directory) {
        return MessageQueue.open(context(directory));
    }

    static MessageQueue openReadOnly(Path directory) {
        return MessageQueue.open(new MessageQueue.Context()
                .directory(directory)
                .blockSize(BLOCK_SIZE)
                .readOnly(true));
    }

    static long publishTick(Publisher publisher, TickEncoder tick, long sequence) {
        publisher.wrap(tick).sequence(sequence).value(-sequence);
        return publisher.publish(tick);
    }

    static long publishQuote(Publisher publisher, double price, String symbol) {
        final QuoteEncoder quote = publisher.wrap(new QuoteEncoder());
        quote.price(price).quantity(200).side(Side.SELL).symbol(symbol);
        return publisher.publish(quote);
    }

    static List<Long> readTicks(Subscriber subscriber) {
        final List<Long> sequences = new ArrayList<>();
        final TickDecoder tick = new TickDecoder();
        while (subscriber.poll(
                        message -> {
                            if (message.schemaId() == TickDecoder.SCHEMA_ID
                                    && message.templateId() == TickDecoder.TEMPLATE_ID) {
                                tick.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                                sequences.add(tick.sequence());
                            }
                        },
                        10)
                > 0) {
            // Until the end.
        }
        return sequences;
    }

    static QuoteDecoder quote(Message message) {
        return new QuoteDecoder().wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
    }

    /** A clock that moves when it is told to. */
    static final class ManualClock implements EpochNanoClock {
        private volatile long now;

        ManualClock(long now) {
            this.now = now;
        }

        void set(long nanos) {
            now = nanos;
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }
}
