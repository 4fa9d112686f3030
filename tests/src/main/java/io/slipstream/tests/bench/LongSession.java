package io.slipstream.tests.bench;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.codec.FrameMessages;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import io.slipstream.telemetry.session.SessionSummary;
import java.nio.file.Path;

/** A session of hours, made in a minute: a simulated race, straight into the session's files. */
final class LongSession {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final int SUMMARISE_EVERY = 512;

    /** Frames of two hours. */
    static final int TWO_HOURS = 2 * 60 * 60 * HZ;

    private LongSession() {}

    /** Makes one of so many frames, under a directory. */
    static SessionDirectory make(Path directory, int frames) throws Exception {
        final SessionDirectory session =
                SessionDirectory.create(directory.resolve("sessions"), SimulatedFrames.START_NS, "bench");
        final SessionSummary summary = new SessionSummary();
        try (SimulatedFrames race = new SimulatedFrames(directory.resolve("block"), CARS, HZ);
                MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(session.path())
                        .blockSize(SessionDirectory.BLOCK_SIZE)
                        .schema(Bridge.schema()));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            race.next();
            final int length = race.length();
            final long version = race.version();
            final FrameMessages messages = new FrameMessages(
                    Frames.FORMAT.name(), "bench", true, Consistency.SEQLOCK, length, new KeyframeRule());
            for (int i = 0; i < frames; i++) {
                final int encoded =
                        messages.encode(race.block(), length, version, race.sequence(), 0, 0, 0, race.timestampNs());
                publisher.publish(messages.buffer(), 0, encoded, race.timestampNs());
                if (i % SUMMARISE_EVERY == 0 || i == frames - 1) {
                    while (subscriber.poll(summary::onMessage, SUMMARISE_EVERY) > 0) {
                        // As far as has been published.
                    }
                }
                race.next();
            }
        }
        session.write(summary.info(true, session.bytes()));
        try (SessionIndex index = SessionIndex.empty(session)) {
            index.catchUp();
            index.save();
        }
        return session;
    }
}
