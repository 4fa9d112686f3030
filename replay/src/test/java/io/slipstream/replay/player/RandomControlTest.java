package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands in random order at random times of a virtual clock, each checked against what it promises. */
class RandomControlTest {
    private static final long MS = 1_000_000;
    private static final int FRAMES = 200;
    private static final long COMMANDS = 150;
    private static final long FROM = 203 * MS;
    private static final long FOR = 1_500 * MS;

    @TempDir
    static Path folder;

    private static SessionReader session;
    private static List<Long> times;

    private final VirtualTimer timer = new VirtualTimer();
    private final PlayedFrames played = new PlayedFrames(timer);
    private Player player;
    private Random random;
    private final List<String> given = new ArrayList<>();

    @BeforeAll
    static void record() throws IOException {
        final Random uneven = new Random(7);
        try (Sessions sessions = new Sessions(folder)) {
            long time = 0;
            for (int i = 0; i < FRAMES; i++) {
                sessions.frame(Sessions.START_NS + time);
                // A pause of the game's now and then.
                time += uneven.nextInt(40) == 0 ? 90 * MS : 4 * MS + uneven.nextInt(8_000_000);
            }
            times = sessions.frames.stream()
                    .map(frame -> frame.timestamp() - Sessions.START_NS)
                    .toList();
            session = SessionReader.open(sessions.finish());
        }
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldObeyWhateverTheOrder(final long seed) {
        random = new Random(seed);
        final boolean drop = seed % 2 == 0;
        player = new Player(
                session,
                played,
                new Player.Options(1, FROM, FOR, false)
                        .timed(drop ? TimingPolicy.DROP : TimingPolicy.KEEP, timer)
                        .waiting(false, true));
        played.onFrame = frame -> {
            requireInside(frame);
            if (!timer.hasSoon() && random.nextInt(50) == 0) {
                timer.stall(random.nextInt(60_000_000));
            }
        };
        for (long i = 1; i <= COMMANDS; i++) {
            timer.at(i * 70 * MS, this::command);
        }
        timer.at((COMMANDS + 1) * 70 * MS, () -> player.stop());
        player.run(() -> timer.nanoTime() > 2 * COMMANDS * 70 * MS);
        assertThat(timer.nanoTime()).as("it ends when told; after %s", given).isLessThan(2 * COMMANDS * 70 * MS);
        assertThat(played.stamps).as("time stamps after %s", given).isSorted();
        requireOrder();
    }

    private void requireInside(final PlayedFrames.Played frame) {
        final PlaybackState state = player.state();
        final long position = frame.captured() - Sessions.START_NS;
        final LoopRegion region = state.region();
        final long from = region == null ? FROM : Math.max(FROM, region.fromNs());
        final long to = region == null ? FROM + FOR : Math.min(FROM + FOR, region.toNs());
        assertThat(position).as("frame %d after %s", frame.ordinal(), given).isBetween(from, to);
        assertThat(state.positionNs()).as("position after %s", given).isEqualTo(position);
        assertThat(times.get((int) frame.ordinal())).isEqualTo(position);
    }

    /** Frames that are played follow one another but for jumps and those that are dropped. */
    private void requireOrder() {
        int breaks = 0;
        long skipped = 0;
        for (int i = 1; i < played.frames.size(); i++) {
            final long step =
                    played.frames.get(i).ordinal() - played.frames.get(i - 1).ordinal();
            if (step != 1) {
                breaks++;
                skipped += step > 1 ? step - 1 : 0;
            }
        }
        assertThat(breaks).as("after %s", given).isLessThanOrEqualTo(played.jumps + played.dropped);
        if (played.jumps == 0) {
            assertThat(skipped).isEqualTo(played.dropped);
        }
    }

    private void command() {
        final long before = player.state().positionNs();
        switch (random.nextInt(9)) {
            case 0 -> {
                give("pause", player::pause);
                // The state is that of right after, since no time passes.
                check(() -> player.state().paused() && player.state().positionNs() == before, "it stands at " + before);
            }
            case 1 -> give("resume", player::resume);
            case 2 -> {
                final double rate = Math.pow(2, random.nextInt(7) - 3);
                give("speed " + rate, () -> player.speed(rate));
                check(
                        () -> Math.abs(player.state().positionNs() - before) <= 2
                                && player.state().rate() == rate,
                        "no jump from " + before);
            }
            case 3 -> {
                final long to = random.nextLong(2_000 * MS);
                give("seek to " + to, () -> player.seek(new SeekTarget.Time(to)));
                check(() -> isAt(to), "it is at the first frame from " + to);
            }
            case 4 -> {
                final long by = random.nextLong(-500 * MS, 500 * MS);
                give("seek by " + by, () -> player.seek(new SeekTarget.Relative(by)));
                check(() -> isAt(before + by), "it is at the first frame from " + (before + by));
            }
            case 5 -> {
                final int ordinal = random.nextInt(FRAMES);
                give("seek to frame " + ordinal, () -> player.seek(new SeekTarget.Frame(ordinal)));
                check(() -> isAt(times.get(ordinal)), "it is at frame " + ordinal);
            }
            case 6 -> {
                final int frames = random.nextInt(-5, 6);
                give("step " + frames, () -> player.step(frames));
                check(() -> player.state().paused(), "it is paused");
            }
            case 7 -> {
                final long from = FROM + random.nextLong(1_300 * MS);
                final LoopRegion region = new LoopRegion(from, from + random.nextLong(300 * MS));
                give("loop " + region, () -> player.loop(region));
            }
            default -> give("no loop", random.nextBoolean() ? player::loopOff : player::loopWhole);
        }
    }

    private void give(final String what, final Runnable command) {
        given.add(what + " at " + timer.nanoTime() / MS);
        command.run();
    }

    private void check(final Supplier<Boolean> promise, final String as) {
        final List<String> so = List.copyOf(given);
        // Obeyed when the player looks next, at the same time of the virtual clock.
        timer.soon(() -> assertThat(promise.get())
                .as("%s after %s, but it is %s", as, so, player.state())
                .isTrue());
    }

    /** Where a seek leads, from the list of frames. */
    private boolean isAt(final long wanted) {
        final PlaybackState state = player.state();
        final LoopRegion region = state.region();
        final long from = region == null ? FROM : Math.max(FROM, region.fromNs());
        final long to = region == null ? FROM + FOR : Math.min(FROM + FOR, region.toNs());
        final List<Long> inside =
                times.stream().filter(time -> time >= from && time <= to).toList();
        if (inside.isEmpty()) {
            return true;
        }
        final long target =
                inside.stream().filter(time -> time >= wanted).findFirst().orElse(inside.getLast());
        // Behind the last frame of a loop, it is at the first before any time has passed.
        return state.positionNs() == target
                || (state.loop() && target == inside.getLast() && state.positionNs() == inside.getFirst());
    }
}
