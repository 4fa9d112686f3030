package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.edit.HandMade;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlayerTest {
    private static final long MS = 1_000_000;
    private static final int FRAMES = 300;
    private static final double UNPACED = Player.Options.UNPACED;

    @TempDir
    Path folder;

    private Sessions sessions;
    private SessionReader session;

    @BeforeEach
    void record() throws IOException {
        sessions = new Sessions(folder).frames(FRAMES, Sessions.START_NS, 10 * MS);
        session = SessionReader.open(sessions.finish());
    }

    @AfterEach
    void close() throws IOException {
        session.close();
        sessions.close();
    }

    /** Keeps what is played. */
    private static final class Kept implements FrameSink {
        final List<Long> timestamps = new ArrayList<>();
        final List<byte[]> blocks = new ArrayList<>();

        @Override
        public void onFrame(final FrameCursor cursor, final long timestampNs) {
            timestamps.add(timestampNs);
            final byte[] block = new byte[cursor.block().capacity()];
            cursor.block().getBytes(0, block);
            blocks.add(block);
        }

        @Override
        public void close() {}
    }

    private Kept play(final double speed, final long fromNs, final long forNs) {
        final Kept kept = new Kept();
        final Player player = new Player(session, kept, new Player.Options(speed, fromNs, forNs, false));
        player.run(() -> false);
        assertThat(player.frames()).as("the player's count").isEqualTo(kept.timestamps.size());
        assertThat(player.damaged()).isZero();
        return kept;
    }

    private void requireFrames(final Kept kept, final int from, final int to) {
        assertThat(kept.timestamps)
                .as("times of frames %d to %d", from, to - 1)
                .containsExactlyElementsOf(sessions.frames.subList(from, to).stream()
                        .map(Sessions.Frame::timestamp)
                        .toList());
        for (int i = from; i < to; i++) {
            assertThat(kept.blocks.get(i - from))
                    .as("frame %d", i)
                    .isEqualTo(sessions.frames.get(i).block());
        }
    }

    @Test
    void shouldCountDamagedFramesOfWhatIsPlayedAlone() throws IOException {
        final Path whole;
        try (HandMade made = new HandMade(folder.resolve("whole"), "", Map.of())) {
            for (int i = 0; i < 24; i++) {
                made.frame(Sessions.START_NS + i * 10L * MS);
            }
            whole = made.finish();
        }
        final Path broken;
        try (HandMade made = new HandMade(folder.resolve("broken"), "", Map.of());
                MessageQueue queue = new SessionDirectory(whole).openQueue();
                Subscriber subscriber = queue.subscriber()) {
            // Of 24 with a keyframe every eighth, the one behind the second keyframe is gone, and with it what builds
            // on it.
            final int[] at = new int[1];
            while (subscriber.poll(
                            message -> {
                                if (at[0]++ != 9) {
                                    made.write(message);
                                }
                            },
                            64)
                    > 0) {
                // On.
            }
            broken = made.finish();
        }
        assertThat(damaged(broken, 0)).as("all").isEqualTo(6);
        assertThat(damaged(broken, 155 * MS)).as("from behind them on").isZero();
    }

    private static long damaged(final Path path, final long fromNs) throws IOException {
        try (SessionReader reader = SessionReader.open(path)) {
            final Player player =
                    new Player(reader, new Kept(), new Player.Options(UNPACED, fromNs, Long.MAX_VALUE, false));
            player.run(() -> false);
            assertThat(player.frames()).as("frames played").isPositive();
            return player.damaged();
        }
    }

    @Test
    void shouldPlayAllFramesWithoutAPause() {
        requireFrames(play(UNPACED, 0, Long.MAX_VALUE), 0, FRAMES);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 1000})
    void shouldPlayTheSameFramesAtAnySpeed(final double speed) {
        requireFrames(play(speed, 0, 99 * MS), 0, 10);
    }

    @Test
    void shouldPlayFromATimeForAWhile() {
        requireFrames(play(UNPACED, 1_500 * MS, Long.MAX_VALUE), 150, FRAMES);
        requireFrames(play(UNPACED, 1_499 * MS, 100 * MS), 150, 160);
        requireFrames(play(UNPACED, 0, 0), 0, 1);
        requireFrames(play(UNPACED, 2_990 * MS, 3_600_000 * MS), FRAMES - 1, FRAMES);
    }

    @Test
    void shouldPlayNothingBehindTheEnd() {
        requireFrames(play(UNPACED, 2_991 * MS, Long.MAX_VALUE), 0, 0);
        final Kept kept = new Kept();
        new Player(session, kept, new Player.Options(UNPACED, 3_600_000 * MS, Long.MAX_VALUE, true)).run(() -> false);
        assertThat(kept.timestamps).as("in a loop").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000})
    void shouldRepeatUntilStopped(final long fromNs) {
        final int round = 50;
        final Kept kept = new Kept();
        final Player player =
                new Player(session, kept, new Player.Options(UNPACED, fromNs, (10 * round - 1) * MS, true));
        player.run(() -> kept.blocks.size() == 3 * round + 7);
        assertThat(player.frames()).isEqualTo(3 * round + 7);
        assertThat(kept.timestamps).as("times never go back").isSorted();
        for (int i = 0; i < kept.blocks.size(); i++) {
            assertThat(kept.blocks.get(i))
                    .as("frame %d of round %d", i % round, i / round)
                    .isEqualTo(sessions.frames
                            .get((int) (fromNs / (10 * MS)) + i % round)
                            .block());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.NEGATIVE_INFINITY})
    void shouldRefuseASpeedThatIsNone(final double speed) {
        assertThatThrownBy(() -> new Player(session, new Kept(), new Player.Options(speed, 0, 1, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + speed);
    }

    @Test
    void shouldPublishToAQueueWhatTheBridgeHad() {
        final Path replayed = folder.resolve("replayed");
        try (QueueSink sink = new QueueSink(replayed, Sessions.FORMAT, "simulated", true)) {
            new Player(session, sink, new Player.Options(UNPACED, 0, Long.MAX_VALUE, false)).run(() -> false);
        }
        try (MessageQueue queue =
                MessageQueue.open(new MessageQueue.Context().directory(replayed).readOnly(true))) {
            final List<String> expected = messages(sessions.live());
            // The source was there before its first frame; when, the recording does not say.
            final List<String> found = messages(queue);
            assertThat(found.subList(1, found.size()))
                    .as("messages of the replay: frames, state and events as the bridge published them")
                    .containsExactlyElementsOf(expected.subList(1, expected.size()));
            assertThat(found.getFirst()).as("the source is there").startsWith("template 20 ");
            // Keyframe, Delta, CarState, Standings, Participant, SessionStarted.
            for (final int template : new int[] {1, 2, 10, 11, 12, 21}) {
                assertThat(found).anyMatch(message -> message.startsWith("template " + template + " "));
            }
        }
    }

    private static List<String> messages(final MessageQueue queue) {
        final List<String> found = new ArrayList<>();
        try (Subscriber subscriber = queue.subscriber()) {
            while (subscriber.poll(
                            message -> {
                                final byte[] body = new byte[message.length()];
                                message.buffer().getBytes(message.offset(), body);
                                found.add("template " + message.templateId() + " at " + message.timestamp() + ": "
                                        + body.length + " bytes, hash " + Arrays.hashCode(body));
                            },
                            256)
                    > 0) {
                // On.
            }
        }
        return found;
    }
}
