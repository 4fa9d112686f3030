package io.slipstream.replay.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.replay.Sessions;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionIndexTest {
    private static final long MS = 1_000_000;
    private static final long PERIOD = 16_666_667;
    private static final String FILE = "session.index";

    @TempDir
    Path folder;

    private static List<String> describe(SessionIndex index) {
        final List<String> all = new ArrayList<>();
        all.add(index.frames() + " frames from " + index.startNs() + " to " + index.endNs());
        for (int i = 0; i < index.segments(); i++) {
            all.add(index.place(i) + " " + index.frame(i) + " " + index.messages(i) + " " + index.checksum(i));
        }
        index.laps().forEach(lap -> all.add(lap.toString()));
        index.markers().forEach(marker -> all.add(marker.toString()));
        return all;
    }

    private static List<String> anew(Path session) throws IOException {
        try (SessionIndex index = SessionIndex.empty(new SessionDirectory(session))) {
            index.catchUp();
            return describe(index);
        }
    }

    private static List<String> saved(Path session) throws IOException {
        try (SessionIndex index = SessionIndex.open(new SessionDirectory(session))) {
            return describe(index);
        }
    }

    private Path session(String name, int frames) throws IOException {
        final Path in = Files.createDirectories(folder.resolve(name));
        try (Sessions sessions = new Sessions(in)) {
            return sessions.frames(frames, Sessions.START_NS, PERIOD).finish();
        }
    }

    @Test
    void shouldKeepWhatItWouldFindAnew() throws IOException {
        final Path session = session("race", 2_500);
        assertThat(saved(session)).hasSizeGreaterThan(20).isEqualTo(anew(session));
    }

    @Test
    void shouldCoverEveryFrameWithLaps() throws IOException {
        final Path session = session("race", 2_500);
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            final List<LapSpan> laps = reader.laps();
            assertThat(laps).as("laps").hasSizeGreaterThanOrEqualTo(4);
            assertThat(laps.getFirst().lap()).as("what is before the first lap").isZero();
            long frame = 0;
            long time = reader.startNs();
            for (LapSpan lap : laps) {
                assertThat(lap.firstFrame()).as("first frame of %s", lap).isEqualTo(frame);
                assertThat(lap.startNs()).as("start of %s", lap).isEqualTo(time);
                cursor.toFrame(lap.firstFrame());
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.timestamp()).isEqualTo(lap.startNs());
                if (lap.complete() && lap.whole()) {
                    assertThat((lap.endNs() - lap.startNs()) / 1e9)
                            .as("%s by the clock", lap)
                            .isCloseTo(lap.time(), within(2 * PERIOD / 1e9));
                }
                frame = lap.endFrame();
                time = lap.endNs();
            }
            assertThat(frame).isEqualTo(reader.frameCount()).isEqualTo(2_500);
            assertThat(laps.getLast().complete()).isFalse();
        }
    }

    @Test
    void shouldBeMadeAnewWhereItIsMissing() throws IOException {
        final Path session = session("race", 500);
        final List<String> before = saved(session);
        Files.delete(session.resolve(FILE));
        try (SessionReader reader = SessionReader.open(session)) {
            assertThat(describe(reader.index())).isEqualTo(before);
        }
        assertThat(session.resolve(FILE)).exists();
        assertThat(saved(session)).isEqualTo(before);
    }

    @Test
    void shouldNotTrustTheIndexOfAnotherSession() throws IOException {
        final Path session = session("race", 300);
        final Path other = session("other", 600);
        Files.copy(other.resolve(FILE), session.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        try (SessionReader reader = SessionReader.open(session)) {
            assertThat(describe(reader.index())).isEqualTo(anew(session));
        }
    }

    @Test
    void shouldNotTrustADamagedIndex() throws IOException {
        final Path session = session("race", 300);
        final List<String> truth = anew(session);
        final byte[] whole = Files.readAllBytes(session.resolve(FILE));
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 60; i++) {
            final byte[] damaged = i % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 3 != 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(session.resolve(FILE), damaged);
            try (SessionReader reader = SessionReader.open(session)) {
                assertThat(describe(reader.index())).as("damage %d", i).isEqualTo(truth);
            }
        }
    }

    @Test
    void shouldCatchUpWithASessionWhoseRecorderDied() throws IOException {
        final Path in = Files.createDirectories(folder.resolve("race"));
        try (Sessions sessions = new Sessions(in)) {
            sessions.frames(700, Sessions.START_NS, PERIOD).record();
            try (SessionIndex index = SessionIndex.empty(new SessionDirectory(sessions.path()))) {
                index.catchUp();
                index.save();
            }
            sessions.frames(1_300, sessions.frames.getLast().timestamp() + PERIOD, PERIOD)
                    .record();
            try (SessionIndex index = SessionIndex.open(new SessionDirectory(sessions.path()))) {
                assertThat(index.frames()).as("frames that were saved").isEqualTo(700);
                index.catchUp();
                assertThat(describe(index)).isEqualTo(anew(sessions.path()));
            }
        }
    }

    @Test
    void shouldSeekEveryFrame() throws IOException {
        final Path session = session("race", 300);
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            for (int i = 299; i >= 0; i--) {
                assertThat(cursor.toFrame(i).next()).isTrue();
                assertThat(cursor.ordinal()).isEqualTo(i);
                assertThat(cursor.timestamp()).isEqualTo(Sessions.START_NS + i * PERIOD);
            }
            assertThat(cursor.toFrame(300).next()).isFalse();
            assertThat(cursor.toFrame(-5).next()).isTrue();
            assertThat(cursor.ordinal()).isZero();
        }
    }

    @Test
    void shouldFollowASessionThatIsBeingRecorded() throws IOException {
        final Path in = Files.createDirectories(folder.resolve("race"));
        try (Sessions sessions = new Sessions(in)) {
            sessions.frames(100, Sessions.START_NS, 10 * MS).record();
            try (SessionReader reader = SessionReader.open(sessions.path())) {
                assertThat(reader.frameCount()).isEqualTo(100);
                sessions.frames(50, sessions.frames.getLast().timestamp() + 10 * MS, 10 * MS)
                        .record();
                reader.refresh();
                assertThat(reader.frameCount()).isEqualTo(150);
                assertThat(reader.info().frames()).isEqualTo(150);
                assertThat(reader.laps().getLast().endFrame()).isEqualTo(150);
            }
        }
    }
}
