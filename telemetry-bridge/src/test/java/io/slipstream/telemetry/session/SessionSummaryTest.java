package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.Message;
import io.slipstream.queue.Subscriber;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSummaryTest {
    @TempDir
    Path folder;

    private LiveQueue live;

    @BeforeEach
    void open() {
        live = new LiveQueue(folder);
    }

    @AfterEach
    void close() {
        live.close();
    }

    private SessionInfo sumUp(final Predicate<Message> recorded) {
        final SessionSummary summary = new SessionSummary();
        try (Subscriber subscriber = live.queue.subscriber()) {
            while (subscriber.poll(
                            message -> {
                                if (recorded.test(message)) {
                                    summary.onMessage(message);
                                }
                            },
                            256)
                    > 0) {
                // On.
            }
        }
        return summary.info(true, 123);
    }

    private SessionInfo sumUp() {
        return sumUp(message -> true);
    }

    @Test
    void shouldSayWhatTheSessionIsAbout() {
        live.attach().frames(3);
        final SessionInfo info = sumUp();
        assertThat(info.version()).isEqualTo(SessionInfo.VERSION);
        assertThat(info.format()).isEqualTo("pcars2");
        assertThat(info.game()).isEqualTo(LiveQueue.FORMAT.title());
        assertThat(info.formatVersion()).isEqualTo(14);
        assertThat(info.origin()).isEqualTo("/dev/shm/game");
        assertThat(info.consistency()).isEqualTo("SEQLOCK");
        assertThat(info.synthetic()).isTrue();
        assertThat(info.car()).isEqualTo("Kart");
        assertThat(info.carClass()).isEqualTo("K");
        assertThat(info.track()).isEqualTo("Spa-Francorchamps");
        assertThat(info.variation()).isEqualTo("GP");
        assertThat(info.trackLength()).isEqualTo(7004);
        assertThat(info.startedNs()).isEqualTo(LiveQueue.START_NS + LiveQueue.FRAME_NS);
        assertThat(info.started()).isEqualTo("2026-01-02T03:04:05.010Z");
        assertThat(info.blockBytes()).isEqualTo(LiveQueue.LENGTH);
        assertThat(info.rawBytes()).isEqualTo(3L * LiveQueue.LENGTH);
        assertThat(info.bytes()).isEqualTo(123);
    }

    @Test
    void shouldCountFramesAndTheirTime() {
        live.attach().frames(301);
        final SessionInfo info = sumUp();
        assertThat(info.frames()).isEqualTo(301);
        assertThat(info.keyframes()).as("one a second at 100 Hz").isEqualTo(4);
        assertThat(info.durationSeconds()).isEqualTo(3);
        assertThat(info.rateHz()).isEqualTo(100);
        assertThat(info.missed()).isZero();
        assertThat(info.gaps()).isZero();
        assertThat(info.lost()).isZero();
    }

    @Test
    void shouldNotTakeAPauseForTheRate() {
        live.attach().frames(101);
        live.now += 60_000_000_000L;
        live.frames(101);
        assertThat(sumUp().rateHz()).isEqualTo(100);
    }

    @Test
    void shouldCountWhatIsWrongWithFrames() {
        live.attach().frame(0, 0, 0).frame(3, 2, 0).frame(0, 1, 1).frame(5, 0, 1);
        final SessionInfo info = sumUp();
        assertThat(info.missed()).isEqualTo(8);
        assertThat(info.gaps()).isEqualTo(2);
        assertThat(info.retries()).isEqualTo(3);
        assertThat(info.torn()).isEqualTo(2);
        assertThat(info.lost()).isZero();
    }

    @Test
    void shouldNotCountWhatWasMissedBeforeTheSession() {
        live.attach().frame(7, 3, 0).frames(2);
        assertThat(sumUp().missed()).isZero();
        assertThat(sumUp().gaps()).isZero();
        assertThat(sumUp().retries()).isZero();
    }

    @Test
    void shouldCountFramesThatWerePublishedAndNotRecorded() {
        live.attach().frames(20);
        final int[] frames = new int[1];
        final SessionInfo info = sumUp(message -> {
            final boolean isFrame = message.templateId() <= 2;
            // The fifth to the seventh get lost.
            return !isFrame || ++frames[0] < 5 || frames[0] > 7;
        });
        assertThat(info.frames()).isEqualTo(17);
        assertThat(info.lost()).isEqualTo(3);
    }

    @Test
    void shouldNotTakeAnotherBridgeForALoss() {
        live.attach().frames(20).anotherBridge().frames(30);
        final SessionInfo info = sumUp();
        assertThat(info.frames()).isEqualTo(50);
        assertThat(info.lost()).isZero();
        live.lose().attach().frames(10);
        assertThat(sumUp().lost()).as("after the source came back").isZero();
    }

    @Test
    void shouldSayHowGoodTheFramesOfEachLapAre() {
        live.attach().frames(50).frame(3, 0, 0).frames(29).frame(0, 0, 1).frames(19);
        // Known twenty frames after the line.
        live.lap(80, 1, 0.83).frame(7, 0, 0).frame(0, 0, 1).frames(98).lap(190, 2, 1.17);
        final SessionInfo info = sumUp();
        assertThat(info.laps()).hasSize(2);
        final SessionInfo.Lap first = info.laps().getFirst();
        assertThat(first.frames()).as("frames before the line").isEqualTo(80);
        assertThat(first.missed()).isEqualTo(3);
        assertThat(first.gaps()).isEqualTo(1);
        assertThat(first.torn())
                .as("the torn frame is the first behind the line")
                .isZero();
        // A frame every 10 ms, with three of them missed in one interval.
        assertThat(first.rateHz()).isEqualTo(103.75);
        final SessionInfo.Lap second = info.laps().getLast();
        assertThat(second.frames()).isEqualTo(110);
        assertThat(second.missed()).isEqualTo(7);
        assertThat(second.gaps()).isEqualTo(1);
        assertThat(second.torn()).isEqualTo(2);
        assertThat(first.gaps() + second.gaps()).isEqualTo(info.gaps());
    }

    @Test
    void shouldNotTakeALapForWholeThatBeganBeforeTheSession() {
        live.attach().frames(200).lap(150, 1, 1.5).frames(100).lap(280, 2, 1.3);
        assertThat(sumUp().laps()).extracting(SessionInfo.Lap::whole).containsExactly(true, true);
        final int[] frames = new int[1];
        // From the second keyframe on: the hundredth frame.
        final SessionInfo late = sumUp(message -> {
            frames[0] += message.templateId() <= 2 ? 1 : 0;
            return frames[0] > 100;
        });
        assertThat(late.laps()).extracting(SessionInfo.Lap::whole).containsExactly(false, true);
    }

    @Test
    void shouldCountThePeopleWhomItNamesOnce() {
        live.attach().drivers("Lewis", "Charles", "Charles", "").frames(200);
        live.drivers("Lewis", "Max").frames(200);
        assertThat(sumUp().drivers()).as("others than the player, Ada").isEqualTo(3);
    }

    @Test
    void shouldSumUpNothing() {
        final SessionInfo info = sumUp();
        assertThat(info.frames()).isZero();
        assertThat(info.durationSeconds()).isZero();
        assertThat(info.rateHz()).isZero();
        assertThat(info.format()).isEmpty();
    }
}
