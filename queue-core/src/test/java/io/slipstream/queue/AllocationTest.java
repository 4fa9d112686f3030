package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int COUNTED = 20_000;
    /** A new chunk is mapped, blocks are reserved: a few objects now and then, not one a message. */
    private static final long ALLOWED = COUNTED / 2;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long sum;

    @TempDir
    Path directory;

    @Test
    void shouldPublishAndPollWithoutAllocating() {
        try (MessageQueue queue = MessageQueue.open(
                        Quotes.context(directory).blockSize(MessageQueue.Context.DEFAULT_BLOCK_SIZE));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber("counted")) {
            final TickEncoder tick = new TickEncoder();
            final TickDecoder decoder = new TickDecoder();
            final MessageHandler handler = message -> {
                decoder.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                sum += decoder.value() + message.timestamp();
            };
            subscriber.filter(MessageFilter.schema(901));
            publish(publisher, tick, WARM_UP);
            poll(subscriber, handler, WARM_UP);

            long before = threads.getCurrentThreadAllocatedBytes();
            publish(publisher, tick, COUNTED);
            final long publishing = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            poll(subscriber, handler, COUNTED);
            final long polling = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < COUNTED; i++) {
                final MessageClaim claim = publisher.claim(TickEncoder.BLOCK_LENGTH);
                claim.wrap(tick).sequence(i).value(i);
                claim.commit();
            }
            final long claiming = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(publishing).as("bytes for %s publish calls", COUNTED).isLessThan(ALLOWED);
            assertThat(polling).as("bytes for %s polled messages", COUNTED).isLessThan(ALLOWED);
            assertThat(claiming).as("bytes for %s claims", COUNTED).isLessThan(ALLOWED);
            assertThat(sum).isNotZero();
        }
    }

    private static void publish(Publisher publisher, TickEncoder tick, int count) {
        for (int i = 0; i < count; i++) {
            publisher.wrap(tick).sequence(i).value(i);
            publisher.publish(tick);
        }
    }

    private static void poll(Subscriber subscriber, MessageHandler handler, int count) {
        int polled = 0;
        while (polled < count) {
            polled += subscriber.poll(handler, 16);
        }
    }
}
