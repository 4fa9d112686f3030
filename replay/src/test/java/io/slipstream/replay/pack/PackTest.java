package io.slipstream.replay.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.ZstdInputStream;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.edit.Contents;
import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.edit.EditStoppedException;
import io.slipstream.replay.edit.HandMade;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackTest {
    private static final int DAMAGES = 200;

    /** Of the file, from its part's head to the next one's. */
    private record Extent(long number, int from, int to) {}

    @TempDir
    static Path shared;

    private static Path session;
    private static Path pack;
    private static byte[] packed;
    private static List<Extent> extents;
    private static List<List<String>> messagesOfParts;

    @TempDir
    Path folder;

    @BeforeAll
    static void recordAndPack() throws IOException {
        try (Sessions sessions = new Sessions(shared)) {
            session = sessions.frames(1_100, Sessions.START_NS, 16_666_667).finish();
        }
        pack = pack(session, shared.resolve("session.slip"), 2);
        packed = Files.readAllBytes(pack);
        extents = new ArrayList<>();
        messagesOfParts = new ArrayList<>();
        for (int i = 0; i + PackDescriptor.PART_LENGTH <= packed.length; i++) {
            final PackedPart part = packed[i] == 0x54 ? PackedPart.decode(packed, i) : null;
            if (part != null) {
                extents.add(new Extent(part.number(), i, i + PackDescriptor.PART_LENGTH + part.packed()));
            }
        }
        read(pack, messagesOfParts, new ArrayList<>());
    }

    private static Path pack(final Path session, final Path file, final int threads) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            final PackReport report =
                    new SessionPacker(reader, 3, threads).partSize(64 << 10).pack(file, EditMonitor.NONE);
            assertThat(report.withLoss()).isFalse();
            return file;
        }
    }

    private UnpackReport unpack(final Path file, final String name) throws IOException {
        return new SessionUnpacker(file).unpack(new Destination.Named(folder.resolve(name)), EditMonitor.NONE);
    }

    private static SessionInfo info(final Path session) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return reader.info();
        }
    }

    /** What a reader makes of a file, part by part. */
    private static List<Long> read(final Path file, final List<List<String>> parts, final List<String> damage)
            throws IOException {
        final List<Long> numbers = new ArrayList<>();
        try (PackFile opened = PackFile.open(file)) {
            while (opened.next()) {
                numbers.add(opened.part().number());
                parts.add(List.of(Arrays.hashCode(opened.messages()) + " " + opened.messages().length));
            }
            damage.addAll(opened.damage());
        }
        return numbers;
    }

    @Test
    void shouldGiveEveryMessageAndTheSummaryBack() throws IOException {
        final UnpackReport report = unpack(pack, "unpacked");
        assertThat(report.whole()).as("whole, with %s", report.remarks()).isTrue();
        assertThat(report.remarks()).isEmpty();
        assertThat(Contents.messages(report.session())).isEqualTo(Contents.messages(session));
        assertThat(Contents.frames(report.session())).isEqualTo(Contents.frames(session));
        final SessionInfo original = info(session);
        final SessionInfo unpacked = info(report.session());
        assertThat(Summaries.withBytes(unpacked, original.bytes())).isEqualTo(original);
        assertThat(extents).hasSizeGreaterThan(8);
    }

    @Test
    void shouldBeTheSameFileHoweverManyThreadsPackIt() throws IOException {
        assertThat(pack(session, folder.resolve("one.slip"), 1)).hasBinaryContent(packed);
        assertThat(pack(session, folder.resolve("five.slip"), 5)).hasBinaryContent(packed);
    }

    @Test
    void shouldBeAnOrdinaryZstdFileOfTheMessages() throws IOException {
        try (InputStream zstd = new ZstdInputStream(Files.newInputStream(pack)).setContinuous(false)) {
            final ByteBuffer plain = ByteBuffer.wrap(zstd.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            long messages = 0;
            while (plain.hasRemaining()) {
                final int length = plain.getInt(plain.position() + PackDescriptor.MESSAGE_LENGTH_OFFSET);
                plain.position(plain.position() + PackDescriptor.MESSAGE_HEADER_LENGTH + length);
                messages++;
            }
            assertThat(messages).isEqualTo(Contents.messages(session).size());
        }
    }

    @Test
    void shouldSayWhatIsInIt() throws IOException {
        final PackInfo info = PackFile.info(pack);
        assertThat(PackFile.isPack(pack)).isTrue();
        assertThat(PackFile.isPack(session.resolve("session.json"))).isFalse();
        assertThat(info.whole()).isTrue();
        assertThat(info.session()).isEqualTo(info(session));
        assertThat(info.frames()).isEqualTo(1_100);
        assertThat(info.parts()).isEqualTo(extents.size());
        assertThat(info.bytes()).isEqualTo(packed.length);
        Files.write(folder.resolve("short"), Arrays.copyOf(packed, packed.length - 1));
        assertThat(PackFile.info(folder.resolve("short")).whole()).isFalse();
    }

    @Test
    void shouldKeepWhatIsBesideTheMessages() throws IOException {
        final Path own;
        try (HandMade made = new HandMade(folder.resolve("own"), "the name", Map.of("weather", "dry"))) {
            for (int i = 0; i < 20; i++) {
                made.source(1 + i % 3).frame(1_000 + i * 100);
                made.source(9).marker(1_000 + i * 100, "marker " + i);
            }
            own = made.finish();
        }
        final String format = "format own \"Own\"\nobject own \"$own$\"\n  u32 mVersion\nend\n";
        Files.writeString(own.resolve(SessionDirectory.FORMAT), format);
        final UnpackReport report = unpack(pack(own, folder.resolve("own.slip"), 1), "again");
        assertThat(report.whole()).as("%s", report.remarks()).isTrue();
        assertThat(Contents.messages(report.session())).isEqualTo(Contents.messages(own));
        assertThat(report.session().resolve(SessionDirectory.FORMAT)).hasContent(format);
        assertThat(report.info().name()).isEqualTo("the name");
        assertThat(report.info().metadata()).isEqualTo(Map.of("weather", "dry"));
        try (var schemas = Files.list(own.resolve("schema"))) {
            for (final Path schema : schemas.toList()) {
                assertThat(report.session().resolve("schema").resolve(schema.getFileName()))
                        .hasSameBinaryContentAs(schema);
            }
        }
    }

    @Test
    void shouldUnpackATruncatedCopyAsFarAsItGoes() throws IOException {
        final Extent cut = extents.get(extents.size() / 2);
        Files.write(folder.resolve("short.slip"), Arrays.copyOf(packed, cut.to() - 5));
        final UnpackReport report = unpack(folder.resolve("short.slip"), "short");
        assertThat(report.whole()).isFalse();
        assertThat(report.remarks()).anyMatch(remark -> remark.contains("its end is missing"));
        final List<String> saved = Contents.messages(report.session());
        assertThat(saved)
                .isEqualTo(Contents.messages(session).subList(0, saved.size()))
                .hasSizeGreaterThan(400);
        assertThat(report.info().metadata().get("history")).isEqualTo("unpacked in part");
        assertThat(report.info().track()).isEqualTo(info(session).track());
    }

    @Test
    void shouldPassOverADamagedPart() throws IOException {
        final byte[] damaged = packed.clone();
        damaged[extents.get(3).to() - 20] ^= 4;
        Files.write(folder.resolve("damaged.slip"), damaged);
        final UnpackReport report = unpack(folder.resolve("damaged.slip"), "damaged");
        assertThat(report.whole()).isFalse();
        assertThat(report.remarks()).contains("part 3 is damaged", "part 3 is missing");
        final List<String> original = Contents.frames(session);
        final List<String> saved = Contents.frames(report.session());
        assertThat(saved)
                .isSubsetOf(original)
                .hasSizeGreaterThan(900)
                .contains(original.getFirst(), original.getLast());
    }

    /** Cuts, flipped bits, bytes written over, taken out and put in, anywhere. */
    @Test
    void shouldReadWhateverIsWholeOfADamagedFile() throws IOException {
        final Path file = folder.resolve("damaged.slip");
        for (int seed = 0; seed < DAMAGES; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final int at = random.nextInt(packed.length);
            final int length = Math.min(packed.length - at, 1 + random.nextInt(1 << random.nextInt(1, 16)));
            final int kind = random.nextInt(5);
            final ByteBuffer damaged = ByteBuffer.allocate(packed.length + length);
            damaged.put(packed, 0, at);
            switch (kind) {
                case 0 -> {
                    // Cut short.
                }
                case 1 ->
                    damaged.put((byte) (packed[at] ^ 1 << random.nextInt(8)))
                            .put(packed, at + 1, packed.length - at - 1);
                case 2, 3 -> {
                    final byte[] other = new byte[length];
                    random.nextBytes(other);
                    // Written over, or put in.
                    final int behind = kind == 2 ? at + length : at;
                    damaged.put(other).put(packed, behind, packed.length - behind);
                }
                default -> damaged.put(packed, at + length, packed.length - at - length);
            }
            Files.write(file, Arrays.copyOf(damaged.array(), damaged.position()));
            // From where on the file is another, and from where on it is as it was.
            final int end = switch (kind) {
                case 0 -> packed.length;
                case 1 -> at + 1;
                case 3 -> at;
                default -> at + length;
            };
            check(file, seed, at, end);
        }
    }

    private static void check(final Path file, final int seed, final int at, final int end) throws IOException {
        final List<List<String>> parts = new ArrayList<>();
        final List<String> damage = new ArrayList<>();
        final List<Long> numbers;
        try {
            numbers = read(file, parts, damage);
        } catch (final IOException e) {
            // Nothing of it is left, or it says that it is of a version to come.
            if (at > extents.getFirst().to()) {
                fail("seed %d: %s", seed, e);
            }
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            assertThat(parts.get(i))
                    .as("seed %d, part %d", seed, numbers.get(i))
                    .isEqualTo(messagesOfParts.get(numbers.get(i).intValue()));
        }
        assertThat(numbers).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
        for (final Extent extent : extents) {
            if (extent.to() <= at || extent.from() >= end) {
                assertThat(numbers)
                        .as("seed %d: damaged from %d to %d, %s", seed, at, end, extent)
                        .contains(extent.number());
            }
        }
        if (numbers.size() < extents.size()) {
            assertThat(damage).as("seed %d", seed).isNotEmpty();
        }
    }

    @Test
    void shouldRefuseWhatIsNoPack() throws IOException {
        final Path text = Files.writeString(folder.resolve("text"), "no pack\n".repeat(1_000));
        final Path empty = Files.createFile(folder.resolve("empty"));
        for (final Path file : List.of(text, empty)) {
            assertThatThrownBy(() -> unpack(file, "none"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is no packed session");
        }
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void shouldRefuseAFileThatIsThereAndLeaveNothingWhenStopped() throws IOException {
        final EditMonitor impatient = new EditMonitor() {
            @Override
            public void onProgress(final long frames, final double share) {
                // Never comes so far.
            }

            @Override
            public boolean isStopped() {
                return true;
            }
        };
        try (SessionReader reader = SessionReader.open(session)) {
            assertThatThrownBy(() -> new SessionPacker(reader, 3, 1).pack(pack, EditMonitor.NONE))
                    .hasMessageContaining("is there already");
            assertThatThrownBy(() -> new SessionPacker(reader, 3, 1).pack(folder.resolve("p"), impatient))
                    .isInstanceOf(EditStoppedException.class);
        }
        assertThatThrownBy(
                        () -> new SessionUnpacker(pack).unpack(new Destination.Named(folder.resolve("s")), impatient))
                .isInstanceOf(EditStoppedException.class);
        assertThat(folder).isEmptyDirectory();
    }

    /** A part with right checksums whose content is not what a packer writes. */
    @Test
    void shouldLeaveOutMessagesThatCannotBe() throws IOException {
        final byte[] plain = new byte[64];
        final ByteBuffer fields = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        fields.putLong(0, Long.MAX_VALUE).putInt(8, Integer.MAX_VALUE);
        final ByteBuffer part = PackedPart.pack(
                ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getLong(PackDescriptor.HEAD_PACK_OFFSET),
                extents.size(),
                plain,
                64,
                Integer.MAX_VALUE,
                0,
                0,
                3);
        final ByteBuffer hostile = ByteBuffer.allocate(packed.length + part.limit());
        hostile.put(packed, 0, packed.length - PackDescriptor.TAIL_LENGTH).put(part);
        Files.write(folder.resolve("hostile.slip"), Arrays.copyOf(hostile.array(), hostile.position()));
        final UnpackReport report = unpack(folder.resolve("hostile.slip"), "hostile");
        assertThat(report.whole()).isFalse();
        assertThat(report.remarks()).contains("1 messages cannot be of a session, and were left out");
        assertThat(Contents.messages(report.session())).isEqualTo(Contents.messages(session));
    }
}
