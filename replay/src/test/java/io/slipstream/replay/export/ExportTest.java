package io.slipstream.replay.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.motec.MotecExporter;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for exports of any format. */
final class ExportTest {
    private static final long PERIOD = 20_000_000L;

    /** A channel as a program's own format may have it. */
    private record Constant(String name, ChannelType type, double number) implements Channel {
        @Override
        public String title() {
            return "Title of " + name;
        }

        @Override
        public String unit() {
            return "m";
        }

        @Override
        public double value(DirectBuffer block) {
            return number;
        }

        @Override
        public double between(double before, double after, double share) {
            return before;
        }
    }

    private static final List<Channel> CLASHING = List.of(
            new Constant("time", ChannelType.DOUBLE, 1.5),
            new Constant("Lap", ChannelType.LONG, 2),
            new Constant("speed", ChannelType.FLOAT, 3),
            new Constant("SPEED", ChannelType.FLOAT, 4));

    @TempDir
    Path folder;

    @TempDir
    Path out;

    private Sessions sessions;

    @BeforeEach
    void start() throws IOException {
        sessions = new Sessions(folder);
    }

    @AfterEach
    void end() throws IOException {
        sessions.close();
    }

    private ExportReport export(Path session, Exporter exporter, SampleSelection selection) throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return Export.run(reader, selection, exporter, samples -> {}, () -> false)
                    .orElseThrow();
        }
    }

    private ExportTarget.File file(String name) {
        return new ExportTarget.File(out.resolve(name), false);
    }

    @Test
    void shouldGiveEachColumnANameOfItsOwn() throws Exception {
        final Path session =
                sessions.frames(3, Sessions.START_NS, PERIOD).record().finish();
        final SampleSelection selection = SampleSelection.of(CLASHING);
        try (Exporter csv = new CsvExporter(file("a.csv"), false);
                Exporter lines = new JsonLinesExporter(file("a.jsonl"));
                Exporter parquet = new ParquetExporter(file("a.parquet"))) {
            export(session, csv, selection);
            export(session, lines, selection);
            export(session, parquet, selection);
        }
        assertThat(Files.readAllLines(out.resolve("a.csv")))
                .startsWith("time,lap,lap_time,time_2,Lap_2,speed,SPEED_2", "0,1,0,1.5,2,3,4");
        assertThat(Files.readAllLines(out.resolve("a.jsonl")))
                .startsWith(
                        "{\"time\":0,\"lap\":1,\"lap_time\":0,\"time_2\":1.5,\"Lap_2\":2,\"speed\":3,\"SPEED_2\":4}");
        final String written = DuckDb.quoted(out.resolve("a.parquet").toString());
        try (Connection duckDb = DuckDb.open("256MB", 1, out);
                Statement statement = duckDb.createStatement()) {
            final List<String> names = new ArrayList<>();
            try (ResultSet columns =
                    statement.executeQuery("SELECT column_name FROM (DESCRIBE FROM " + written + ")")) {
                while (columns.next()) {
                    names.add(columns.getString(1));
                }
            }
            assertThat(names)
                    .containsExactly("timestamp", "time", "lap", "lap_time", "time_2", "Lap_2", "speed", "SPEED_2");
            try (ResultSet units = statement.executeQuery("SELECT decode(value) FROM parquet_kv_metadata(" + written
                    + ") WHERE decode(key) = 'slipstream.units'")) {
                assertThat(units.next()).isTrue();
                assertThat(new ObjectMapper().readTree(units.getString(1)).fieldNames())
                        .toIterable()
                        .containsExactly("time", "lap_time", "time_2", "Lap_2", "speed", "SPEED_2");
            }
        }
    }

    @Test
    void shouldEndWhereARecordingStoodWhenItWasOpened() throws IOException {
        sessions.frames(100, Sessions.START_NS, PERIOD).record();
        try (SessionReader reader = SessionReader.open(sessions.path())) {
            final long seen = reader.frameCount();
            assertThat(seen).isPositive();
            sessions.frames(1_000, Sessions.START_NS + 100 * PERIOD, PERIOD).record();
            final SampleSelection selection = SampleSelection.of(List.of(CLASHING.getLast()));
            try (Exporter csv = new CsvExporter(file("a.csv"), false);
                    Exporter motec = new MotecExporter(out.resolve("a.ld"), false, "")) {
                assertThat(Export.run(reader, selection, csv, samples -> {}, () -> false)
                                .orElseThrow()
                                .samples())
                        .isEqualTo(seen);
                assertThat(Export.run(reader, selection.withRate(50), motec, samples -> {}, () -> false)
                                .orElseThrow()
                                .frames())
                        .isEqualTo(seen);
            }
        }
    }

    @Test
    void shouldLookAtAWishToStopHoweverSlowTheRate() throws IOException {
        final Path session =
                sessions.frames(1_200, Sessions.START_NS, PERIOD).record().finish();
        final int[] shown = {0};
        try (SessionReader reader = SessionReader.open(session);
                Exporter csv = new CsvExporter(file("a.csv"), false)) {
            Export.run(reader, SampleSelection.of(CLASHING).withRate(0.1), csv, samples -> shown[0]++, () -> false);
        }
        assertThat(shown[0]).as("of 3 samples, 500 frames apart").isEqualTo(2);
    }

    @Test
    void shouldSayWhichWholeNumbersAreRounded() throws IOException {
        final Path session =
                sessions.frames(3, Sessions.START_NS, PERIOD).record().finish();
        final SampleSelection selection = SampleSelection.of(List.of(
                new Constant("fits", ChannelType.LONG, 0x1p53 - 1),
                new Constant("ticks", ChannelType.LONG, -0x1p60),
                new Constant("real", ChannelType.DOUBLE, 0x1p60)));
        try (Exporter csv = new CsvExporter(file("a.csv"), false)) {
            assertThat(export(session, csv, selection).rounded()).containsExactly("ticks");
        }
    }

    @Test
    void shouldHoldFewerRowsAtOnceOfManyChannels() {
        assertThat(ParquetExporter.rowGroup(0)).isEqualTo(65_536);
        assertThat(ParquetExporter.rowGroup(53)).isEqualTo(65_536);
        assertThat(ParquetExporter.rowGroup(1_000)).isEqualTo(8_388);
        assertThat(ParquetExporter.rowGroup(4_096)).isEqualTo(2_048);
    }
}
