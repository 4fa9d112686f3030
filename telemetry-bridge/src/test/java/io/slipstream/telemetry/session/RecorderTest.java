package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    @TempDir
    Path folder;

    private LiveQueue live;
    private Subscriber subscriber;
    private Path sessions;

    @BeforeEach
    void open() {
        live = new LiveQueue(folder.resolve("live"));
        subscriber = live.queue.subscriber();
        sessions = folder.resolve("sessions");
    }

    @AfterEach
    void close() {
        subscriber.close();
        live.close();
    }

    private static void copyAll(final Recorder recorder) throws IOException {
        while (recorder.doWork() > 0) {
            // On.
        }
    }

    @Test
    void shouldRecordFramesAndEventsAndNothingElse() throws IOException {
        live.attach().frames(300);
        live.frame(3, 0, 0).frames(10).lose();
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            recorder.finish();
            try (MessageQueue session = recorder.session().openQueue()) {
                // What was published before the first keyframe, that the source is there, is not of the session.
                final List<String> wanted = LiveQueue.messages(
                        live.queue, message -> message.templateId() <= 9 || message.templateId() >= 20);
                assertThat(LiveQueue.messages(session, message -> true))
                        .as("messages of the session: every frame and event, as they were")
                        .containsExactlyElementsOf(wanted.subList(1, wanted.size()));
            }
        }
    }

    @Test
    void shouldBeginWithAKeyframe() throws IOException {
        live.attach().frames(5);
        try (Subscriber late = live.queue.subscriber().toEnd();
                Recorder recorder = new Recorder(late, sessions)) {
            live.frames(50);
            copyAll(recorder);
            assertThat(recorder.session()).as("a session without keyframe").isNull();
            assertThat(recorder.frames()).isZero();
            live.frames(100);
            copyAll(recorder);
            recorder.finish();
            try (MessageQueue session = recorder.session().openQueue()) {
                assertThat(LiveQueue.messages(session, message -> true).getFirst())
                        .as("the first message")
                        .startsWith("template " + KeyframeDecoder.TEMPLATE_ID + " ");
            }
            assertThat(recorder.info().lost())
                    .as("frames before the first are not lost")
                    .isZero();
        }
    }

    @Test
    void shouldLeaveNothingBehindWithoutFrames() throws IOException {
        live.attach().lose();
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.session()).isNull();
        }
        assertThat(sessions).doesNotExist();
    }

    @Test
    void shouldBeUnfinishedUntilFinished() throws IOException {
        live.attach().frames(200);
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            assertThat(SessionDirectory.isSession(recorder.session().path())).isTrue();
            assertThat(recorder.session().read().finished())
                    .as("while it is recorded")
                    .isFalse();
            recorder.finish();
            final SessionInfo info = recorder.session().read();
            assertThat(info.finished()).isTrue();
            assertThat(info.frames()).isEqualTo(200);
            assertThat(info.bytes()).as("bytes on disk").isPositive();
            recorder.finish();
            assertThat(recorder.session().read()).as("finished once more").isEqualTo(info);
        }
    }

    @Test
    void shouldStayUnfinishedWhenItIsOnlyClosed() throws IOException {
        live.attach().frames(20);
        final SessionDirectory session;
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            session = recorder.session();
        }
        assertThat(session.read().finished()).isFalse();
    }

    @Test
    void shouldNameTheSessionByTimeAndTrack() throws IOException {
        live.attach().frames(1);
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            assertThat(recorder.session().path().getFileName()).hasToString("20260102-030405-spa-francorchamps");
        }
    }

    @Test
    void shouldGoOnWhenTheSourceGoesAndComesBack() throws IOException {
        live.attach().frames(30).lose();
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            live.attach().frames(30).lose();
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.info().frames()).isEqualTo(60);
            assertThat(recorder.info().lost())
                    .as("frame numbers from 0 again are no loss")
                    .isZero();
        }
        try (Stream<Path> found = Files.list(sessions)) {
            assertThat(found).hasSize(1);
        }
    }

    /** The oldest files of the live queue were deleted before they were copied. */
    @Test
    void shouldGoOnWithAKeyframeWhereTheLiveQueueLostFrames() throws IOException {
        live.attach().frames(150);
        try (Recorder recorder = new Recorder(subscriber, sessions)) {
            copyAll(recorder);
            live.frames(20);
            final long before = live.queue.lastPosition();
            live.frames(300);
            // Behind twenty frames that are gone, in the middle of what one keyframe carries.
            subscriber.toPosition(before + 1);
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.frames() + recorder.lost())
                    .as("frames recorded and frames counted as lost")
                    .isEqualTo(470);
            assertThat(recorder.lost()).as("up to the next keyframe").isBetween(20L, 20L + 128);
            assertThat(recorder.session().read().lost()).isEqualTo(recorder.lost());
            final FrameReader reader = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
            try (MessageQueue session = recorder.session().openQueue();
                    Subscriber all = session.subscriber()) {
                while (all.poll(
                                message -> assertThat(reader.onMessage(message))
                                        .as("every frame of the session can be restored")
                                        .isIn(FrameDecoder.OK, FrameReader.NOT_A_FRAME),
                                64)
                        > 0) {
                    // On.
                }
            }
        }
    }

    @Test
    void shouldRecordMarkersNameAndMetadata() throws IOException {
        final long marked;
        try (Markers markers = new Markers(live.queue, () -> live.now);
                Recorder recorder = new Recorder(
                        subscriber,
                        new RecordingPlan(sessions).name("Rainy test").metadata("setup", "wet = soft"))) {
            live.attach().frames(100);
            marked = markers.mark("lost the rear, Kurve 3 – zu spät");
            live.frames(50);
            live.now -= 700_000_000;
            assertThat(markers.mark("")).as("a clock that was set back").isEqualTo(marked);
            live.now += 700_000_000;
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.session().path().getFileName()).hasToString("20260102-030405-rainy-test");
            final SessionInfo info = recorder.session().read();
            assertThat(info.name()).isEqualTo("Rainy test");
            assertThat(info.metadata()).containsExactly(Map.entry("setup", "wet = soft"));
            assertThat(info.markers())
                    .extracting(SessionInfo.Marker::label)
                    .containsExactly("lost the rear, Kurve 3 – zu spät", "");
            assertThat(info.markers().getFirst().timestampNs()).isEqualTo(marked);
            assertThat(info.frames()).isEqualTo(150);
        }
    }

    @Test
    void shouldRefuseAMarkerThatIsTooLong() {
        try (Markers markers = new Markers(live.queue)) {
            assertThatThrownBy(() -> markers.mark("ä".repeat(513)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1026 bytes");
            markers.mark("ä".repeat(512));
        }
        assertThat(LiveQueue.messages(live.queue, message -> true)).hasSize(1);
    }

    /** The clock was set back between two bridges: their live queue has no single order of time. */
    @Test
    void shouldGoOnWhenAnotherBridgesClockIsBehind() throws IOException {
        live.attach().frames(30).lose();
        live.close();
        try (LiveQueue other = new LiveQueue(folder.resolve("live"));
                Subscriber both = other.queue.subscriber();
                Recorder recorder = new Recorder(both, sessions)) {
            other.now = LiveQueue.START_NS - 3_600_000_000_000L;
            other.attach().frames(30).lose();
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.info().frames()).as("frames of both bridges").isEqualTo(60);
            assertThat(recorder.info().durationSeconds())
                    .as("duration, with a clock that went back")
                    .isNotNegative();
            try (MessageQueue session = recorder.session().openQueue()) {
                assertThat(LiveQueue.messages(session, message -> message.templateId() <= 2))
                        .hasSize(60);
            }
        }
    }
}
