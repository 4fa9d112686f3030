package io.slipstream.replay.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions made message by message, for what a simulator does not come to. */
final class EditedMessagesTest {
    private static final String OWN_FORMAT = """
            format own "Own"
            object own "own"
              u32 mNumber
            end
            """;

    @TempDir
    Path folder;

    private HandMade make(final String name) throws IOException {
        return new HandMade(folder.resolve(name), "", Map.of());
    }

    private EditReport cut(final Path session, final String name, final long from, final long to) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return new SessionCutter(reader, List.of(new TimeRange(from, to)))
                    .cut(new Destination.Named(folder.resolve(name)), "", EditMonitor.NONE);
        }
    }

    private EditReport merge(final String name, final Path... parts) throws IOException {
        final List<SessionReader> readers = new ArrayList<>();
        try {
            for (final Path part : parts) {
                readers.add(SessionReader.open(part));
            }
            return new SessionMerger(readers).merge(new Destination.Named(folder.resolve(name)), "", EditMonitor.NONE);
        } finally {
            readers.forEach(SessionReader::close);
        }
    }

    /** The game writes a lap's time some frames after the line; among events of the same frame, before and after it. */
    private Path withALateLap() throws IOException {
        try (HandMade session = make("late")) {
            for (int i = 0; i < 20; i++) {
                session.frame(1_000 + i * 100);
                if (i == 14) {
                    session.gap(1_000 + i * 100, i);
                    session.sector(1_000 + i * 100, i, 2, 1);
                    session.lap(1_000 + i * 100, 10, 1);
                    session.marker(1_000 + i * 100, "after the lap");
                }
            }
            return session.finish();
        }
    }

    @Test
    void shouldGiveALapTheTimeThatComesAfterItsEnd() throws IOException {
        final Path session = withALateLap();
        final EditReport first = cut(session, "first", 0, 2_000);
        final EditReport second = cut(session, "second", 2_000, Long.MAX_VALUE);
        assertThat(first.info().laps()).extracting(SessionInfo.Lap::lap).containsExactly(1L);
        assertThat(first.info().frames()).isEqualTo(10);
        assertThat(second.info().laps()).isEmpty();
        final Path whole = merge("whole", second.session(), first.session()).session();
        assertThat(Contents.frames(whole)).isEqualTo(Contents.frames(session));
        assertThat(Contents.order(whole)).isEqualTo(Contents.order(session));
    }

    @Test
    void shouldPutALateLapBackWhereverElseItIsCut() throws IOException {
        final Path session = withALateLap();
        for (final int i : new int[] {9, 11, 14, 15}) {
            final long at = 1_000L + i * 100L;
            final Path before = cut(session, "before-" + i, 0, at).session();
            final Path behind = cut(session, "behind-" + i, at, Long.MAX_VALUE).session();
            final Path whole = merge("whole-" + i, before, behind).session();
            assertThat(Contents.order(whole)).as("cut at frame %d", i).isEqualTo(Contents.order(session));
            assertThat(Contents.frames(whole)).as("cut at frame %d", i).isEqualTo(Contents.frames(session));
        }
    }

    @Test
    void shouldKeepSourcesNumbersAndARestartedBridgeApart() throws IOException {
        final Path session;
        try (HandMade made = make("restarted")) {
            for (int i = 0; i < 12; i++) {
                made.source(1 + i % 3).frame(1_000 + i * 100, i, i * 2, i % 2);
            }
            made.restart("another origin");
            for (int i = 12; i < 24; i++) {
                made.frame(1_000 + i * 100, 1, 0, 0);
                made.source(7).marker(1_000 + i * 100, "m" + i);
            }
            session = made.finish();
        }
        for (final int boundary : new int[] {3, 11, 12, 13, 20}) {
            final long at = 1_000L + boundary * 100L;
            final Path before = cut(session, "before-" + boundary, 0, at).session();
            final Path behind =
                    cut(session, "behind-" + boundary, at, Long.MAX_VALUE).session();
            assertThat(Contents.frames(behind))
                    .isEqualTo(Contents.frames(session).subList(boundary, 24));
            final Path whole = merge("whole-" + boundary, behind, before).session();
            assertThat(Contents.frames(whole)).isEqualTo(Contents.frames(session));
            assertThat(Contents.order(whole)).isEqualTo(Contents.order(session));
        }
    }

    @Test
    void shouldKeepSchemaVersionsAndTheOwnFormat() throws IOException {
        final Path session;
        try (HandMade made = make("old")) {
            // A version 1 of the schema, as an older recorder left it.
            final Path schemas = folder.resolve("old/schema");
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[100_000]);
            Files.copy(schemas.resolve("101-2.sbeir"), schemas.resolve("101-1.sbeir"));
            final MessageFlyweight message = new MessageFlyweight();
            try (HandMade other = make("template")) {
                for (int i = 0; i < 12; i++) {
                    other.frame(1_000 + i * 100);
                }
                other.marker(3_000, "x");
                final Path path = other.finish();
                try (MessageQueue queue = new SessionDirectory(path).openQueue();
                        Subscriber subscriber = queue.subscriber()) {
                    while (subscriber.poll(
                                    m -> {
                                        copy.putBytes(0, m.buffer(), m.offset() - 8, m.length() + 8);
                                        copy.putShort(6, (short) 1);
                                        made.write(message.wrap(copy, 0, m.length() + 8, m.timestamp(), 1));
                                    },
                                    1)
                            > 0) {
                        // On.
                    }
                }
            }
            session = made.finish();
        }
        Files.writeString(session.resolve(SessionDirectory.FORMAT), OWN_FORMAT);
        final EditReport cut = cut(session, "cut", 1_300, Long.MAX_VALUE);
        assertThat(Contents.order(cut.session()))
                .isEqualTo(Contents.order(session).subList(3, 13))
                .allMatch(line -> line.contains("version 1 "));
        assertThat(cut.session().resolve(SessionDirectory.FORMAT)).hasContent(OWN_FORMAT);
        assertThat(cut.session().resolve("schema/101-1.sbeir")).exists();
        final Path merged = merge("merged", cut.session(), session).session();
        assertThat(Contents.order(merged)).isEqualTo(Contents.order(session));
        assertThat(merged.resolve(SessionDirectory.FORMAT)).exists();
    }

    @Test
    void shouldRefuseRecordingsThatDifferWhereTheyOverlap() throws IOException {
        final List<Path> others = new ArrayList<>();
        try (HandMade one = make("one");
                HandMade content = make("content");
                HandMade time = make("time");
                HandMade numbers = make("numbers")) {
            content.block.putInt(5_000, 99);
            numbers.frame(1_050);
            for (int i = 0; i < 10; i++) {
                one.frame(1_000 + i * 100);
                content.frame(1_000 + i * 100);
                time.frame(1_000 + i * 100 + (i == 6 ? 1 : 0));
                numbers.frame(1_060 + i * 100);
            }
            others.addAll(List.of(content.finish(), time.finish(), numbers.finish()));
            final Path first = one.finish();
            for (final Path other : others) {
                assertThatThrownBy(() -> merge("refused", first, other))
                        .as("with %s", other.getFileName())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("overlap and differ at 1970-01-01T00:00:00.00000")
                        .hasMessageContaining(other.toString());
            }
        }
        assertThat(folder.resolve("refused")).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void shouldTakeFromOneWhatIsDamagedInTheOther() throws IOException {
        final Path session;
        try (HandMade made = make("session")) {
            for (int i = 0; i < 40; i++) {
                made.block.putInt(10_000, 1_000_000 + i);
                made.frame(1_000 + i * 100);
            }
            session = made.finish();
        }
        final Path copy = cut(session, "copy", Long.MIN_VALUE, Long.MAX_VALUE).session();
        final List<String> frames = Contents.frames(session);
        damage(session, 1_000_013);
        final EditReport cut = cut(session, "cut", Long.MIN_VALUE, Long.MAX_VALUE);
        // Up to the next keyframe.
        assertThat(cut.damagedFrames()).isEqualTo(3);
        assertThat(cut.withLoss()).isTrue();
        assertThat(Contents.frames(cut.session())).hasSize(37).allMatch(frames::contains);
        final EditReport merged = merge("merged", session, copy);
        assertThat(merged.damagedFrames()).isEqualTo(3);
        assertThat(Contents.frames(merged.session())).isEqualTo(frames);
    }

    /** Changes the one place in the queue's files that holds this word. */
    private static void damage(final Path session, final int word) throws IOException {
        try (var files = Files.list(session)) {
            for (final Path file :
                    files.filter(f -> f.toString().endsWith(".cq4")).toList()) {
                final byte[] bytes = Files.readAllBytes(file);
                final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
                for (int i = 0; i + 4 <= bytes.length; i++) {
                    if (buffer.getInt(i) == word) {
                        try (var channel =
                                java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
                            channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), i);
                        }
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no such word " + word + " in "
                + Arrays.toString(session.toFile().list()));
    }

    @Test
    void shouldJoinMetadataAndSayWhereItIsFrom() throws IOException {
        final Path one;
        final Path two;
        try (HandMade first = new HandMade(folder.resolve("one"), "the race", Map.of("stint", "1", "weather", "dry"));
                HandMade second = new HandMade(folder.resolve("two"), "", Map.of("stint", "2", "weather", "dry"))) {
            first.frame(1_000);
            second.frame(5_000_001_000L);
            one = first.finish();
            two = second.finish();
        }
        final EditReport report = merge("both", two, one);
        assertThat(report.info().name()).isEqualTo("the race");
        assertThat(report.info().metadata())
                .containsEntry("weather", "dry")
                .containsEntry("stint", "1 | 2")
                .containsEntry("history", "merged from one, two");
        assertThat(report.remarks()).singleElement().asString().contains("nothing was recorded in the 5.0 s before");
    }
}
