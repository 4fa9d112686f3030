package io.slipstream.tests.session;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.simulator.Circuit;
import io.slipstream.telemetry.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A recorded race of the simulator, at times of its own so that nothing waits: laps of about a quarter of a minute, a marker
 * every 500 frames.
 *
 * @param path of the session.
 * @param frames what was captured, in order, as it was before it was recorded.
 */
public record SimulatedSession(Path path, List<SessionContents.Frame> frames) {
    /** From a frame to the next, ns. */
    public static final long PERIOD_NS = 16_666_667;

    private static final BlockFormat FORMAT = GameFormats.load("pcars2");
    private static final long VERSION = 14;
    private static final int LENGTH = FORMAT.length(VERSION);
    private static final long START_NS = 1_767_323_045_000_000_000L;
    private static final int FRAMES_A_MARKER = 500;
    private static final int FIRST_MARKER = 200;
    private static final int CARS = 4;
    private static final int HZ = 60;

    /**
     * Records a session.
     *
     * @param folder for the block, the live queue and the session.
     * @param count of frames.
     * @return the session.
     * @throws IOException if it cannot be written.
     */
    public static SimulatedSession record(Path folder, int count) throws IOException {
        final BlockName name = new BlockName.MappedFile(folder.resolve("simulated"));
        final List<SessionContents.Frame> frames = new ArrayList<>();
        try (Simulator simulator =
                        new Simulator(new Simulator.Config(name, Circuit.CLUB, CARS, HZ, 1, Duration.ZERO, true));
                MappedBlock block = MappedBlock.openReadOnly(name);
                MessageQueue live = MessageQueue.open(new MessageQueue.Context()
                        .directory(folder.resolve("live"))
                        .schema(Bridge.schema()));
                Publisher publisher = live.publisher();
                Publisher people = live.publisher();
                Subscriber subscriber = live.subscriber();
                Recorder recorder = new Recorder(subscriber, folder.resolve("sessions"))) {
            final FramePublisher sink = new FramePublisher(FORMAT, publisher);
            sink.onAttached(START_NS, "simulated", true, Consistency.SEQLOCK);
            final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH]);
            for (int i = 0; i < count; i++) {
                final long timestamp = START_NS + i * PERIOD_NS;
                simulator.writeFrame();
                block.buffer().getBytes(0, frame, 0, LENGTH);
                frames.add(new SessionContents.Frame(timestamp, SessionContents.checksum(frame, LENGTH)));
                final int sequence =
                        frame.getInt(FORMAT.field("mSequenceNumber").offset());
                sink.onFrame(frame, LENGTH, VERSION, Integer.toUnsignedLong(sequence), 0, 0, 0, timestamp);
                if (i % FRAMES_A_MARKER == FIRST_MARKER) {
                    final MarkerEncoder marker = people.wrap(new MarkerEncoder());
                    marker.label("marker " + i);
                    people.publish(marker, timestamp + 1_000);
                }
                drain(recorder);
            }
            sink.onLost(START_NS + (count - 1) * PERIOD_NS);
            drain(recorder);
            recorder.finish();
            return new SimulatedSession(recorder.session().path(), List.copyOf(frames));
        }
    }

    private static void drain(Recorder recorder) throws IOException {
        while (recorder.doWork() > 0) {
            // On.
        }
    }
}
