package io.slipstream.tests.contract;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.Pruned;
import io.slipstream.queue.Retention;
import io.slipstream.queue.RollCycle;
import io.slipstream.queue.Subscriber;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a peer is told to do, done with the public API of {@code io.slipstream.queue}. */
final class JvmCommands {
    private final Map<Long, Queue> queues = new ConcurrentHashMap<>();
    private final Map<Long, JvmWriter> publishers = new ConcurrentHashMap<>();
    private final Map<Long, JvmReader> subscribers = new ConcurrentHashMap<>();

    /** A queue, its source id and its clock, if it is one that stands still. */
    private record Queue(MessageQueue queue, int sourceId, ManualClock clock) {}

    String obey(String command, Fields fields) {
        return switch (command) {
            case "open" -> open(fields);
            case "clock" -> clock(fields);
            case "schema" -> schema(fields);
            case "bounds" -> bounds(queue(fields).queue);
            case "stats" -> stats(fields);
            case "wake" -> wake(fields);
            case "prune" -> prune(fields);
            case "close" -> close(fields);
            case "reset" -> closeAll();
            case "publisher" -> publisher(fields);
            case "publish" -> writer(fields).publish(fields);
            case "claim" -> writer(fields).claim(fields);
            case "commit" -> writer(fields).commit();
            case "abort" -> writer(fields).abort();
            case "pretouch" -> writer(fields).pretouch(fields);
            case "subscriber" -> subscriber(fields);
            case "seek" -> reader(fields).seek(fields);
            case "filter" -> reader(fields).filter(fields);
            case "read" -> reader(fields).read(fields);
            case "wait" -> reader(fields).await(fields);
            case "done" -> "";
            default -> throw new UnsupportedOperationException("the JVM has no " + command);
        };
    }

    private static <T> T find(Map<Long, T> handles, Fields fields, String kind) {
        final T found = handles.get(fields.number(kind));
        if (found == null) {
            throw new IllegalArgumentException("no " + kind + ' ' + fields.text(kind));
        }
        return found;
    }

    private Queue queue(Fields fields) {
        return find(queues, fields, "queue");
    }

    private JvmWriter writer(Fields fields) {
        return find(publishers, fields, "publisher");
    }

    private JvmReader reader(Fields fields) {
        return find(subscribers, fields, "subscriber");
    }

    private String open(Fields fields) {
        final MessageQueue.Context context = new MessageQueue.Context().directory(Path.of(fields.text("directory")));
        switch (fields.text("mode", "create")) {
            case "create" -> context.readOnly(false);
            case "readonly" -> context.readOnly(true);
            default -> throw new UnsupportedOperationException("the JVM has no mode " + fields.text("mode"));
        }
        if (fields.has("roll")) {
            context.rollCycle(RollCycle.valueOf(fields.text("roll")));
        }
        context.blockSize(fields.integer("block", MessageQueue.Context.DEFAULT_BLOCK_SIZE));
        context.sourceId(fields.integer("source", context.sourceId()));
        context.lockTimeout(
                Duration.ofNanos(fields.number("lock", context.lockTimeout().toNanos())));
        context.openTimeout(
                Duration.ofNanos(fields.number("opening", context.openTimeout().toNanos())));
        if (fields.has("interval")) {
            context.foreignInterval(Duration.ofNanos(fields.number("interval")));
        }
        ManualClock clock = null;
        if (fields.has("now")) {
            clock = new ManualClock(fields.number("now"));
            context.clock(clock);
        }
        if (fields.has("schema")) {
            context.schema(MessageSchema.fromFile(Path.of(fields.text("schema"))));
        }
        final int sourceId = context.sourceId();
        final MessageQueue queue = MessageQueue.open(context);
        queues.put(fields.number("queue"), new Queue(queue, sourceId, clock));
        return "max=" + queue.maxLength();
    }

    private String clock(Fields fields) {
        queue(fields).clock.set(fields.number("now"));
        return "";
    }

    private String schema(Fields fields) {
        queue(fields).queue.schemas().add(MessageSchema.fromFile(Path.of(fields.text("file"))));
        return "";
    }

    private static String bounds(MessageQueue queue) {
        return "first=" + queue.firstPosition() + " last=" + queue.lastPosition();
    }

    private String stats(Fields fields) {
        if (fields.has("queue")) {
            return bounds(queue(fields).queue);
        }
        if (fields.has("publisher")) {
            return writer(fields).stats();
        }
        return reader(fields).stats();
    }

    private String wake(Fields fields) {
        queue(fields).queue.wake();
        return "";
    }

    private String prune(Fields fields) {
        final Pruned pruned = queue(fields)
                .queue
                .prune(new Retention(
                        Duration.ofNanos(fields.number("age")), fields.number("bytes"), fields.number("hard")));
        return "deleted=" + pruned.deleted() + " bytes=" + pruned.bytes() + " kept=" + pruned.kept() + " beneath="
                + pruned.beneath() + " process="
                + (pruned.processes().isEmpty() ? 0 : pruned.processes().first()) + " durable="
                + String.join(",", pruned.durable());
    }

    private String close(Fields fields) {
        if (fields.has("publisher")) {
            final JvmWriter writer = writer(fields);
            publishers.values().remove(writer);
            writer.close();
        } else if (fields.has("subscriber")) {
            final JvmReader reader = reader(fields);
            subscribers.values().remove(reader);
            reader.close();
        } else {
            final Queue queue = queue(fields);
            queues.values().remove(queue);
            queue.queue.close();
        }
        return "";
    }

    String closeAll() {
        queues.values().forEach(queue -> queue.queue.close());
        queues.clear();
        publishers.clear();
        subscribers.clear();
        return "";
    }

    private String publisher(Fields fields) {
        final Queue queue = queue(fields);
        publishers.put(fields.number("publisher"), new JvmWriter(queue.queue.publisher(), queue.sourceId, queue.clock));
        return "";
    }

    private String subscriber(Fields fields) {
        final MessageQueue queue = queue(fields).queue;
        final Subscriber subscriber = fields.has("name") ? queue.subscriber(fields.text("name")) : queue.subscriber();
        final JvmReader reader = new JvmReader(subscriber);
        subscribers.put(fields.number("subscriber"), reader);
        return "resumed=" + (subscriber.resumed() ? 1 : 0) + " position=" + subscriber.position();
    }
}
