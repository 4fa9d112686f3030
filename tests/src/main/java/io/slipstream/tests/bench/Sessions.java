package io.slipstream.tests.bench;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Makes sessions the way they are made, only faster. */
final class Sessions {
    private static final int FRAMES_A_TURN = 64;

    private Sessions() {}

    /** Publishes at most so many frames to a live queue, which is deleted after, and records them from there. */
    static SessionDirectory record(Path directory, Frames frames, int most) throws IOException {
        final Path live = directory.resolve("live");
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(live).schema(Bridge.schema()));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber();
                Recorder recorder = new Recorder(subscriber, directory.resolve("sessions"))) {
            final FramePublisher sink = new FramePublisher(Frames.FORMAT, publisher);
            for (int i = 0; i < most && frames.next(); i++) {
                if (i == 0) {
                    sink.onAttached(frames.timestampNs(), "bench", true, Consistency.SEQLOCK);
                }
                publish(sink, frames);
                if (i % FRAMES_A_TURN == 0) {
                    drain(recorder);
                }
            }
            drain(recorder);
            recorder.finish();
            return recorder.session();
        } finally {
            Scratch.delete(live);
        }
    }

    static void publish(FramePublisher sink, Frames frames) {
        sink.onFrame(
                frames.block(), frames.length(), frames.version(), frames.sequence(), 0, 0, 0, frames.timestampNs());
    }

    private static void drain(Recorder recorder) throws IOException {
        while (recorder.doWork() > 0) {
            // Until there is no more.
        }
    }
}
