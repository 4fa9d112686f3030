package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.PlayerControl;
import io.slipstream.replay.player.SeekTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaybackKeysTest {
    private static final long SECOND = 1_000_000_000L;

    private final Told player = new Told();
    private final List<String> said = new ArrayList<>();
    private final PlaybackKeys keys = new PlaybackKeys(player, said::add);

    static PlaybackState at(final long position, final double rate, final LoopRegion region, final boolean paused) {
        return new PlaybackState(
                paused ? PlaybackState.Phase.PAUSED : PlaybackState.Phase.PLAYING,
                position,
                100 * SECOND,
                0,
                100 * SECOND,
                region != null,
                region,
                2,
                7,
                rate,
                paused ? 0 : rate,
                0,
                8,
                0,
                0,
                0,
                0,
                0);
    }

    /** Keeps what it is told. */
    private static final class Told implements PlayerControl {
        final List<String> commands = new ArrayList<>();
        PlaybackState now = at(30 * SECOND, 1, null, false);

        @Override
        public void pause() {
            commands.add("pause");
        }

        @Override
        public void resume() {
            commands.add("resume");
        }

        @Override
        public void toggle() {
            commands.add("toggle");
        }

        @Override
        public void step(final int frames) {
            commands.add("step " + frames);
        }

        @Override
        public void seek(final SeekTarget target) {
            commands.add(target.toString());
        }

        @Override
        public void speed(final double rate) {
            commands.add("speed " + rate);
        }

        @Override
        public void loop(final LoopRegion region) {
            if (region.fromNs() > now.toNs()) {
                throw new IllegalArgumentException("outside");
            }
            commands.add("loop " + region.fromNs() / SECOND + " to " + region.toNs() / SECOND);
        }

        @Override
        public void loopWhole() {
            commands.add("loop whole");
        }

        @Override
        public void loopOff() {
            commands.add("loop off");
        }

        @Override
        public void stop() {
            commands.add("stop");
        }

        @Override
        public PlaybackState state() {
            return now;
        }

        @Override
        public boolean settle(final Duration patience) {
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\" \",toggle",
                "left,Relative[deltaNs=-5000000000]",
                "right,Relative[deltaNs=5000000000]",
                "shift+left,Relative[deltaNs=-60000000000]",
                "up,LapsAway[count=1]",
                "down,LapsAway[count=-1]",
                "m,MarkersAway[count=1]",
                "n,MarkersAway[count=-1]",
                ".,step 1",
                "\",\",step -1",
                "+,speed 1.5",
                "-,speed 0.75",
                "=,speed 1.0",
                "[,loop 30 to 100",
                "],loop 0 to 30",
                "\\,loop off",
                "home,Start[]",
                "q,stop"
            })
    void shouldTurnAKeyIntoACommand(final String key, final String command) {
        keys.accept(key);
        assertThat(player.commands).containsExactly(command);
    }

    @Test
    void shouldPauseAtTheEnd() {
        keys.accept(Keys.END);
        assertThat(player.commands).containsExactly("pause", "End[]");
    }

    @Test
    void shouldKeepTheOtherEndOfTheLoop() {
        player.now = at(30 * SECOND, 1, new LoopRegion(10 * SECOND, 50 * SECOND), false);
        keys.accept("[");
        keys.accept("]");
        player.now = at(60 * SECOND, 1, new LoopRegion(10 * SECOND, 50 * SECOND), false);
        keys.accept("[");
        assertThat(player.commands).containsExactly("loop 30 to 50", "loop 10 to 30", "loop 60 to 100");
    }

    @Test
    void shouldGoFromTheFastestSpeedToUnpacedAndBack() {
        player.now = at(0, 64, null, false);
        keys.accept("+");
        player.now = at(0, Double.POSITIVE_INFINITY, null, false);
        keys.accept("+");
        keys.accept("-");
        player.now = at(0, 0.05, null, false);
        keys.accept("-");
        assertThat(player.commands).containsExactly("speed Infinity", "speed Infinity", "speed 64.0", "speed 0.05");
    }

    @Test
    void shouldSayWhatKeysThereAreAndWhatIsRefused() {
        keys.accept("?");
        keys.accept("x");
        player.now = at(101 * SECOND, 1, null, false);
        keys.accept("[");
        assertThat(said).hasSize(2);
        assertThat(said.getFirst()).contains("space pause").contains("q quit");
        assertThat(said.getLast()).isEqualTo("outside");
        assertThat(player.commands).isEmpty();
    }
}
