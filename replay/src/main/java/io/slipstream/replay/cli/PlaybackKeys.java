package io.slipstream.replay.cli;

import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.player.PlayerControl;
import io.slipstream.replay.player.SeekTarget;
import java.util.function.Consumer;

/** What the keys do to a playback. */
final class PlaybackKeys implements Consumer<String> {
    static final String HELP =
            "space pause   left right 5 s   shift+left right 60 s   up down lap   n m marker   home end"
                    + System.lineSeparator()
                    + ". , one frame   + - speed   = normal   [ ] loop from, to here   \\ no loop   q quit";
    private static final long JUMP_NS = 5_000_000_000L;
    private static final long LONG_JUMP_NS = 60_000_000_000L;
    private static final double[] SPEEDS = {0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 8, 16, 32, 64};

    private final PlayerControl player;
    private final Consumer<String> say;

    /** What is said is for the user to read. */
    PlaybackKeys(PlayerControl player, Consumer<String> say) {
        this.player = player;
        this.say = say;
    }

    @Override
    public void accept(String key) {
        try {
            obey(key);
        } catch (IllegalArgumentException e) {
            say.accept(e.getMessage());
        }
    }

    private void obey(String key) {
        switch (key) {
            case " " -> player.toggle();
            case Keys.LEFT -> player.seek(new SeekTarget.Relative(-JUMP_NS));
            case Keys.RIGHT -> player.seek(new SeekTarget.Relative(JUMP_NS));
            case Keys.SHIFT_LEFT -> player.seek(new SeekTarget.Relative(-LONG_JUMP_NS));
            case Keys.SHIFT_RIGHT -> player.seek(new SeekTarget.Relative(LONG_JUMP_NS));
            case Keys.UP -> player.seek(new SeekTarget.LapsAway(1));
            case Keys.DOWN -> player.seek(new SeekTarget.LapsAway(-1));
            case "m" -> player.seek(new SeekTarget.MarkersAway(1));
            case "n" -> player.seek(new SeekTarget.MarkersAway(-1));
            case "." -> player.step(1);
            case "," -> player.step(-1);
            case "+" -> player.speed(faster(player.state().rate()));
            case "-" -> player.speed(slower(player.state().rate()));
            case "=" -> player.speed(1);
            case "[" -> loopFromHere();
            case "]" -> loopToHere();
            case "\\" -> player.loopOff();
            case Keys.HOME -> player.seek(new SeekTarget.Start());
            case Keys.END -> {
                // Played on from there, the playback would be over at once.
                player.pause();
                player.seek(new SeekTarget.End());
            }
            case "q" -> player.stop();
            case "?", "h" -> say.accept(HELP);
            default -> {
                // No other key does anything.
            }
        }
    }

    /** The loop ends where it did, if that is behind, or at the end. */
    private void loopFromHere() {
        final PlaybackState now = player.state();
        final LoopRegion before = now.region();
        player.loop(new LoopRegion(
                now.positionNs(), before != null && before.toNs() > now.positionNs() ? before.toNs() : end(now)));
    }

    private void loopToHere() {
        final PlaybackState now = player.state();
        final LoopRegion before = now.region();
        player.loop(new LoopRegion(
                before != null && before.fromNs() < now.positionNs() ? before.fromNs() : now.fromNs(),
                now.positionNs()));
    }

    private static long end(PlaybackState now) {
        return Math.max(now.toNs(), now.positionNs());
    }

    private static double faster(double speed) {
        for (double one : SPEEDS) {
            if (one > speed) {
                return one;
            }
        }
        return Player.Options.UNPACED;
    }

    private static double slower(double speed) {
        for (int i = SPEEDS.length - 1; i >= 0; i--) {
            if (SPEEDS[i] < speed) {
                return SPEEDS[i];
            }
        }
        return speed;
    }
}
