package io.slipstream.replay.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.Message;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.replay.verify.SessionVerifier;
import io.slipstream.replay.verify.Verification;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedSessionsTest {
    private static final long MS = 1_000_000;
    private static final int DAMAGES = 200;
    private static final int FRAMES = 400;

    @TempDir
    Path folder;

    /** Damages a file somewhere behind its beginning; gives the first byte that may have changed. */
    private interface Damage {
        long apply(RandomAccessFile file, long used, SplittableRandom random) throws IOException;
    }

    private static final Map<String, Damage> DAMAGES_BY_NAME = new TreeMap<>(Map.of(
            "one bit",
                    (file, used, random) -> {
                        final long at = random.nextLong(used);
                        file.seek(at);
                        final int before = file.read();
                        file.seek(at);
                        file.write(before ^ 1 << random.nextInt(8));
                        return at;
                    },
            "a few bytes",
                    (file, used, random) -> {
                        final byte[] noise = new byte[1 + random.nextInt(64)];
                        random.nextBytes(noise);
                        final long at = random.nextLong(used - noise.length);
                        file.seek(at);
                        file.write(noise);
                        return at;
                    },
            "a page of zeros",
                    (file, used, random) -> {
                        final long at = random.nextLong(Math.max(1, used / 4096)) * 4096;
                        file.seek(at);
                        file.write(new byte[4096]);
                        return at;
                    },
            "a page of noise",
                    (file, used, random) -> {
                        final byte[] noise = new byte[4096];
                        random.nextBytes(noise);
                        final long at = random.nextLong(Math.max(1, used / 4096)) * 4096;
                        file.seek(at);
                        file.write(noise);
                        return at;
                    },
            "cut short",
                    (file, used, random) -> {
                        final long at = random.nextLong(used);
                        file.setLength(at);
                        return at;
                    },
            "a page twice",
                    (file, used, random) -> {
                        final long at = random.nextLong(Math.max(1, used / 4096 - 1)) * 4096;
                        final byte[] page = new byte[4096];
                        file.seek(at);
                        file.readFully(page);
                        file.write(page);
                        return at + 4096;
                    }));

    /** What was recorded. */
    private record Original(Map<Long, byte[]> frames, Set<String> events, TreeMap<Long, Long> framePlaces) {}

    private static byte[] block(FrameCursor cursor) {
        final byte[] block = new byte[cursor.block().capacity()];
        cursor.block().getBytes(0, block);
        return block;
    }

    private static String text(Message message) {
        final byte[] bytes = new byte[message.length()];
        message.buffer().getBytes(message.offset(), bytes);
        return message.timestamp() + " " + message.templateId() + " " + Arrays.toString(bytes);
    }

    private static boolean isFrame(Message message) {
        return message.templateId() < 10;
    }

    private static Original original(Path session) throws IOException {
        final Original original = new Original(new HashMap<>(), new HashSet<>(), new TreeMap<>());
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor frames = reader.frames();
                MessageCursor messages = reader.messages()) {
            while (frames.next()) {
                original.frames.put(frames.timestamp(), block(frames));
            }
            for (Message message = messages.next(); message != null; message = messages.next()) {
                if (isFrame(message)) {
                    original.framePlaces.put(message.position(), message.timestamp());
                } else {
                    original.events.add(text(message));
                }
            }
        }
        return original;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static Path dataFile(Path session) throws IOException {
        try (Stream<Path> files = Files.list(session)) {
            return files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
    }

    private Path recorded() throws IOException {
        try (Sessions sessions = new Sessions(folder.resolve("recorded"))) {
            return sessions.frames(FRAMES, Sessions.START_NS, 16 * MS).finish();
        }
    }

    private static Verification verify(Path session) throws IOException {
        return SessionVerifier.verify(session, bytes -> {}, () -> false);
    }

    @Test
    void shouldKeepEverythingBeforeTheDamageAndInventNothing() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        final Path session = recorded();
        final Original original = original(session);
        final long used = original.framePlaces.lastKey() + 64;
        assertThat(verify(session).findings())
                .as("findings in the session itself")
                .isEmpty();

        final List<String> names = new ArrayList<>(DAMAGES_BY_NAME.keySet());
        for (int i = 0; i < DAMAGES; i++) {
            final SplittableRandom random = new SplittableRandom(i);
            final String name = names.get(i % names.size());
            final Path damaged = folder.resolve("damaged-" + i);
            copy(session, damaged);
            final long at;
            try (RandomAccessFile file = new RandomAccessFile(dataFile(damaged).toFile(), "rw")) {
                at = DAMAGES_BY_NAME.get(name).apply(file, used, random);
            }
            final String what = "seed " + i + ", " + name + " at byte " + at;
            shouldSave(damaged, original, at, what);
            delete(damaged);
        }
    }

    private void shouldSave(Path damaged, Original original, long at, String what) throws IOException {
        final Verification found = verify(damaged);
        final long before = original.framePlaces.headMap(at).size();
        final Path repaired = damaged.resolveSibling(damaged.getFileName() + "-repaired");
        final EditReport report;
        try {
            report = new SessionRepairer(damaged).repair(new Destination.Named(repaired), EditMonitor.NONE);
        } catch (IOException e) {
            // The frame in which the damage begins may be the first.
            assertThat(before)
                    .as(what + ": frames before it, though " + e.getMessage())
                    .isLessThanOrEqualTo(1);
            return;
        }
        long saved = 0;
        try (SessionReader reader = SessionReader.open(repaired);
                FrameCursor frames = reader.frames();
                MessageCursor messages = reader.messages()) {
            while (frames.next()) {
                assertThat(original.frames).as(what + ": time of a frame").containsKey(frames.timestamp());
                assertThat(block(frames)).as(what).isEqualTo(original.frames.get(frames.timestamp()));
                saved++;
            }
            assertThat(frames.damaged())
                    .as(what + ": damaged frames in the repaired session")
                    .isZero();
            for (Message message = messages.next(); message != null; message = messages.next()) {
                if (!isFrame(message)) {
                    assertThat(original.events).as(what + ": an event").contains(text(message));
                }
            }
        }
        // The message in which the damage begins stands before it.
        assertThat(saved).as(what + ": frames saved of those before it").isGreaterThanOrEqualTo(before - 1);
        assertThat(report.info().frames()).as(what).isEqualTo(saved);
        if (saved < original.frames.size()) {
            assertThat(found.whole()).as(what + ": told by verify").isFalse();
        }
        final Verification after = verify(repaired);
        assertThat(after.damagedFrames()).as(what + ": " + after.findings()).isZero();
        delete(repaired);
    }

    private static void delete(Path directory) throws IOException {
        final List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted((a, b) -> b.compareTo(a)).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }

    @Test
    void shouldSaveTheFramesOfABareDataFile() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        final Path session = recorded();
        final Path bare = Files.createDirectory(folder.resolve("bare"));
        Files.copy(dataFile(session), bare.resolve(dataFile(session).getFileName()));
        assertThat(verify(bare).findings())
                .as("what is missing")
                .extracting(f -> f.file().getFileName().toString())
                .contains("session.json", "metadata.cq4t", "schema");
        final EditReport report =
                new SessionRepairer(bare).repair(new Destination.Named(folder.resolve("saved")), EditMonitor.NONE);
        assertThat(report.info().frames()).isEqualTo(FRAMES);
        assertThat(report.remarks()).as("what is lost").anyMatch(r -> r.contains("name and metadata"));
        assertThat(verify(report.session()).findings()).isEmpty();
    }

    @Test
    void shouldSayWhichFileIsMissing() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        final Path session = recorded();
        final Path data = dataFile(session);
        // A later file, as behind midnight; then the first is gone.
        Files.move(data, session.resolve("29991231F.cq4"));
        assertThat(verify(session).findings())
                .as("findings")
                .anyMatch(f -> f.file().equals(data) && f.detail().contains("is not there"));
    }

    @Test
    void shouldPassOverAForeignFile() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        final Path session = recorded();
        final byte[] noise = new byte[100_000];
        new SplittableRandom(1).nextBytes(noise);
        Files.write(session.resolve("29991231F.cq4"), noise);
        assertThat(verify(session).findings())
                .as("findings")
                .anyMatch(f -> f.file().endsWith("29991231F.cq4") && f.detail().contains("does not begin"));
        final EditReport report =
                new SessionRepairer(session).repair(new Destination.Named(folder.resolve("saved")), EditMonitor.NONE);
        assertThat(report.info().frames()).isEqualTo(FRAMES);
    }

    @Test
    void shouldNotTakeAnUnfinishedSessionForADamagedOne() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        try (Sessions sessions = new Sessions(folder.resolve("recorded"))) {
            sessions.frames(FRAMES, Sessions.START_NS, 16 * MS).record();
            final Verification found = verify(sessions.path());
            assertThat(found.findings()).isEmpty();
            assertThat(found.finished()).isFalse();
            assertThat(found.remarks()).anyMatch(r -> r.contains("did not come to its end"));
        }
    }

    @Test
    void shouldTellWhenANumberBesideTheFramesHasChanged() throws IOException {
        Files.createDirectories(folder.resolve("recorded"));
        final Path session = recorded();
        final long place;
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor messages = reader.messages()) {
            messages.next();
            messages.next();
            Message delta = messages.next();
            while (delta.templateId() != 2) {
                delta = messages.next();
            }
            place = delta.position();
        }
        try (RandomAccessFile file = new RandomAccessFile(dataFile(session).toFile(), "rw")) {
            // The block's own sequence number, which no frame's checksum covers.
            final long at = place + 4 + 20 + 8;
            file.seek(at);
            final int before = file.read();
            file.seek(at);
            file.write(before ^ 0x40);
        }
        assertThat(verify(session).findings())
                .as("findings")
                .anyMatch(f -> f.detail().contains("is not as it was recorded"));
    }

    @Test
    void shouldRefuseWhatIsNoSession() throws IOException {
        final Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> verify(empty)).isInstanceOf(IOException.class).hasMessageContaining("no data file");
    }
}
