package io.slipstream.replay.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.replay.Sessions;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.export.Export;
import io.slipstream.replay.motec.LdChannel;
import io.slipstream.replay.motec.LdDetails;
import io.slipstream.replay.motec.LdType;
import io.slipstream.replay.motec.LdWriter;
import io.slipstream.replay.motec.LdxFile;
import io.slipstream.replay.motec.LdxReader;
import io.slipstream.replay.motec.MotecExporter;
import io.slipstream.replay.motec.TableLd;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MotecImportTest {
    private static final long PERIOD = 16_666_667;
    private static final List<String> CHANNELS =
            List.of("speed", "engine_speed", "gear", "throttle", "lap_distance", "tyre_temperature_fl", "mSteering");

    @TempDir
    static Path folder;

    private static Path race;
    private static List<LapSpan> laps;
    private static SessionInfo raced;

    @TempDir
    Path out;

    @BeforeAll
    static void record() throws IOException {
        final Path session;
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(2_400, Sessions.START_NS, PERIOD).record();
            session = sessions.finish();
        }
        race = folder.resolve("race.ld");
        try (SessionReader reader = SessionReader.open(session)) {
            laps = reader.laps();
            raced = reader.info();
            export(
                    reader,
                    race,
                    ChannelCatalogue.of(reader.format(), raced.formatVersion()).select(CHANNELS));
        }
    }

    private static List<String> export(
            final SessionReader reader, final Path file, final List<io.slipstream.replay.channel.Channel> channels)
            throws IOException {
        try (MotecExporter exporter = new MotecExporter(file, false, "")) {
            Export.run(reader, SampleSelection.of(channels), exporter, samples -> {}, () -> false);
            return exporter.remarks();
        }
    }

    private SessionDirectory imported(final Path file) throws IOException {
        try (SessionImport log = SessionImport.open(file, SessionImport.Kind.MOTEC, null)) {
            return new SessionDirectory(log.write(out.resolve("sessions"), "", rows -> {}, () -> false)
                    .orElseThrow());
        }
    }

    @Test
    void shouldGiveBackWhatWasExported() throws IOException {
        final SessionDirectory session = imported(race);
        final Path again = out.resolve("again.ld");
        try (SessionReader reader = SessionReader.open(session.path())) {
            assertThat(export(
                            reader,
                            again,
                            ChannelCatalogue.of(reader.format(), reader.info().formatVersion())
                                    .defaults()))
                    .isEmpty();
        }
        final TableLd before = new TableLd(race);
        final TableLd after = new TableLd(again);
        assertThat(after.channels.keySet()).isEqualTo(before.channels.keySet());
        for (final TableLd.Meta meta : before.channels.values()) {
            final TableLd.Meta other = after.channels.get(meta.name());
            assertThat(other.unit()).as(meta.name()).isEqualTo(meta.unit());
            assertThat(other.hz()).as(meta.name()).isEqualTo(meta.hz());
            assertThat(other.typeA()).as(meta.name()).isEqualTo(meta.typeA());
            assertThat(other.values()).as(meta.name()).isEqualTo(meta.values());
        }
        assertThat(after.text(222, 64)).as("vehicle").isEqualTo(before.text(222, 64));
        assertThat(after.text(350, 64)).as("venue").isEqualTo(before.text(350, 64));
        assertThat(after.text(94, 16)).as("date").isEqualTo(before.text(94, 16));
        assertThat(times(folder.resolve("race.ldx")))
                .hasSize((int) laps.stream().filter(LapSpan::complete).count());
        final List<Double> first = times(folder.resolve("race.ldx"));
        final List<Double> second = times(out.resolve("again.ldx"));
        assertThat(second).hasSameSizeAs(first);
        for (int i = 0; i < first.size(); i++) {
            assertThat(second.get(i)).isCloseTo(first.get(i), within(1e-6));
        }
    }

    private static List<Double> times(final Path file) throws IOException {
        final List<LdxFile.Beacon> beacons = LdxReader.read(file).beacons();
        return Stream.iterate(1, i -> i < beacons.size(), i -> i + 1)
                .map(i -> (beacons.get(i).micros() - beacons.get(i - 1).micros()) / 1e6)
                .toList();
    }

    @Test
    void shouldBeASessionLikeAny() throws IOException {
        final SessionDirectory session = imported(race);
        assertThat(SessionDirectory.isSession(session.path())).isTrue();
        try (SessionReader reader = SessionReader.open(session.path())) {
            final SessionInfo info = reader.info();
            assertThat(info.finished()).isTrue();
            assertThat(info.synthetic()).as("the file says so").isTrue();
            assertThat(info.origin()).isEqualTo("import:race.ld");
            assertThat(info.format()).isEqualTo("imported");
            assertThat(info.game()).isEqualTo("Imported log race.ld");
            assertThat(info.car()).isEqualTo(raced.car());
            assertThat(info.carClass()).isEqualTo(raced.carClass());
            assertThat(info.track()).startsWith(raced.track());
            assertThat(info.rateHz()).isBetween(59.9, 60.1);
            assertThat(info.startedNs()).as("to the second").isEqualTo(Sessions.START_NS);
            assertThat(info.metadata())
                    .containsEntry("imported_from", "race.ld")
                    .containsKey("start");
            assertThat(info.metadata()).doesNotContainKey("driver");
            assertThat(reader.format().field("speed").unit()).isEqualTo("km/h");
            assertThat(reader.format().field("speed").siUnit()).isEqualTo("m/s");
            assertThat(reader.format().has("mSteering")).isTrue();
            final List<LapSpan> complete =
                    reader.laps().stream().filter(LapSpan::complete).toList();
            final List<LapSpan> wanted = laps.stream().filter(LapSpan::complete).toList();
            assertThat(complete).hasSameSizeAs(wanted);
            for (int i = 0; i < complete.size(); i++) {
                assertThat(complete.get(i).lap()).isEqualTo(wanted.get(i).lap());
                assertThat(complete.get(i).whole()).isEqualTo(wanted.get(i).whole());
                assertThat(complete.get(i).time()).isCloseTo(wanted.get(i).time(), within(1e-6));
                assertThat(complete.get(i).endFrame()).isCloseTo(wanted.get(i).endFrame(), within(2L));
            }
        }
    }

    @Test
    void shouldImportALogWithoutBeacons() throws IOException {
        final Path lone = out.resolve("lone.ld");
        Files.copy(race, lone);
        try (SessionImport log = SessionImport.open(lone, SessionImport.Kind.MOTEC, null)) {
            assertThat(log.remarks()).anySatisfy(remark -> assertThat(remark).contains(".ldx"));
            assertThat(log.lossy()).isFalse();
        }
        try (SessionReader reader = SessionReader.open(imported(lone).path())) {
            assertThat(reader.laps()).hasSize(1);
        }
    }

    @Test
    void shouldRefuseABrokenLogBeforeASessionIsBegun() throws IOException {
        final Path broken = out.resolve("broken.ld");
        Files.copy(race, broken);
        try (RandomAccessFile file = new RandomAccessFile(broken.toFile(), "rw")) {
            file.setLength(file.length() - 1_000);
        }
        assertThatThrownBy(() -> imported(broken)).hasMessageContaining("cut off");
        assertThat(out.resolve("sessions")).doesNotExist();
    }

    @Test
    void shouldRefuseMoreRowsThanAnyChannelHas() throws IOException {
        final Path odd = out.resolve("odd.ld");
        final LdDetails details = new LdDetails(LocalDateTime.of(2026, 1, 2, 3, 4, 5), "", "", "", "", "", "", "", "");
        try (LdWriter writer = LdWriter.create(
                odd,
                details,
                List.of(
                        new LdChannel("Fast", "Fast", "m", LdType.FLOAT_32, 1_000, 1),
                        new LdChannel("Slow", "Slow", "m", LdType.FLOAT_32, 1, 100)))) {
            writer.append(0, 1);
            for (int i = 0; i < 100; i++) {
                writer.append(1, i);
            }
            writer.finish();
        }
        assertThatThrownBy(() -> imported(odd))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("its fastest channel, 1000 Hz, ends long before its slowest");
    }

    @Test
    void shouldStopWhenAskedAndLeaveNothing() throws IOException {
        try (SessionImport log = SessionImport.open(race, SessionImport.Kind.MOTEC, null)) {
            assertThat(log.write(out.resolve("sessions"), "", rows -> {}, () -> true))
                    .isEmpty();
        }
        assertThat(out.resolve("sessions")).isEmptyDirectory();
    }
}
