package io.slipstream.replay.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.Sessions;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameCursorTest {
    private static final long MS = 1_000_000;
    private static final long S = 1_000_000_000;

    @TempDir
    Path folder;

    private static byte[] block(final FrameCursor cursor) {
        final byte[] block = new byte[cursor.block().capacity()];
        cursor.block().getBytes(0, block);
        return block;
    }

    /** Seeks every frame's time, and times between frames, and reads on from there. */
    private static void shouldSeek(final Sessions sessions) throws IOException {
        final List<Sessions.Frame> frames = sessions.frames;
        try (SessionReader reader = SessionReader.open(sessions.finish());
                FrameCursor cursor = reader.frames()) {
            for (int i = 0; i < frames.size(); i++) {
                assertThat(cursor.next()).as("there is a frame %d", i).isTrue();
                assertThat(cursor.timestamp()).isEqualTo(frames.get(i).timestamp());
                assertThat(block(cursor))
                        .as("frame %d", i)
                        .isEqualTo(frames.get(i).block());
            }
            assertThat(cursor.next()).as("a frame after the last").isFalse();
            for (int i = 0; i < frames.size(); i++) {
                final long time = frames.get(i).timestamp();
                shouldStandAt(cursor, frames, time);
                shouldStandAt(cursor, frames, time + 1);
                shouldStandAt(cursor, frames, time - 1);
            }
            assertThat(cursor.damaged()).as("damaged frames").isZero();
        }
    }

    private static void shouldStandAt(final FrameCursor cursor, final List<Sessions.Frame> frames, final long time) {
        int expected = 0;
        while (expected < frames.size() && frames.get(expected).timestamp() < time) {
            expected++;
        }
        cursor.toTime(time);
        for (int i = expected; i < Math.min(expected + 2, frames.size()); i++) {
            assertThat(cursor.next()).as("frame %d after toTime(%d)", i, time).isTrue();
            assertThat(cursor.timestamp())
                    .as("time of frame %d after toTime(%d)", i, time)
                    .isEqualTo(frames.get(i).timestamp());
            assertThat(block(cursor))
                    .as("frame %d after toTime(%d)", i, time)
                    .isEqualTo(frames.get(i).block());
        }
        if (expected == frames.size()) {
            assertThat(cursor.next())
                    .as("a frame after toTime(%d), behind the end", time)
                    .isFalse();
        }
    }

    @Test
    void shouldSeekWithAKeyframeASecond() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            shouldSeek(sessions.frames(120, Sessions.START_NS, 31 * MS));
        }
    }

    @Test
    void shouldSeekWithAKeyframeEvery128Frames() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            shouldSeek(sessions.frames(300, Sessions.START_NS, MS));
        }
    }

    @Test
    void shouldSeekAroundAPause() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(40, Sessions.START_NS, 10 * MS);
            sessions.frames(40, Sessions.START_NS + 7 * S, 10 * MS);
            // Just within, at, and just behind a second.
            for (final long pause : new long[] {S - 1, S, S + 1}) {
                sessions.frames(3, sessions.frames.getLast().timestamp() + pause, 10 * MS);
            }
            shouldSeek(sessions);
        }
    }

    @Test
    void shouldSeekWhereTheClockStoodStill() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(20, Sessions.START_NS, 10 * MS);
            sessions.frames(200, Sessions.START_NS + 200 * MS, 0);
            shouldSeek(sessions.frames(20, Sessions.START_NS + 210 * MS, 10 * MS));
        }
    }

    @Test
    void shouldStandBeforeTheStartAndBehindTheEnd() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(50, Sessions.START_NS, 10 * MS);
            final List<Sessions.Frame> frames = sessions.frames;
            try (SessionReader reader = SessionReader.open(sessions.finish());
                    FrameCursor cursor = reader.frames()) {
                for (final long before : new long[] {0, Sessions.START_NS - 3600 * S, Sessions.START_NS - 1}) {
                    shouldStandAt(cursor, frames, before);
                }
                for (final long behind : new long[] {1, S, 3600 * S}) {
                    shouldStandAt(cursor, frames, frames.getLast().timestamp() + behind);
                }
            }
        }
    }

    @Test
    void shouldReadWhileItIsRecorded() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(10, Sessions.START_NS, 10 * MS).record();
            try (SessionReader reader = SessionReader.open(sessions.path());
                    FrameCursor cursor = reader.frames()) {
                assertThat(reader.info().finished()).isFalse();
                assertThat(reader.info().frames()).isEqualTo(10);
                int read = 0;
                for (int round = 1; round <= 40; round++) {
                    while (cursor.next()) {
                        assertThat(block(cursor))
                                .as("frame %d", read)
                                .isEqualTo(sessions.frames.get(read).block());
                        read++;
                    }
                    assertThat(read).as("frames read in round %d", round).isEqualTo(10 * round);
                    sessions.frames(10, Sessions.START_NS + round * 100L * MS, 10 * MS)
                            .record();
                }
                assertThat(cursor.damaged()).isZero();
            }
        }
    }

    @Test
    void shouldSumUpAnUnfinishedSessionAsTheRecorderDoes() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(400, Sessions.START_NS, 16 * MS).record();
            final SessionInfo unfinished;
            try (SessionReader reader = SessionReader.open(sessions.path())) {
                unfinished = reader.info();
            }
            final SessionInfo recorded = sessions.recorder().info();
            assertThat(unfinished)
                    .usingRecursiveComparison()
                    .ignoringFields("bytes")
                    .isEqualTo(recorded);
            sessions.finish();
            try (SessionReader reader = SessionReader.open(sessions.path())) {
                assertThat(reader.info())
                        .usingRecursiveComparison()
                        .ignoringFields("bytes", "finished")
                        .isEqualTo(unfinished);
                assertThat(reader.info().finished()).isTrue();
            }
        }
    }

    @Test
    void shouldNeverGiveAWrongFrameOfADamagedSession() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(150, Sessions.START_NS, 10 * MS);
            sessions.finish();
            final SplittableRandom random = new SplittableRandom(11);
            final List<Body> frames = bodies(sessions.path(), true);
            shouldSurvive(sessions, random.longs(200).mapToObj(bits -> {
                // Of messages rather than of bytes: short ones get their share, and what stands before the runs.
                final Body frame = frames.get(random.nextInt(frames.size()));
                return new Flip(frame.offset() + random.nextInt(Math.min(frame.length(), 200)), (int) (bits & 7));
            }));
        }
    }

    @Test
    void shouldCountWhatADamagedKeyframeCostsBehindASeek() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(250, Sessions.START_NS, 10 * MS);
            sessions.finish();
            final Body keyframe = bodies(sessions.path(), true).get(100);
            try (RandomAccessFile file =
                    new RandomAccessFile(dataFile(sessions.path()).toFile(), "rw")) {
                new Flip(keyframe.offset() + keyframe.length() / 2, 3).apply(file);
            }
            try (SessionReader reader = SessionReader.open(sessions.path());
                    FrameCursor cursor = reader.frames().toTime(Sessions.START_NS + 1_500 * MS)) {
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.timestamp())
                        .as("the first frame behind a second whose keyframe is damaged")
                        .isEqualTo(Sessions.START_NS + 2_000 * MS);
                assertThat(cursor.damaged())
                        .as("the keyframe and the 99 frames that build on it")
                        .isEqualTo(100);
            }
        }
    }

    @Test
    void shouldOpenASessionWithADamagedKeyframe() throws IOException {
        for (final boolean finished : new boolean[] {true, false}) {
            try (Sessions sessions = new Sessions(Files.createDirectory(folder.resolve("finished-" + finished)))) {
                sessions.frames(20, Sessions.START_NS, 10 * MS).record();
                if (finished) {
                    sessions.finish();
                }
                final Body keyframe = bodies(sessions.path(), true).getFirst();
                shouldSurvive(
                        sessions, IntStream.range(0, 100).mapToObj(i -> new Flip(keyframe.offset() + i, i * 5 % 8)));
            }
        }
    }

    @Test
    void shouldOpenASessionWithADamagedEvent() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            // Unfinished, so that the events are read to sum it up.
            sessions.frames(20, Sessions.START_NS, 10 * MS).record();
            for (final Body event : bodies(sessions.path(), false)) {
                try (RandomAccessFile file =
                        new RandomAccessFile(dataFile(sessions.path()).toFile(), "rw")) {
                    for (int i = 0; i < event.length(); i++) {
                        final Flip flip = new Flip(event.offset() + i, 7 - i % 3);
                        flip.apply(file);
                        assertThat(framesLeftOut(sessions, flip))
                                .as("frames left out")
                                .isZero();
                        flip.apply(file);
                    }
                }
            }
        }
    }

    /** Flips one bit at a time, and back. */
    private static void shouldSurvive(final Sessions sessions, final Stream<Flip> flips) throws IOException {
        long leftOut = 0;
        try (RandomAccessFile file =
                new RandomAccessFile(dataFile(sessions.path()).toFile(), "rw")) {
            for (final Flip flip : flips.toList()) {
                flip.apply(file);
                leftOut += framesLeftOut(sessions, flip);
                flip.apply(file);
            }
        }
        assertThat(leftOut).as("frames that all flips together cost").isPositive();
        assertThat(framesLeftOut(sessions, null))
                .as("frames left out, all bits back")
                .isZero();
    }

    private static long framesLeftOut(final Sessions sessions, final Flip damage) throws IOException {
        final Map<Long, byte[]> original = new HashMap<>();
        sessions.frames.forEach(frame -> original.put(frame.timestamp(), frame.block()));
        try (SessionReader reader = SessionReader.open(sessions.path());
                FrameCursor cursor = reader.frames()) {
            int good = 0;
            while (cursor.next()) {
                assertThat(block(cursor)).as("a frame, with %s", damage).isEqualTo(original.get(cursor.timestamp()));
                good++;
            }
            assertThat(good + cursor.damaged())
                    .as("frames restored and frames counted as damaged, with %s", damage)
                    .isEqualTo(original.size());
            return cursor.damaged();
        } catch (RuntimeException e) {
            throw new AssertionError("cannot be opened or read with " + damage, e);
        }
    }

    /** A bit that has turned over. */
    private record Flip(long at, int bit) {
        void apply(final RandomAccessFile file) throws IOException {
            file.seek(at);
            final int value = file.read();
            file.seek(at);
            file.write(value ^ 1 << bit);
        }
    }

    /** A message's body in the data file. */
    private record Body(long offset, int length) {}

    private static Path dataFile(final Path session) throws IOException {
        try (Stream<Path> files = Files.list(session)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where the bodies of a session's frames, or of its events, are. */
    private static List<Body> bodies(final Path session, final boolean frames) throws IOException {
        final byte[] data = Files.readAllBytes(dataFile(session));
        final List<Body> found = new ArrayList<>();
        try (MessageQueue queue = new SessionDirectory(session).openQueue();
                Subscriber subscriber = queue.subscriber()) {
            final int[] from = new int[1];
            while (subscriber.poll(
                            message -> {
                                final byte[] body = new byte[message.length()];
                                message.buffer().getBytes(message.offset(), body);
                                from[0] = indexOf(data, body, from[0]);
                                if (message.templateId() <= 2 == frames) {
                                    found.add(new Body(from[0], body.length));
                                }
                                from[0] += body.length;
                            },
                            64)
                    > 0) {
                // On.
            }
        }
        return found;
    }

    private static int indexOf(final byte[] data, final byte[] wanted, final int from) {
        for (int i = from; i <= data.length - wanted.length; i++) {
            if (Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("a message of the queue is not in its file");
    }
}
