package io.slipstream.tests.contract;

import io.slipstream.queue.MessageFilter;
import io.slipstream.queue.Subscriber;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A subscriber that checks what it reads. */
final class JvmReader {
    private static final long IDLE_NS = 50_000;
    private static final int POLL_LIMIT = 256;

    private final Subscriber subscriber;
    private final Reading reading = new Reading();

    /** Thrown by a handler that was told to refuse a message. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Creates a reader.
     *
     * @param subscriber to read with.
     */
    JvmReader(Subscriber subscriber) {
        this.subscriber = subscriber;
        reading.seek(!subscriber.resumed());
    }

    String seek(Fields fields) {
        final String to = fields.text("to");
        switch (to) {
            case "start" -> subscriber.toStart();
            case "end" -> subscriber.toEnd();
            case "position" -> subscriber.toPosition(fields.number("value"));
            case "time" -> subscriber.toTime(fields.number("value"));
            default -> throw new IllegalArgumentException("no place " + to);
        }
        reading.seek(to.equals("start"));
        return "position=" + subscriber.position();
    }

    String filter(Fields fields) {
        MessageFilter filter = MessageFilter.ALL;
        if (fields.has("schema")) {
            filter = filter.and(MessageFilter.schema(fields.integer("schema")));
        }
        if (fields.has("source")) {
            filter = filter.and(MessageFilter.source(fields.integer("source")));
        }
        if (fields.has("templates")) {
            filter = filter.and(MessageFilter.templates(
                    Arrays.stream(fields.text("templates").split(",", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray()));
        }
        subscriber.filter(filter);
        return "";
    }

    String read(Fields fields) {
        final boolean waits = fields.text("by", "poll").equals("wait");
        final long until = fields.number("until", 0);
        final long limit = fields.number("limit", Long.MAX_VALUE);
        final long refuse = fields.number("refuse", -1);
        final long deadline = System.nanoTime() + fields.number("timeout", 60_000_000_000L);
        reading.begin(fields.has("gaps"), fields.has("list"));
        long moved = 0;
        while (moved < limit && (until == 0 || reading.messages() < until)) {
            final long most = Math.min(limit - moved, until == 0 ? POLL_LIMIT : until - reading.messages());
            final int step;
            try {
                step = subscriber.poll(
                        message -> {
                            if (reading.messages() == refuse) {
                                throw new Refusal();
                            }
                            reading.add(message);
                        },
                        (int) Math.min(POLL_LIMIT, most));
            } catch (Refusal e) {
                moved = reading.messages();
                break;
            }
            moved += step;
            final long left = deadline - System.nanoTime();
            if (step == 0 && (until == 0 || left < 0)) {
                break;
            }
            if (step == 0 && waits) {
                subscriber.await(Duration.ofNanos(left));
            } else if (step == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
        return reading.answer(moved) + " position=" + subscriber.position();
    }

    String await(Fields fields) {
        return "ready=" + (subscriber.await(Duration.ofNanos(fields.number("timeout"))) ? 1 : 0);
    }

    String stats() {
        return "foreign=" + subscriber.foreign() + " position=" + subscriber.position() + " lost=" + subscriber.lost();
    }

    void close() {
        subscriber.close();
    }
}
