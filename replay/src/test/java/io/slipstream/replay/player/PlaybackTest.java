package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.replay.Sessions;
import io.slipstream.replay.player.PlaybackState.Phase;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Playback on virtual time: nothing sleeps, every time is exact. Frame i was captured at i times 10 ms. */
class PlaybackTest {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000 * MS;
    private static final int FRAMES = 300;
    private static final long LAST = (FRAMES - 1) * 10 * MS;

    @TempDir
    static Path folder;

    private static SessionReader session;

    private final VirtualTimer timer = new VirtualTimer();
    private final PlayedFrames played = new PlayedFrames(timer);
    private Player player;

    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(FRAMES, Sessions.START_NS, 10 * MS)) {
            session = SessionReader.open(sessions.finish());
        }
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private Player.Options options() {
        return Player.Options.DEFAULT.timed(TimingPolicy.KEEP, timer);
    }

    private void play(final Player.Options options) {
        player = new Player(session, played, options);
        player.run(() -> timer.nanoTime() > 3_600 * SECOND);
        assertThat(timer.nanoTime()).as("played for").isLessThanOrEqualTo(3_600 * SECOND);
        assertThat(played.stamps).as("time stamps never go back").isSorted();
        assertThat(player.state().phase()).isEqualTo(Phase.ENDED);
        assertThat(player.state().played()).isEqualTo(played.frames.size());
    }

    private static List<Long> range(final long from, final long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private void shouldHavePlayed(final List<List<Long>> ordinals) {
        assertThat(played.ordinals())
                .containsExactlyElementsOf(
                        ordinals.stream().flatMap(List::stream).toList());
    }

    private PlayedFrames.Played firstFrom(final long at) {
        return played.frames.stream()
                .filter(frame -> frame.at() >= at)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldPlayEveryFrameExactlyWhenItIsDue() {
        play(options());
        shouldHavePlayed(List.of(range(0, FRAMES)));
        assertThat(played.frames)
                .allSatisfy(frame -> assertThat(frame.at()).isEqualTo(frame.captured() - Sessions.START_NS));
        assertThat(player.state().lateMaxNs()).isZero();
        assertThat(played.jumps).isZero();
    }

    @Test
    void shouldPauseAndResumeWithoutAJump() {
        timer.at(104 * MS, () -> player.pause())
                .at(5_000 * MS, () -> {
                    assertThat(player.state().paused()).isTrue();
                    assertThat(player.state().positionNs()).isEqualTo(104 * MS);
                    assertThat(player.state().measuredRate()).isZero();
                })
                .at(6_000 * MS, () -> player.resume());
        play(options());
        shouldHavePlayed(List.of(range(0, FRAMES)));
        assertThat(played.frames.get(10).at()).isEqualTo(100 * MS);
        // 6 ms were left of the ten when it was paused.
        assertThat(played.frames.get(11).at()).isEqualTo(6_006 * MS);
        assertThat(played.jumps).isZero();
    }

    @Test
    void shouldToggle() {
        timer.at(101 * MS, () -> player.toggle()).at(201 * MS, () -> player.toggle());
        play(options());
        assertThat(timer.nanoTime()).isEqualTo(LAST + 100 * MS);
    }

    @Test
    void shouldChangeTheSpeedWithoutAJump() {
        timer.at(1_003 * MS, () -> {
                    player.speed(4);
                    assertThat(player.state().positionNs()).isEqualTo(1_003 * MS);
                })
                .at(1_200 * MS, () -> player.speed(0.5));
        play(options());
        shouldHavePlayed(List.of(range(0, FRAMES)));
        // 1,003 ms of the recording, then 4 ms of it each ms, then half a one.
        assertThat(played.frames.get(101).at()).isEqualTo(1_003 * MS + 7 * MS / 4);
        assertThat(played.frames.get(180).at()).isEqualTo(1_200 * MS + 2 * (1_800 - 1_003 - 4 * 197) * MS);
        assertThat(player.state().rate()).isEqualTo(0.5);
    }

    @Test
    void shouldChangeTheSpeedWhilePaused() {
        timer.at(1_005 * MS, () -> player.pause())
                .at(1_100 * MS, () -> player.speed(10))
                .at(2_000 * MS, () -> player.resume());
        play(options());
        assertThat(played.frames.get(101).at()).isEqualTo(2_000 * MS + MS / 2);
        assertThat(timer.nanoTime()).isEqualTo(2_000 * MS + (LAST - 1_005 * MS) / 10);
    }

    @Test
    void shouldGoToUnpacedAndBack() {
        timer.at(500 * MS, () -> {
            player.speed(Player.Options.UNPACED);
            player.settle(Duration.ZERO);
        });
        played.onFrame = frame -> {
            if (frame.ordinal() == 200) {
                player.speed(1);
            }
        };
        play(options());
        shouldHavePlayed(List.of(range(0, FRAMES)));
        assertThat(played.frames.get(200).at()).isEqualTo(500 * MS);
        assertThat(played.frames.get(201).at()).isEqualTo(510 * MS);
    }

    @Test
    void shouldSeekWhileItPlays() {
        timer.at(105 * MS, () -> player.seek(new SeekTarget.Time(2_001 * MS)))
                .at(150 * MS, () -> player.seek(new SeekTarget.Relative(-SECOND)));
        play(options());
        // At 150 ms it was at 2,010 + 45 ms.
        shouldHavePlayed(List.of(range(0, 11), range(201, 206), range(106, FRAMES)));
        assertThat(played.frames.get(11).at()).isEqualTo(105 * MS);
        assertThat(firstFrom(150 * MS).ordinal()).isEqualTo(106);
        assertThat(played.jumps).isEqualTo(2);
        // Forward, the times of the recording serve; back, they must not.
        assertThat(played.frames.get(11).stamp())
                .isEqualTo(played.frames.get(11).captured());
    }

    @Test
    void shouldSeekByFrameStartAndEnd() {
        timer.at(1, () -> player.pause())
                .at(10 * MS, () -> player.seek(new SeekTarget.Frame(77)))
                .at(20 * MS, () -> player.seek(new SeekTarget.End()))
                .at(30 * MS, () -> player.seek(new SeekTarget.Start()))
                .at(40 * MS, () -> player.seek(new SeekTarget.Relative(-SECOND)))
                .at(50 * MS, () -> player.seek(new SeekTarget.Time(SECOND * 999)))
                .at(60 * MS, () -> player.seek(new SeekTarget.Relative(Long.MIN_VALUE)))
                .at(70 * MS, () -> player.stop());
        play(options());
        // Paused, the frame there is shown and no more.
        shouldHavePlayed(List.of(List.of(0L, 77L, 299L, 0L, 0L, 299L, 0L)));
    }

    @Test
    void shouldStep() {
        timer.at(55 * MS, () -> player.step(1))
                .at(100 * MS, () -> player.step(3))
                .at(200 * MS, () -> player.step(-2))
                .at(300 * MS, () -> player.step(-100))
                .at(400 * MS, () -> {
                    assertThat(player.state().frame()).isZero();
                    assertThat(player.state().positionNs()).isZero();
                    player.seek(new SeekTarget.End());
                })
                .at(500 * MS, () -> player.step(2))
                .at(600 * MS, () -> player.stop());
        play(options());
        shouldHavePlayed(List.of(range(0, 6), List.of(6L, 7L, 8L, 9L, 7L, 0L, 299L)));
    }

    @Test
    void shouldStartPausedAndHoldAtTheEnd() {
        timer.at(10 * SECOND, () -> {
                    assertThat(played.ordinals()).containsExactly(50L);
                    player.resume();
                })
                .at(20 * SECOND, () -> {
                    assertThat(player.state().paused()).isTrue();
                    assertThat(player.state().frame()).isEqualTo(60);
                    player.resume();
                })
                .at(30 * SECOND, () -> player.stop());
        play(new Player.Options(1, 500 * MS, 100 * MS, false)
                .timed(TimingPolicy.KEEP, timer)
                .waiting(true, true));
        shouldHavePlayed(List.of(range(50, 61), range(50, 61)));
        assertThat(played.frames.get(1).at()).isEqualTo(10 * SECOND + 10 * MS);
    }

    @Test
    void shouldLoopARegion() {
        timer.at(505 * MS, () -> player.loop(new LoopRegion(200 * MS, 250 * MS)))
                .at(556 * MS, () -> player.loop(new LoopRegion(195 * MS, 214 * MS)))
                .at(640 * MS, () -> player.loopOff());
        play(options());
        final List<Long> rest = played.ordinals()
                .subList(played.ordinals().size() - 90, played.ordinals().size());
        assertThat(rest).containsExactlyElementsOf(range(210, FRAMES));
        assertThat(played.ordinals().subList(0, 57))
                .containsExactlyElementsOf(LongStream.concat(LongStream.range(0, 51), LongStream.range(20, 26))
                        .boxed()
                        .toList());
        assertThat(played.frames.stream().filter(frame -> frame.at() > 556 * MS && frame.at() < 640 * MS))
                .isNotEmpty()
                .allSatisfy(frame -> assertThat(frame.ordinal()).isBetween(20L, 21L));
        assertThat(player.state().loops()).isGreaterThan(2);
    }

    @Test
    void shouldForgetALoopWithoutAFrame() {
        timer.at(505 * MS, () -> player.loop(new LoopRegion(201 * MS, 209 * MS)))
                .at(507 * MS, () -> assertThat(player.state().loop()).isFalse())
                .at(604 * MS, () -> player.loop(new LoopRegion(601 * MS, 609 * MS)));
        play(options());
        assertThat(played.ordinals().getLast()).isEqualTo(299);
        assertThat(player.state().loop()).isFalse();
        assertThatThrownBy(() -> player.loop(new LoopRegion(5 * SECOND, 6 * SECOND)))
                .hasMessageContaining("outside of what is played: 0.0 s to 2.99 s");
        assertThatThrownBy(() -> new LoopRegion(2, 1)).hasMessageContaining("its end must be behind its start");
    }

    @Test
    void shouldKeepTheTimeOverManyRounds() {
        final long round = LAST + PlaybackLoop.LOOP_GAP_NS;
        timer.at(100 * round + MS, () -> player.stop());
        play(new Player.Options(1, 0, Long.MAX_VALUE, true).timed(TimingPolicy.KEEP, timer));
        assertThat(played.frames).hasSize(100 * FRAMES + 1);
        for (int i = 0; i < 100; i++) {
            assertThat(played.frames.get(i * FRAMES).at())
                    .as("start of round %d", i)
                    .isEqualTo(i * round);
        }
        assertThat(player.state().loops()).isEqualTo(100);
    }

    @Test
    void shouldCatchUpAfterAShortStallAndShiftAfterALongOne() {
        played.onFrame = frame -> {
            if (frame.ordinal() == 10) {
                timer.stall(55 * MS);
            } else if (frame.ordinal() == 100) {
                timer.stall(1_500 * MS);
            }
        };
        play(options());
        shouldHavePlayed(List.of(range(0, FRAMES)));
        assertThat(played.frames.get(15).at()).as("late, at once").isEqualTo(155 * MS);
        assertThat(played.frames.get(16).at()).as("in time again").isEqualTo(160 * MS);
        assertThat(played.frames.get(101).at()).as("after the long stall").isEqualTo(2_500 * MS);
        assertThat(played.frames.get(102).at()).as("the rest is later").isEqualTo(2_510 * MS);
        assertThat(player.state().shiftedNs()).isEqualTo(1_490 * MS);
        assertThat(player.state().lateMaxNs()).isEqualTo(1_490 * MS);
    }

    @Test
    void shouldDropWhatIsLateByMoreThanOneInterval() {
        played.onFrame = frame -> {
            if (frame.ordinal() == 10) {
                timer.stall(55 * MS);
            }
        };
        play(Player.Options.DEFAULT.timed(TimingPolicy.DROP, timer));
        // At 155 ms, frames 11 to 14 are more than 10 ms late, 15 is 5 ms late.
        shouldHavePlayed(List.of(range(0, 11), range(15, FRAMES)));
        assertThat(played.frames.get(11).at()).isEqualTo(155 * MS);
        assertThat(played.frames.get(12).at()).isEqualTo(160 * MS);
        assertThat(played.dropped).isEqualTo(4);
        assertThat(player.state().dropped()).isEqualTo(4);
        assertThat(player.state().shiftedNs()).isZero();
    }

    @Test
    void shouldShowSomeFramesHoweverSlowTheSinkIs() {
        played.onFrame = frame -> timer.stall(40 * MS);
        play(Player.Options.DEFAULT.timed(TimingPolicy.DROP, timer));
        assertThat(played.frames).hasSizeBetween(70, 80);
        assertThat(played.frames.size() + played.dropped).isEqualTo(FRAMES);
        assertThat(timer.nanoTime()).as("the time is kept").isBetween(LAST, LAST + 50 * MS);
    }

    @Test
    void shouldTellTheTimeTenTimesASecondAndAtEachChange() {
        timer.at(1_005 * MS, () -> player.pause()).at(2_005 * MS, () -> player.stop());
        play(options());
        final List<PlaybackState> paused =
                played.clocks.stream().filter(PlaybackState::paused).toList();
        assertThat(paused.size()).isBetween(10, 11);
        assertThat(paused).allSatisfy(clock -> assertThat(clock.positionNs()).isEqualTo(1_005 * MS));
        final List<PlaybackState> running =
                played.clocks.stream().filter(clock -> !clock.paused()).toList();
        assertThat(running.size()).isBetween(10, 12);
        assertThat(running.getLast().measuredRate()).isBetween(0.99, 1.01);
        assertThat(running.getLast().durationNs()).isEqualTo(LAST);
    }

    @Test
    void shouldRefuseWhatTheSessionDoesNotHave() {
        player = new Player(session, played, options());
        assertThatThrownBy(() -> player.seek(new SeekTarget.Lap(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no lap 9: the session has laps 1 to 1");
        assertThatThrownBy(() -> player.seek(new SeekTarget.Marker(0))).hasMessageContaining("the session has none");
        assertThatThrownBy(() -> player.seek(new SeekTarget.MarkerNamed("x"))).hasMessageContaining("no marker 'x'");
        assertThatThrownBy(() -> player.seek(new SeekTarget.Frame(300))).hasMessageContaining("frames 0 to 299");
        assertThatThrownBy(() -> player.speed(-1)).hasMessageContaining("-1.0 is below 0.000001");
        assertThat(player.state().phase()).isEqualTo(Phase.READY);
        assertThat(player.settle(Duration.ZERO)).as("before it runs").isFalse();
        player.run(() -> true);
        assertThat(player.settle(Duration.ofSeconds(1))).as("when it is over").isTrue();
        assertThatThrownBy(() -> player.run(() -> true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNotDriftInAnHour(@TempDir final Path place) throws IOException {
        final long period = 18 * SECOND + 7;
        try (Sessions sessions = new Sessions(place).frames(201, Sessions.START_NS, period);
                SessionReader hour = SessionReader.open(sessions.finish())) {
            for (final double speed : new double[] {1, 3, 0.7}) {
                final VirtualTimer time = new VirtualTimer();
                final PlayedFrames frames = new PlayedFrames(time);
                new Player(
                                hour,
                                frames,
                                new Player.Options(speed, 0, Long.MAX_VALUE, false).timed(TimingPolicy.KEEP, time))
                        .run(() -> false);
                assertThat(frames.frames).hasSize(201);
                for (int i = 0; i <= 200; i++) {
                    assertThat(frames.frames.get(i).at())
                            .as("frame %d at %s times", i, speed)
                            .isEqualTo(Math.round(i * period / speed));
                }
            }
        }
    }
}
