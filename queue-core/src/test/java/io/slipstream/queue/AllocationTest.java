package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slipstream.memory.WakeDescriptor;
import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int COUNTED = 20_000;
    /** A new chunk is mapped, blocks are reserved: a few objects now and then, not one a message. */
    private static final long ALLOWED = COUNTED / 2;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long sum;
    private volatile ByteBuffer word;

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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWakeAndWaitWithoutAllocating(boolean durable) throws Exception {
        try (MessageQueue queue = MessageQueue.open(
                        Quotes.context(directory).blockSize(MessageQueue.Context.DEFAULT_BLOCK_SIZE));
                Publisher publisher = queue.publisher()) {
            final CompletableFuture<Long> waiting = CompletableFuture.supplyAsync(() -> waitAndCount(queue, durable));
            final TickEncoder tick = new TickEncoder();
            try (FileChannel channel = FileChannel.open(directory.resolve(WakeDescriptor.FILE_NAME))) {
                word = channel.map(FileChannel.MapMode.READ_ONLY, 0, WakeDescriptor.LENGTH)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            for (int i = 0; i < WARM_UP; i++) {
                publishToSleeper(publisher, tick, waiting);
            }
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < COUNTED; i++) {
                publishToSleeper(publisher, tick, waiting);
            }
            final long waking = threads.getCurrentThreadAllocatedBytes() - before;
            final long counted = waiting.get(60, TimeUnit.SECONDS);

            assertThat(waking)
                    .as("bytes for %s publish calls that wake", COUNTED)
                    .isLessThan(ALLOWED);
            assertThat(counted).as("bytes for %s waits", COUNTED).isLessThan(ALLOWED);
            assertThat(QueueInsides.wakeWord(directory) >>> 1).as("wakes").isEqualTo(WARM_UP + COUNTED);
        }
    }

    /** Each when the other side has announced that it sleeps, so that each wakes. */
    private void publishToSleeper(Publisher publisher, TickEncoder tick, CompletableFuture<Long> waiting) {
        while ((word.getInt(WakeDescriptor.WORD_OFFSET) & WakeDescriptor.SLEEPER) == 0) {
            if (waiting.isDone()) {
                waiting.join();
            }
            Thread.onSpinWait();
        }
        publisher.wrap(tick).sequence(1).value(1);
        publisher.publish(tick);
    }

    private long waitAndCount(MessageQueue queue, boolean durable) {
        final Duration timeout = Duration.ofSeconds(60);
        final MessageHandler handler = message -> sum += message.length();
        try (Subscriber subscriber = durable ? queue.subscriber("waiting") : queue.subscriber()) {
            waitAndPoll(subscriber, handler, timeout, WARM_UP);
            final long before = threads.getCurrentThreadAllocatedBytes();
            waitAndPoll(subscriber, handler, timeout, COUNTED);
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }

    private static void waitAndPoll(Subscriber subscriber, MessageHandler handler, Duration timeout, int count) {
        int polled = 0;
        while (polled < count) {
            if (!subscriber.await(timeout)) {
                throw new AssertionError("no message after " + polled);
            }
            polled += subscriber.poll(handler, 1);
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
