package io.slipstream.tests.example;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.tests.example.schema.RequestEncoder;
import io.slipstream.tests.example.schema.ResponseDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a service that another program offers, such as {@code request_reply.c}, which is written in C: each request goes into
 * one queue, and its response, told apart by its correlation id, comes back in another.
 *
 * <pre>{@code
 * request_reply requests responses codecs/c/example-schema.sbeir &
 * java -cp ... io.slipstream.tests.example.RequestReply requests responses example-schema.xml 19 23
 * }</pre>
 *
 * <p><b>Threads:</b> belongs to the thread that made it, as its publisher and its subscriber do.
 */
public final class RequestReply implements AutoCloseable {
    private static final AtomicLong NEXT_ID =
            new AtomicLong(ProcessHandle.current().pid() << 32);

    private final MessageQueue requests;
    private final MessageQueue responses;
    private final Publisher publisher;
    private final Subscriber subscriber;
    private final RequestEncoder request = new RequestEncoder();
    private final ResponseDecoder response = new ResponseDecoder();
    private long wanted;
    private boolean answered;
    private long sum;

    /**
     * Opens both queues, and creates those that are missing.
     *
     * @param requests directory of the queue to ask in.
     * @param responses directory of the queue that answers come in.
     * @param schema {@code example-schema.xml}.
     */
    public RequestReply(Path requests, Path responses, Path schema) {
        final MessageSchema messages = MessageSchema.fromFile(schema);
        this.requests =
                MessageQueue.open(new MessageQueue.Context().directory(requests).schema(messages));
        this.responses = MessageQueue.open(
                new MessageQueue.Context().directory(responses).schema(messages));
        this.publisher = this.requests.publisher();
        // Before the first request is published: no response to it can be missed.
        this.subscriber = this.responses.subscriber().toEnd();
        this.subscriber.filter(MessageFilter.templates(ResponseDecoder.TEMPLATE_ID));
    }

    /**
     * Asks for the sum of two numbers and waits, asleep, for the response.
     *
     * @param left one number.
     * @param right the other.
     * @param timeout how long to wait at most.
     * @return what the service answered.
     * @throws TimeoutException if it did not answer in time.
     */
    public long sum(long left, long right, Duration timeout) throws TimeoutException {
        wanted = NEXT_ID.incrementAndGet();
        answered = false;
        publisher.wrap(request).correlationId(wanted).left(left).right(right);
        publisher.publish(request);
        final long deadline = System.nanoTime() + timeout.toNanos();
        while (!answered) {
            if (subscriber.poll(this::onResponse, 64) == 0) {
                final long remaining = deadline - System.nanoTime();
                if (remaining <= 0) {
                    throw new TimeoutException("no response within " + timeout + ": is the service running?");
                }
                subscriber.await(Duration.ofNanos(remaining));
            }
        }
        return sum;
    }

    private void onResponse(Message message) {
        response.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
        if (response.correlationId() == wanted) {
            sum = response.sum();
            answered = true;
        }
    }

    @Override
    public void close() {
        try (requests;
                responses;
                publisher;
                subscriber) {
            // Closed in the opposite order.
        }
    }

    /**
     * Asks once and prints the response.
     *
     * @param args directory of the requests, directory of the responses, {@code example-schema.xml}, two numbers.
     * @throws TimeoutException if nobody answered within ten seconds.
     */
    public static void main(String[] args) throws TimeoutException {
        try (RequestReply service = new RequestReply(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]))) {
            System.out.println(service.sum(Long.parseLong(args[3]), Long.parseLong(args[4]), Duration.ofSeconds(10)));
        }
    }
}
