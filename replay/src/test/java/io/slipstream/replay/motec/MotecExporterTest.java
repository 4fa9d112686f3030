package io.slipstream.replay.motec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.replay.Sessions;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.export.Export;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MotecExporterTest {
    private static final long PERIOD = 16_666_667;
    private static final List<String> CHANNELS =
            List.of("speed", "engine_speed", "gear", "tyre_temperature_fl", "mSteering");

    @TempDir
    static Path folder;

    private static SessionReader session;
    private static List<LapSpan> laps;

    @TempDir
    Path out;

    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(folder)) {
            sessions.frames(2_400, Sessions.START_NS, PERIOD).record();
            // A gap of three seconds.
            sessions.frames(300, Sessions.START_NS + 2_400 * PERIOD + 3_000_000_000L, PERIOD);
            session = SessionReader.open(sessions.finish());
        }
        laps = session.laps();
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static SampleSelection selection(final double rate) {
        return SampleSelection.of(
                        ChannelCatalogue.of(session.format(), session.info().formatVersion())
                                .select(CHANNELS))
                .withRate(rate);
    }

    private static LapSpan lap(final long number) {
        return laps.stream().filter(lap -> lap.lap() == number).findFirst().orElseThrow();
    }

    private List<String> export(final SampleSelection selection, final String driver) throws IOException {
        try (MotecExporter exporter = new MotecExporter(out.resolve("race.ld"), false, driver)) {
            Export.run(session, selection, exporter, samples -> {}, () -> false);
            return exporter.remarks();
        }
    }

    @Test
    void shouldGiveEverySampleToAReaderByTheTable() throws IOException {
        // The session's own rate, to the next hertz.
        export(selection(SampleSelection.EVERY_FRAME), "");
        final TableLd read = new TableLd(out.resolve("race.ld"));
        assertThat(read.channels.keySet())
                .containsExactly("Ground Speed", "Engine RPM", "Gear", "Tyre Temp FL", "mSteering");
        assertThat(read.channels.values()).allMatch(channel -> channel.hz() == 60);
        assertThat(read.channels.get("Ground Speed").unit()).isEqualTo("km/h");
        assertThat(read.channels.get("Gear").typeA()).as("whole").isEqualTo(5);
        try (Samples samples = Samples.open(session, selection(60))) {
            int count = 0;
            while (samples.next()) {
                count++;
                final int row = (int) samples.gridIndex();
                int channel = 0;
                for (TableLd.Meta meta : read.channels.values()) {
                    final double value = samples.value(channel++);
                    if (!Double.isNaN(value)) {
                        assertThat(meta.values()[row])
                                .as("%s %d", meta.name(), row)
                                .isEqualTo((float) value);
                    }
                }
            }
            assertThat(count).isGreaterThan(2_600);
        }
    }

    @Test
    void shouldShowTheSessionsLapTimes() throws IOException {
        export(selection(100), "");
        final List<LapSpan> whole = laps.stream().filter(LapSpan::whole).toList();
        assertThat(whole).hasSize(2);
        final List<LdxFile.Beacon> beacons =
                LdxReader.read(out.resolve("race.ldx")).beacons();
        for (LapSpan lap : whole) {
            final LdxFile.Beacon end = beacons.stream()
                    .filter(beacon -> beacon.name().equals("Manual." + lap.lap()))
                    .findFirst()
                    .orElseThrow();
            final double begin = beacons.get(beacons.indexOf(end) - 1).micros();
            assertThat((end.micros() - begin) / 1e6).isCloseTo(lap.time(), within(1e-6));
            assertThat(end.micros() / 1e6)
                    .as("where the frames have it")
                    .isCloseTo((lap.endNs() - session.startNs()) / 1e9, within(0.25));
        }
        final LdxFile file = LdxReader.read(out.resolve("race.ldx"));
        final LapSpan fastest = whole.get(0).time() <= whole.get(1).time() ? whole.get(0) : whole.get(1);
        assertThat(file.fastestLap()).isEqualTo(fastest.lap());
        assertThat(file.fastestTime()).isCloseTo(fastest.time(), within(0.0005));
    }

    @Test
    void shouldNotHideAGap() throws IOException {
        final List<String> remarks = export(selection(60), "");
        assertThat(remarks).anySatisfy(remark -> assertThat(remark).contains("gaps of the session"));
        final TableLd read = new TableLd(out.resolve("race.ld"));
        final float[] speed = read.channels.get("Ground Speed").values();
        assertThat(speed).hasSizeBetween(2_878, 2_882);
        assertThat(speed[2_450]).isEqualTo(speed[2_500]);
    }

    @Test
    void shouldSayThatItIsSyntheticAndNameNobodyUnlessAsked() throws IOException {
        export(selection(20), "");
        TableLd read = new TableLd(out.resolve("race.ld"));
        assertThat(read.text(1_572, 64)).startsWith("synthetic; 20 Hz, from ");
        assertThat(read.text(8_180 + 128, 1_024)).contains("Synthetic").contains("Times are UTC");
        assertThat(read.text(158, 64)).isEqualTo("Unknown");
        assertThat(read.text(94, 16)).isEqualTo("02/01/2026");
        assertThat(read.text(126, 16)).isEqualTo("03:04:05");
        Files.delete(out.resolve("race.ld"));
        Files.delete(out.resolve("race.ldx"));
        export(selection(20), "A. Driver");
        read = new TableLd(out.resolve("race.ld"));
        assertThat(read.text(158, 64)).isEqualTo("A. Driver");
    }

    @Test
    void shouldStartAtTheLapThatWasChosen() throws IOException {
        final LapSpan second = lap(2);
        export(selection(60).withLaps(List.of(second)), "");
        final LdxFile file = LdxReader.read(out.resolve("race.ldx"));
        assertThat(file.beacons()).extracting(LdxFile.Beacon::name).containsExactly("Start.2", "Manual.2");
        assertThat((file.beacons().get(1).micros() - file.beacons().get(0).micros()) / 1e6)
                .isCloseTo(second.time(), within(1e-6));
        assertThat(new TableLd(out.resolve("race.ld")).channels.get("Gear").values().length / 60.0)
                .isCloseTo(second.time(), within(0.1));
    }

    @Test
    void shouldRefuseWhatALogCannotHold() throws IOException {
        assertThatThrownBy(() -> export(selection(59.94), "")).hasMessageContaining("--rate 60");

        assertThatThrownBy(() -> export(selection(60).withLaps(List.of(lap(1), lap(3))), ""))
                .hasMessageContaining("between laps 1 and 3");
        assertThatThrownBy(() -> {
                    try (MotecExporter exporter = new MotecExporter(out.resolve("race.csv"), false, "")) {
                        Export.run(session, selection(60), exporter, samples -> {}, () -> false);
                    }
                })
                .hasMessageContaining("end in .ld");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).as("nothing is left").isEmpty();
        }
    }
}
