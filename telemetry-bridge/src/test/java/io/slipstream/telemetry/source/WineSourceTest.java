package io.slipstream.telemetry.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WineSourceTest {
    private static final BlockFormat FORMAT = GameFormats.load("pcars2");
    private static final int LENGTH = FORMAT.length(14);
    private static final int SPEED = FORMAT.field("mSpeed").offset();

    @TempDir
    Path folder;

    private final List<Holder> holders = new ArrayList<>();

    @BeforeEach
    void requireProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "skipped: no /proc here, so no Wine to look for");
    }

    @AfterEach
    void release() throws IOException {
        for (final Holder holder : holders) {
            holder.close();
        }
    }

    /** Holds a mapping open as Wine does: the file has no name any more. */
    private static final class Holder implements AutoCloseable {
        final RandomAccessFile file;
        final UnsafeBuffer memory;

        Holder(final Path path, final int length) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
            file.setLength(length);
            memory = new UnsafeBuffer(file.getChannel().map(MapMode.READ_WRITE, 0, length));
            Files.delete(path);
        }

        Holder with(final String field, final int value) {
            memory.putInt(FORMAT.field(field).offset(), value, ByteOrder.LITTLE_ENDIAN);
            return this;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private Holder hold(final String name, final int length) throws IOException {
        final Holder holder = new Holder(folder.resolve(name), length);
        holders.add(holder);
        return holder;
    }

    private Holder holdBlock(final String name) throws IOException {
        return hold(name, LENGTH).with("mVersion", 14).with("mGameState", 2).with("mNumParticipants", 24);
    }

    /** What the search says of this test's files; other programs' mappings are none of its business. */
    private List<WineSource.Candidate> search() throws IOException {
        return new WineSource(FORMAT)
                .search().stream()
                        .filter(candidate -> candidate.target().startsWith(folder.toString()))
                        .toList();
    }

    private WineSource.Candidate only() throws IOException {
        final List<WineSource.Candidate> found = search();
        assertThat(found).as("mappings of this test found under /proc").hasSize(1);
        return found.getFirst();
    }

    @Test
    void shouldFindADeletedFileThatAProcessHoldsOpen() throws IOException {
        final Holder game = holdBlock("tmpmap-0001");
        final WineSource.Candidate candidate = only();
        assertThat(candidate.problem()).as("problem of a plausible block").isNull();
        assertThat(candidate.pid()).isEqualTo(ProcessHandle.current().pid());
        try (MappedBlock found = MappedBlock.openReadOnly(new BlockName.MappedFile(candidate.path()))) {
            assertThat(found.length()).isEqualTo(LENGTH);
            game.memory.putFloat(SPEED, 42.5f);
            assertThat(found.buffer().getFloat(SPEED))
                    .as("what the holder wrote after the block was found")
                    .isEqualTo(42.5f);
            assertThat(found.stillThere()).isTrue();
            game.close();
            assertThat(found.stillThere()).as("after the holder closed it").isFalse();
        }
    }

    @Test
    void shouldKnowBothNamesThatWineGives() throws IOException {
        holdBlock("wine-mapping");
        assertThat(only().problem()).isNull();
        holdBlock("something-else");
        assertThat(search()).as("a file of another name is not looked at").hasSize(1);
    }

    @Test
    void shouldListAMappingOnceThatIsHeldTwice() throws IOException {
        final Path path = folder.resolve("tmpmap-twice");
        try (RandomAccessFile first = new RandomAccessFile(path.toFile(), "rw");
                RandomAccessFile second = new RandomAccessFile(path.toFile(), "r")) {
            first.setLength(LENGTH);
            assertThat(second.length()).isEqualTo(LENGTH);
            assertThat(search()).hasSize(1);
        }
    }

    @Test
    void shouldSayThatAMappingIsTooShort() throws IOException {
        hold("tmpmap-short", 4096).with("mVersion", 14);
        assertThat(only().problem()).contains("4096").contains(FORMAT.length(8) + "");
    }

    @Test
    void shouldSayThatAnEmptyFileIsTooShort() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("tmpmap-empty").toFile(), "rw")) {
            assertThat(file.length()).isZero();
            assertThat(only().problem()).contains("0 bytes");
        }
    }

    @Test
    void shouldSayThatAVersionCannotBe() throws IOException {
        final Holder holder = holdBlock("tmpmap-version");
        for (final int version : new int[] {0, 4, 21, 0x7F45_4C46, -1}) {
            holder.with("mVersion", version);
            assertThat(only().problem()).as("version %d", version).contains("version");
        }
        for (final int version : new int[] {5, 20}) {
            holder.with("mVersion", version);
            assertThat(only().problem()).as("version %d", version).isNull();
        }
    }

    @Test
    void shouldSayThatStateOrParticipantsCannotBe() throws IOException {
        final Holder holder = holdBlock("tmpmap-state");
        holder.with("mGameState", 8);
        assertThat(only().problem()).contains("game state 8");
        holder.with("mGameState", 7).with("mNumParticipants", 65);
        assertThat(only().problem()).contains("participants 65");
        holder.with("mNumParticipants", -2);
        assertThat(only().problem()).contains("participants -2");
        holder.with("mNumParticipants", -1);
        assertThat(only().problem()).as("no participants, as in menus").isNull();
    }

    @Test
    void shouldOpenThePlausibleOneAmongOthers() throws IOException {
        hold("tmpmap-a", 100);
        hold("tmpmap-b", LENGTH);
        final Holder game = holdBlock("tmpmap-c");
        game.memory.putFloat(SPEED, 7.25f);
        assertThat(search()).hasSize(3);
        try (MappedBlock found = new WineSource(FORMAT).open()) {
            assertThat(found).as("the block").isNotNull();
            assumeTrue(found.buffer().getFloat(SPEED) == 7.25f, "skipped: another game's mapping came first");
            assertThat(Files.readSymbolicLink(Path.of(found.name().key())).toString())
                    .contains("tmpmap-c");
        }
    }

    @Test
    void shouldFindAnotherProcessesMappingAndSurviveItsEnd() throws IOException, InterruptedException {
        final Path path = folder.resolve("tmpmap-child");
        try (Holder game = holdBlock("tmpmap-child-source")) {
            final byte[] content = new byte[LENGTH];
            game.memory.getBytes(0, content);
            Files.write(path, content);
        }
        // Holds the file open after it has lost its name.
        final Process process = new ProcessBuilder(
                        "sh", "-c", "exec 3<>'" + path + "'; rm '" + path + "'; echo; read x")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertThat(output.readLine()).as("the holder has started").isEmpty();
            final WineSource.Candidate candidate = only();
            assertThat(candidate.pid()).isEqualTo(process.pid());
            assertThat(candidate.problem()).isNull();
            process.destroyForcibly().waitFor();
            assertThat(search()).as("after the holder's end").isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldSurviveProcessesThatVanish() throws IOException {
        final Path proc = Files.createDirectory(folder.resolve("proc"));
        // A process that is gone, one that never had descriptors, one whose link leads nowhere, and what is no process.
        Files.createDirectory(proc.resolve("1"));
        Files.createDirectories(proc.resolve("2/fd"));
        Files.createDirectories(proc.resolve("3/fd"));
        Files.createSymbolicLink(proc.resolve("3/fd/7"), folder.resolve("tmpmap-gone"));
        Files.createDirectories(proc.resolve("4/fd"));
        Files.writeString(proc.resolve("4/fd/7"), "no link");
        Files.createDirectories(proc.resolve("sys/fd"));
        final List<WineSource.Candidate> found = new WineSource(FORMAT, proc).search();
        assertThat(found).singleElement().satisfies(candidate -> {
            assertThat(candidate.pid()).isEqualTo(3);
            assertThat(candidate.problem()).startsWith("cannot be read");
        });
        assertThat(new WineSource(FORMAT, proc).open()).isNull();
    }

    @Test
    void shouldSurviveProcessesThatEndWhileItLooks() throws IOException, InterruptedException {
        holdBlock("tmpmap-stays");
        for (int i = 0; i < 30; i++) {
            final Process shortLived = new ProcessBuilder("true").start();
            assertThat(search()).as("search %d", i).hasSize(1);
            shortLived.waitFor();
        }
    }

    @Test
    void shouldFindNothingWithoutProc() throws IOException {
        assertThat(new WineSource(FORMAT, folder.resolve("none")).search()).isEmpty();
        assertThat(new WineSource(FORMAT, folder.resolve("none")).open()).isNull();
    }
}
