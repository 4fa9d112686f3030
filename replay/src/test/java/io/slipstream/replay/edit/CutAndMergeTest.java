package io.slipstream.replay.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.Publisher;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A simulated race of two laps, cut at every kind of boundary and joined again. */
final class CutAndMergeTest {
    private static final long PERIOD_NS = 16_666_667;
    private static final int FRAMES = 2_150;

    @TempDir
    static Path shared;

    private static Path race;
    private static List<Long> times;
    private static List<String> frames;
    private static List<String> order;

    @TempDir
    Path folder;

    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(shared);
                Publisher people = sessions.live().publisher()) {
            for (int i = 0; i < FRAMES; i++) {
                final long timestamp = Sessions.START_NS + i * PERIOD_NS;
                sessions.frame(timestamp);
                if (i % 500 == 200) {
                    final MarkerEncoder marker = people.wrap(new MarkerEncoder());
                    marker.label("marker " + i);
                    people.publish(marker, timestamp + 1_000);
                }
                if (i % 100 == 0) {
                    sessions.frames.clear();
                    sessions.record();
                }
            }
            race = sessions.frame(Sessions.START_NS + FRAMES * PERIOD_NS).finish();
        }
        times = Contents.times(race);
        frames = Contents.frames(race);
        order = Contents.order(race);
    }

    private Path cut(final String name, final TimeRange... ranges) throws IOException {
        try (SessionReader reader = SessionReader.open(race)) {
            return new SessionCutter(reader, List.of(ranges))
                    .cut(new Destination.Named(folder.resolve(name)), "", EditMonitor.NONE)
                    .session();
        }
    }

    private Path merge(final String name, final List<Path> parts) throws IOException {
        final List<SessionReader> readers = new ArrayList<>();
        try {
            for (final Path part : parts) {
                readers.add(SessionReader.open(part));
            }
            return new SessionMerger(readers)
                    .merge(new Destination.Named(folder.resolve(name)), "", EditMonitor.NONE)
                    .session();
        } finally {
            readers.forEach(SessionReader::close);
        }
    }

    private static SessionInfo info(final Path session) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return reader.info();
        }
    }

    /** Ordinal of the first frame of lap 2, and of lap 3. */
    private static int line(final int lap) throws IOException {
        final long number = info(race).laps().get(lap - 2).frame();
        return (int) number;
    }

    @Test
    void shouldRecordARaceWorthCutting() throws IOException {
        assertThat(info(race).laps()).extracting(SessionInfo.Lap::lap).containsExactly(1L, 2L);
        assertThat(info(race).markers()).hasSize(4);
        assertThat(frames).hasSize(FRAMES + 1);
    }

    /** Keyframes are at every 60th or so frame: boundaries at, right after, right before and far from them; one frame alone. */
    @ParameterizedTest
    @ValueSource(ints = {1, 59, 60, 61, 200, 201, 2150})
    void shouldBecomeTheOriginalAgainWhereverItWasCut(final int boundary) throws IOException {
        shouldBecomeTheOriginalAgain(boundary);
    }

    @Test
    void shouldBecomeTheOriginalAgainCutAtTheLine() throws IOException {
        for (int lap = 2; lap <= 3; lap++) {
            for (int off = -1; off <= 1; off++) {
                shouldBecomeTheOriginalAgain(line(lap) + off);
            }
        }
    }

    private void shouldBecomeTheOriginalAgain(final int boundary) throws IOException {
        final long at = times.get(boundary);
        final Path before = cut("before-" + boundary, new TimeRange(Long.MIN_VALUE, at));
        final Path behind = cut("behind-" + boundary, new TimeRange(at, Long.MAX_VALUE));
        assertThat(Contents.frames(before)).isEqualTo(frames.subList(0, boundary));
        assertThat(Contents.frames(behind)).isEqualTo(frames.subList(boundary, frames.size()));
        // In whatever order they are named.
        final Path whole = merge("whole-" + boundary, List.of(behind, before));
        assertThat(Contents.frames(whole)).isEqualTo(frames);
        assertThat(Contents.order(whole)).as("all messages in order").isEqualTo(order);
        final SessionInfo original = info(race);
        final SessionInfo merged = info(whole);
        assertThat(merged.laps()).isEqualTo(original.laps());
        assertThat(merged.markers()).isEqualTo(original.markers());
        assertThat(merged.frames()).isEqualTo(original.frames());
        assertThat(merged.lost()).isZero();
        assertThat(merged.startedNs()).isEqualTo(original.startedNs());
        assertThat(merged.finished()).isTrue();
    }

    @Test
    void shouldBecomeTheOriginalAgainFromManyParts() throws IOException {
        final List<Path> parts = new ArrayList<>();
        int from = 0;
        for (final int to : new int[] {1, 2, 63, 64, 300, line(2), line(3), line(3) + 1, frames.size()}) {
            final long end = to == frames.size() ? Long.MAX_VALUE : times.get(to);
            parts.add(cut("part-" + to, new TimeRange(from == 0 ? Long.MIN_VALUE : times.get(from), end)));
            from = to;
        }
        Collections.reverse(parts);
        final Path whole = merge("whole", parts);
        assertThat(Contents.frames(whole)).isEqualTo(frames);
        assertThat(Contents.order(whole)).isEqualTo(order);
    }

    @Test
    void shouldTakeOnceWhatPartsShare() throws IOException {
        final Path first = cut("first", new TimeRange(Long.MIN_VALUE, times.get(1_100)));
        final Path second = cut("second", new TimeRange(times.get(900), times.get(2_000)));
        final Path inner = cut("inner", new TimeRange(times.get(1_000), times.get(1_050)));
        final Path third = cut("third", new TimeRange(times.get(1_999), Long.MAX_VALUE));
        final Path whole = merge("whole", List.of(first, second, third, inner, race));
        assertThat(Contents.frames(whole)).isEqualTo(frames);
        assertThat(Contents.order(whole)).isEqualTo(order);
    }

    @Test
    void shouldCutALapWithItsTimeAndWithoutTheOneBefore() throws IOException {
        final Path lap = cut("lap", new TimeRange(times.get(line(2)), times.get(line(3))));
        assertThat(Contents.frames(lap)).isEqualTo(frames.subList(line(2), line(3)));
        assertThat(info(lap).laps()).hasSize(1);
        assertThat(info(lap).laps().getFirst().lap()).isEqualTo(2);
        assertThat(info(lap).laps().getFirst().time())
                .isEqualTo(info(race).laps().get(1).time());
    }

    @Test
    void shouldPutSeveralStretchesIntoOneSession() throws IOException {
        final Path both = cut(
                "both",
                new TimeRange(times.get(1_500), times.get(1_700)),
                new TimeRange(times.get(100), times.get(200)),
                new TimeRange(times.get(150), times.get(250)));
        final List<String> expected = new ArrayList<>(frames.subList(100, 250));
        expected.addAll(frames.subList(1_500, 1_700));
        assertThat(Contents.frames(both)).isEqualTo(expected);
        assertThat(info(both).metadata().get("history"))
                .startsWith("cut from " + race.getFileName() + ": 2026-")
                .contains(" to ");
    }

    @Test
    void shouldRefuseWhatIsThereAndLeaveItAlone() throws IOException {
        final Path there = Files.createDirectory(folder.resolve("there"));
        assertThatThrownBy(() -> cut("there", TimeRange.ALL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there already");
        assertThat(there).isEmptyDirectory();
    }

    @Test
    void shouldLeaveNothingWhereNothingIsInTheRange() throws IOException {
        assertThatThrownBy(() -> cut("none", new TimeRange(0, 1))).hasMessageContaining("no frame");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldLeaveNothingWhenItIsStopped() throws IOException {
        final EditMonitor impatient = new EditMonitor() {
            @Override
            public void onProgress(final long done, final double share) {
                assertThat(share).isBetween(0.0, 1.0);
            }

            @Override
            public boolean isStopped() {
                return true;
            }
        };
        try (SessionReader reader = SessionReader.open(race)) {
            assertThatThrownBy(() -> new SessionCutter(reader, List.of(TimeRange.ALL))
                            .cut(new Destination.Named(folder.resolve("stopped")), "", impatient))
                    .isInstanceOf(EditStoppedException.class);
            assertThatThrownBy(() ->
                            new SessionMerger(List.of(reader)).merge(new Destination.Among(folder), "", impatient))
                    .isInstanceOf(EditStoppedException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldNameASessionAmongOthersByTimeAndTrack() throws IOException {
        try (SessionReader reader = SessionReader.open(race)) {
            final EditReport report = new SessionCutter(reader, List.of(new TimeRange(times.get(10), times.get(20))))
                    .cut(new Destination.Among(folder), "ten frames", EditMonitor.NONE);
            assertThat(report.session()).hasParent(folder);
            assertThat(report.session().getFileName()).asString().startsWith("20260102-030405-slipstream-club");
            assertThat(report.info().name()).isEqualTo("ten frames");
            assertThat(report.info().frames()).isEqualTo(10);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }
}
