package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.tests.capture.CaptureAnimator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The animated real capture as a session, recorded under the capture's own time by the bridge's publisher and the recorder, one
 * frame after the other: nobody samples a block, and nobody waits. {@link RealCaptureTest} goes through the block, too.
 */
final class RecordedCapture {
    /** Where the captures are, if anywhere. */
    static final Path CAPTURES = Path.of(System.getProperty("slipstream.root"))
            .resolve("../shared/captures")
            .normalize();

    /** The times of laps 1 to 4, as the game counted them, s. */
    static final List<Double> KNOWN_LAPS = List.of(98.087, 99.584, 99.045, 97.512);

    private static final int FRAMES_AT_ONCE = 500;

    private RecordedCapture() {}

    static boolean available() {
        return Files.isDirectory(CAPTURES);
    }

    /** Records everything into a new session. */
    static Path record(Path directory) throws IOException {
        final CaptureAnimator animator = CaptureAnimator.open(CAPTURES);
        final BlockFormat format = GameFormats.load("pcars2");
        final int sequence = format.field("mSequenceNumber").offset();
        final int length = format.length(animator.version());
        try (MessageQueue live = MessageQueue.open(new MessageQueue.Context()
                        .directory(directory.resolve("live"))
                        .schema(Bridge.schema()));
                Publisher publisher = live.publisher();
                Subscriber subscriber = live.subscriber();
                Recorder recorder = new Recorder(subscriber, directory.resolve("sessions"))) {
            final FramePublisher frames = new FramePublisher(format, publisher);
            while (animator.next()) {
                final DirectBuffer block = animator.block();
                if (frames.frames() == 0) {
                    frames.onAttached(animator.timestampNs(), "capture", true, Consistency.SEQLOCK);
                }
                final long number = Integer.toUnsignedLong(block.getInt(sequence));
                frames.onFrame(block, length, animator.version(), number, 0, 0, 0, animator.timestampNs());
                if (frames.frames() % FRAMES_AT_ONCE == 0) {
                    drain(recorder);
                }
            }
            frames.onLost(animator.timestampNs());
            drain(recorder);
            recorder.finish();
            assertThat(recorder.lost()).as("lost").isZero();
            return recorder.session().path();
        }
    }

    private static void drain(Recorder recorder) throws IOException {
        while (recorder.doWork() > 0) {
            // On.
        }
    }
}
