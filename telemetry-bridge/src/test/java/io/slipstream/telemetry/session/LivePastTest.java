package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.Subscriber;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePastTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path folder;

    private LiveQueue live;
    private Subscriber subscriber;

    @BeforeEach
    void open() {
        live = new LiveQueue(folder.resolve("live"));
        subscriber = live.queue.subscriber();
    }

    @AfterEach
    void close() {
        subscriber.close();
        live.close();
    }

    private LivePast find(final long fromNs) {
        return LivePast.find(live.queue, subscriber, fromNs);
    }

    private SessionInfo record(final long untilNs) throws IOException {
        try (Recorder recorder =
                new Recorder(subscriber, new RecordingPlan(folder.resolve("sessions")).until(untilNs))) {
            while (recorder.doWork() > 0) {
                // On.
            }
            recorder.finish();
            return recorder.info();
        }
    }

    /** Of a hundred frames a second, the first and every hundredth after it are keyframes. */
    @Test
    void shouldBeginWithTheKeyframeBeforeTheMoment() throws IOException {
        live.attach().frames(1000);
        final long end = live.now;
        live.frames(50);
        final LivePast past = find(LiveQueue.START_NS + 5 * SECOND + SECOND / 2);
        assertThat(past.reaches()).isTrue();
        assertThat(past.keyframeNs()).isEqualTo(LiveQueue.START_NS + 5 * SECOND + LiveQueue.FRAME_NS);
        final SessionInfo info = record(end);
        assertThat(info.startedNs()).isEqualTo(past.keyframeNs());
        assertThat(info.frames()).as("up to the end, and not what came after").isEqualTo(500);
        assertThat(info.lost()).isZero();
    }

    @Test
    void shouldBeginWithAKeyframeOfThatVeryMoment() {
        live.attach().frames(1000);
        final long keyframe = LiveQueue.START_NS + 3 * SECOND + LiveQueue.FRAME_NS;
        assertThat(find(keyframe).keyframeNs()).isEqualTo(keyframe);
        assertThat(find(keyframe - 1).keyframeNs()).isEqualTo(keyframe - SECOND);
    }

    @Test
    void shouldSayWhereTheQueueDoesNotReachBack() throws IOException {
        live.attach().frames(300);
        final LivePast past = find(LiveQueue.START_NS - 60 * SECOND);
        assertThat(past.reaches()).isFalse();
        assertThat(past.keyframeNs()).isEqualTo(LiveQueue.START_NS + LiveQueue.FRAME_NS);
        assertThat(record(Long.MAX_VALUE).frames()).isEqualTo(300);
    }

    @Test
    void shouldBeginBehindAPause() throws IOException {
        live.attach().frames(150);
        live.now += 60 * SECOND;
        live.frames(150);
        final LivePast past = find(live.now - 30 * SECOND);
        assertThat(past.reaches()).isTrue();
        assertThat(past.keyframeNs()).isEqualTo(live.now - 149 * LiveQueue.FRAME_NS);
        assertThat(record(Long.MAX_VALUE).frames()).isEqualTo(150);
    }

    @Test
    void shouldFindNothingInWhatHasNoFrames() throws IOException {
        assertThat(find(LiveQueue.START_NS)).isEqualTo(new LivePast(false, 0));
        live.attach();
        assertThat(find(LiveQueue.START_NS).keyframeNs()).isZero();
        live.frames(10);
        assertThat(find(live.now + 60 * SECOND).keyframeNs()).as("all is older").isZero();
        assertThat(record(Long.MAX_VALUE).frames()).isZero();
    }
}
