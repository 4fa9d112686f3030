package io.slipstream.tests.faults;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import java.time.Duration;
import java.util.StringJoiner;
import org.agrona.concurrent.OffsetEpochNanoClock;

/** Reads and checks everything from the start on. */
final class ReadingWorker {
    private static final long SECOND = 1_000_000_000L;
    /** How long to wait before looking whether to stop. */
    private static final Duration SLICE = Duration.ofMillis(100);

    private static final int POLL_LIMIT = 256;

    private ReadingWorker() {}

    static void run(String[] arguments) {
        final Verifier verifier = new Verifier(Worker::say);
        final MessageHandler handler = message -> add(verifier, message);
        try (MessageQueue queue = Worker.open(arguments, 0, new OffsetEpochNanoClock());
                Subscriber subscriber = queue.subscriber()) {
            Worker.say("ready");
            Worker.watch();
            long lastNew = System.nanoTime();
            long reported = lastNew;
            while (true) {
                final boolean stopping = Worker.isToldToStop();
                final int count = subscriber.poll(handler, POLL_LIMIT);
                final long now = System.nanoTime();
                lastNew = count > 0 ? now : lastNew;
                if (now - reported > SECOND) {
                    reported = now;
                    Worker.say("progress messages=" + verifier.messages() + " position="
                            + Long.toHexString(verifier.last()));
                }
                if (count == 0) {
                    if (stopping && now - lastNew > SECOND) {
                        break;
                    }
                    subscriber.await(SLICE);
                }
            }
            final StringJoiner counts = new StringJoiner(" ", "counts ", "");
            verifier.counts().forEach((source, messages) -> counts.add(source + "=" + messages));
            Worker.say(counts.toString());
            Worker.say("done " + verifier.outcome(subscriber.foreign()));
        }
    }

    private static void add(Verifier verifier, Message message) {
        verifier.add(
                message.position(),
                message.sourceId(),
                message.timestamp(),
                message.buffer(),
                message.offset(),
                message.length());
    }
}
