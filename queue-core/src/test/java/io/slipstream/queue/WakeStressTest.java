package io.slipstream.queue;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two that answer each other and sleep in between, with nothing but the wake to end the sleep: a lost one hangs. */
final class WakeStressTest {
    private static final int MESSAGES = 20_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final AtomicLongArray seen = new AtomicLongArray(2);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLoseNoWake(boolean durable) {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).foreignInterval(HOUR))) {
            assertTimeoutPreemptively(
                    DEADLINE,
                    () -> {
                        final CompletableFuture<Void> even =
                                CompletableFuture.runAsync(() -> answer(queue, 0, durable), this::start);
                        final CompletableFuture<Void> odd =
                                CompletableFuture.runAsync(() -> answer(queue, 1, durable), this::start);
                        CompletableFuture.allOf(even, odd).get();
                    },
                    () -> "a wake was lost: the even side has seen message " + seen.get(0) + ", the odd side "
                            + seen.get(1) + ", of " + MESSAGES);
        }
    }

    private void start(Runnable side) {
        final Thread thread = new Thread(side, "side");
        thread.setDaemon(true);
        thread.start();
    }

    /** Publishes every other message, each when the one before it is there. */
    private void answer(MessageQueue queue, int side, boolean durable) {
        final TickEncoder encoder = new TickEncoder();
        final TickDecoder decoder = new TickDecoder();
        try (Publisher publisher = queue.publisher();
                Subscriber subscriber = durable ? queue.subscriber("side-" + side) : queue.subscriber()) {
            if (side == 0) {
                Quotes.publishTick(publisher, encoder, 0);
            }
            while (seen.get(side) < MESSAGES - 1) {
                if (subscriber.await(HOUR)) {
                    subscriber.poll(
                            message -> {
                                decoder.wrap(
                                        message.buffer(), message.offset(), message.blockLength(), message.version());
                                seen.set(side, decoder.sequence());
                            },
                            1);
                    final long next = seen.get(side) + 1;
                    if (next < MESSAGES && next % 2 == side) {
                        Quotes.publishTick(publisher, encoder, next);
                    }
                }
            }
        }
    }
}
