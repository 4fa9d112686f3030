package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.Sequence;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.tests.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded race through the tools of the command line, one behind the other, and what their exit codes say. */
final class SessionToolsTest {
    private static final int FRAMES = 4_000;
    private static final long BLOCK_BYTES = 64 << 10;

    @TempDir
    static Path shared;

    private static SimulatedSession race;

    @TempDir
    Path folder;

    @BeforeAll
    static void record() throws IOException {
        race = SimulatedSession.record(shared, FRAMES);
    }

    private static SessionInfo info(Path session) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return reader.info();
        }
    }

    private static Path dataFile(Path session) throws IOException {
        try (Stream<Path> files = Files.list(session)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path copy(String name) throws IOException {
        final Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(race.path())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(race.path().relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void shouldReplayEveryByteOfWhatWasPackedAndUnpacked() throws Exception {
        final Path pack = folder.resolve("race.slip");
        final Path unpacked = folder.resolve("unpacked");
        CommandRun.of(0, "verify", race.path());
        CommandRun.of(0, "pack", race.path(), "--out", pack);
        CommandRun.of(0, "unpack", pack, "--out", unpacked);
        CommandRun.of(0, "verify", unpacked);
        assertThat(SessionContents.messages(unpacked)).isEqualTo(SessionContents.messages(race.path()));
        assertThat(replay(unpacked)).isEqualTo(race.frames());

        final Path queue = folder.resolve("queue");
        CommandRun.of(0, "replay", unpacked, "--queue", queue, "--unpaced");
        final CommandRun states =
                CommandRun.of(0, "tail", queue, "--from", "start", "--type", "CarState", "--count", FRAMES, "--json");
        assertThat(states.out().lines()).hasSize(FRAMES);
    }

    /** The frames as a program that has the block open sees them. */
    private List<SessionContents.Frame> replay(Path session) throws Exception {
        final BlockName name = new BlockName.MappedFile(folder.resolve(session.getFileName() + "-block"));
        final List<SessionContents.Frame> seen = new ArrayList<>();
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect((int) BLOCK_BYTES));
        try (SessionReader reader = SessionReader.open(session)) {
            final BlockFormat format = reader.format();
            final int sequenceOffset = format.field("mSequenceNumber").offset();
            final SeqlockReader seqlock = new SeqlockReader(0);
            try (BlockSink sink = BlockSink.open(name, format, reader.info().blockBytes(), true);
                    MappedBlock block = MappedBlock.openReadOnly(name);
                    FrameSink checked = new FrameSink() {
                        @Override
                        public void onFrame(FrameCursor cursor, long timestampNs) {
                            sink.onFrame(cursor, timestampNs);
                            final int length = cursor.frame().blockLength();
                            assertThat(seqlock.sample(block.buffer(), sequenceOffset, Sequence.NONE, frame, length))
                                    .isEqualTo(SeqlockReader.OK);
                            seen.add(new SessionContents.Frame(timestampNs, SessionContents.checksum(frame, length)));
                        }

                        @Override
                        public void close() {
                            // The sink is closed beside it.
                        }
                    }) {
                new Player(reader, checked, new Player.Options(Player.Options.UNPACED, 0, Long.MAX_VALUE, false))
                        .run(() -> false);
            }
        }
        return seen;
    }

    @Test
    void shouldMergeWhatWasCutIntoTheOriginal() throws IOException {
        final Path start = folder.resolve("start");
        final Path laps = folder.resolve("laps");
        final Path end = folder.resolve("end");
        final Path merged = folder.resolve("merged");
        CommandRun.of(0, "cut", race.path(), "--to", "10s", "--out", start);
        CommandRun.of(0, "cut", race.path(), "--laps", "1-2", "--out", laps);
        CommandRun.of(0, "cut", race.path(), "--from", "30s", "--out", end);
        CommandRun.of(0, "merge", end, laps, start, "--out", merged);
        for (Path session : List.of(start, laps, end, merged)) {
            CommandRun.of(0, "verify", session);
        }
        assertThat(SessionContents.frames(merged)).isEqualTo(race.frames());
        assertThat(SessionContents.messages(merged)).isEqualTo(SessionContents.messages(race.path()));
        assertThat(info(merged).laps()).hasSize(3).isEqualTo(info(race.path()).laps());
        assertThat(info(merged).markers())
                .hasSize(8)
                .isEqualTo(info(race.path()).markers());
    }

    @Test
    void shouldUnpackWhatStandsBeforeTheEndOfATruncatedCopy() throws IOException {
        final Path pack = folder.resolve("race.slip");
        CommandRun.of(0, "pack", race.path(), "--out", pack);
        final long whole = Files.size(pack);
        int before = FRAMES;
        for (int percent : new int[] {90, 50}) {
            try (FileChannel file = FileChannel.open(pack, StandardOpenOption.WRITE)) {
                file.truncate(whole * percent / 100);
            }
            final Path unpacked = folder.resolve("unpacked-" + percent);
            CommandRun.of(3, "unpack", pack, "--list");
            final CommandRun run = CommandRun.of(3, "unpack", pack, "--out", unpacked);
            assertThat(run.err()).contains("something is missing");
            final List<SessionContents.Frame> frames = SessionContents.frames(unpacked);
            assertThat(frames).as("at %d %%", percent).hasSizeBetween(1, before);
            assertThat(frames).isEqualTo(race.frames().subList(0, frames.size()));
            CommandRun.of(0, "verify", unpacked);
            before = frames.size();
        }
        // Its first part is not whole.
        try (FileChannel file = FileChannel.open(pack, StandardOpenOption.WRITE)) {
            file.truncate(whole / 10);
        }
        CommandRun.of(1, "unpack", pack, "--out", folder.resolve("nothing"));
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void shouldFindNothingToRepairInAWholeSession() throws IOException {
        CommandRun.of(0, "verify", race.path());
        assertThat(CommandRun.of(0, "repair", race.path()).err()).contains("nothing to repair");
        assertThat(race.path().resolveSibling(race.path().getFileName() + "-repaired"))
                .doesNotExist();
    }

    @Test
    void shouldRefuseWhatIsNoSession() throws IOException {
        final Path empty = Files.createDirectory(folder.resolve("empty"));
        final Path bare = copy("bare");
        Files.delete(dataFile(bare));
        for (Path session : List.of(folder.resolve("absent"), empty, bare)) {
            for (String command : List.of("verify", "repair")) {
                assertThat(CommandRun.of(1, command, session).err()).contains(session.toString());
            }
        }
    }

    /** Verify says 3, repair saves with 3, and what it saved is whole, replays, and is of the original. */
    private List<SessionContents.Frame> repair(Path session) throws Exception {
        final JsonNode found = CommandRun.of(3, "verify", session, "--json").json();
        assertThat(found.path("findings")).isNotEmpty();
        final Path repaired = CommandRun.of(3, "repair", session).path();
        CommandRun.of(0, "verify", repaired);
        CommandRun.of(0, "info", repaired);
        final List<SessionContents.Frame> saved = replay(repaired);
        assertThat(saved).isSubsetOf(race.frames()).isEqualTo(SessionContents.frames(repaired));
        return saved;
    }

    @Test
    void shouldSaveWhatStandsBeforeTheEndOfATruncatedFile() throws Exception {
        final Path session = copy("truncated");
        try (FileChannel file = FileChannel.open(dataFile(session), StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        final List<SessionContents.Frame> saved = repair(session);
        assertThat(saved).hasSizeGreaterThan(FRAMES / 3).isEqualTo(race.frames().subList(0, saved.size()));
    }

    @Test
    void shouldSaveAllButTheFramesThatAChangedBitSpoils() throws Exception {
        final Path session = copy("flipped");
        try (RandomAccessFile file = new RandomAccessFile(dataFile(session).toFile(), "rw")) {
            final long at = file.length() / 2;
            file.seek(at);
            final int before = file.read();
            file.seek(at);
            file.write(before ^ 0x10);
        }
        // At most those up to the next keyframe.
        assertThat(repair(session)).hasSizeBetween(FRAMES - 130, FRAMES - 1);
    }

    @Test
    void shouldNameAFileThatIsMissing() throws Exception {
        // As where a recording went on over midnight, and the first day's file is gone.
        final Path session = copy("missing");
        final Path first = dataFile(session);
        Files.move(first, session.resolve("29991231F.cq4"));
        final CommandRun found = CommandRun.of(3, "verify", session);
        assertThat(found.out()).contains(first.getFileName().toString()).contains("is not there");
        assertThat(repair(session)).isEqualTo(race.frames());
    }

    @Test
    void shouldPassOverForeignFiles() throws Exception {
        final Path noted = copy("noted");
        Files.writeString(noted.resolve("notes.txt"), "soft tyres");
        CommandRun.of(0, "verify", noted);

        final Path foreign = copy("foreign");
        final byte[] noise = new byte[100_000];
        new SplittableRandom(1).nextBytes(noise);
        Files.write(foreign.resolve("29991231F.cq4"), noise);
        assertThat(CommandRun.of(3, "verify", foreign).out()).contains("29991231F.cq4");
        assertThat(repair(foreign)).isEqualTo(race.frames());

        final Path replaced = copy("replaced");
        Files.write(dataFile(replaced), noise);
        CommandRun.of(3, "verify", replaced);
        final CommandRun repaired = CommandRun.of(1, "repair", replaced);
        assertThat(repaired.err()).contains(replaced.toString());
        assertThat(folder.resolve("replaced-repaired")).doesNotExist();
    }

    @Test
    void shouldSaveWhatAKilledRecorderWrote() throws Exception {
        final Path block = folder.resolve("my-race");
        final Path session;
        try (Program simulate = Program.slipstream(
                        folder, "simulate", "--block", block.toString(), "--hz", "165", "--for", "100s");
                Program record = Program.slipstream(
                        folder,
                        "record",
                        "--block",
                        block.toString(),
                        "--into",
                        folder.resolve("sessions").toString())) {
            record.awaitMessage("recording ");
            session = Path.of(record.err()
                    .lines()
                    .filter(line -> line.startsWith("recording "))
                    .findFirst()
                    .orElseThrow()
                    .substring("recording ".length()));
            while (frameCount(session) < 150) {
                Thread.onSpinWait();
            }
            record.kill();
            simulate.kill();
        }
        final List<SessionContents.Frame> recorded = SessionContents.frames(session);
        assertThat(recorded).hasSizeGreaterThanOrEqualTo(150);
        assertThat(CommandRun.of(0, "verify", session).out()).contains("did not come to its end");
        final Path repaired = CommandRun.of(0, "repair", session).path();
        CommandRun.of(0, "verify", repaired);
        assertThat(info(session).finished()).isFalse();
        assertThat(info(repaired).finished()).isTrue();
        assertThat(replay(repaired)).isEqualTo(recorded);
        CommandRun.of(0, "pack", repaired, "--out", folder.resolve("killed.slip"));
    }

    private static long frameCount(Path session) {
        try (SessionReader reader = SessionReader.open(session)) {
            return reader.frameCount();
        } catch (IOException e) {
            // Its first frame is not there yet.
            return 0;
        }
    }

    @Test
    void shouldNameNobodyInAnAnonymisedSession() throws IOException {
        final Path nobody = folder.resolve("nobody");
        CommandRun.of(0, "anonymise", race.path(), "--out", nobody);
        CommandRun.of(0, "verify", nobody);
        final List<SessionContents.Frame> frames = SessionContents.frames(nobody);
        assertThat(frames)
                .extracting(SessionContents.Frame::timestampNs)
                .containsExactlyElementsOf(race.frames().stream()
                        .map(SessionContents.Frame::timestampNs)
                        .toList());
        final List<String> names = names(race.path());
        assertThat(names).hasSizeGreaterThan(1).doesNotContain("Driver 1");
        assertThat(names(nobody)).hasSameSizeAs(names).allMatch(name -> name.matches("Driver \\d+"));
        try (Stream<Path> files = Files.walk(nobody)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                final String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(names).as("names in %s", file).noneMatch(text::contains);
            }
        }
        // Nothing but names has changed.
        final Path as = folder.resolve("as.csv");
        final Path was = folder.resolve("was.csv");
        CommandRun.of(0, "export", race.path(), "--format", "csv", "--out", was);
        CommandRun.of(0, "export", nobody, "--format", "csv", "--out", as);
        assertThat(as).hasSameBinaryContentAs(was);
    }

    /** Whom the session's last frame names. */
    private static List<String> names(Path session) throws IOException {
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor frames = reader.frames()) {
            assertThat(frames.toFrame(FRAMES - 1).next()).isTrue();
            final BlockFormat format = reader.format();
            final List<String> names = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                final String name =
                        format.field("mParticipantInfo[" + i + "].mName").text(frames.block(), 0);
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
            return names;
        }
    }

    @Test
    void shouldExportAnImportedCsvAsItWas() throws IOException {
        final List<List<Double>> was = numbers(export(race.path(), "was.csv", "csv"));
        final Path imported = CommandRun.of(0, "import", folder.resolve("was.csv"), "--into", folder.resolve("in"))
                .path();
        CommandRun.of(0, "verify", imported);
        final List<List<Double>> is = numbers(export(imported, "is.csv", "csv"));
        assertThat(is).isEqualTo(was);
        // Its frames are of a format that it brings along.
        Files.writeString(imported.resolve("block.format"), "nonsense");
        assertThat(CommandRun.of(3, "verify", imported).out()).contains("block.format");
    }

    @Test
    void shouldExportAnImportedLogAsItWas() throws IOException {
        final LdLog was = LdLog.read(export(race.path(), "was.ld", "motec"));
        final Path imported = CommandRun.of(0, "import", folder.resolve("was.ld"), "--into", folder.resolve("in"))
                .path();
        CommandRun.of(0, "verify", imported);
        final LdLog is = LdLog.read(export(imported, "is.ld", "motec"));
        assertThat(was.channels()).containsOnlyKeys("Ground Speed", "Engine RPM", "Gear");
        assertThat(is.channels()).isEqualTo(was.channels());
        assertThat(is.beacons()).hasSizeGreaterThan(1).hasSameSizeAs(was.beacons());
        for (int i = 1; i < is.beacons().size(); i++) {
            assertThat(is.lap(i)).as("lap %d, s", i).isCloseTo(was.lap(i), within(0.001));
        }
    }

    private Path export(Path session, String name, String format) {
        final Path file = folder.resolve(name);
        CommandRun.of(0, "export", session, "--format", format, "--out", file, "--channels", "speed,engine_speed,gear");
        return file;
    }

    /** Time and channels of each row; not the laps, which are the session's and not the log's. */
    private static List<List<Double>> numbers(Path csv) throws IOException {
        final List<List<Double>> rows = new ArrayList<>();
        for (String line : Files.readAllLines(csv).subList(1, FRAMES + 1)) {
            final String[] cells = line.split(",", -1);
            rows.add(List.of(
                    Double.valueOf(cells[0]),
                    Double.valueOf(cells[3]),
                    Double.valueOf(cells[4]),
                    Double.valueOf(cells[5])));
        }
        return rows;
    }
}
