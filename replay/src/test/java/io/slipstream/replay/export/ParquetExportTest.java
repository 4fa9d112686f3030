package io.slipstream.replay.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet, read back by DuckDB in a connection of its own. */
final class ParquetExportTest {
    @TempDir
    static Path folder;

    @TempDir
    Path out;

    private static ExportedSession session;

    @BeforeAll
    static void record() throws IOException {
        session = new ExportedSession(folder);
    }

    @AfterAll
    static void close() throws IOException {
        session.close();
    }

    private String export(List<String> channels, double rate) throws IOException {
        final Path file = out.resolve("it's.parquet");
        try (ParquetExporter exporter = new ParquetExporter(new ExportTarget.File(file, false))) {
            session.export(exporter, channels, rate, () -> false);
        }
        assertThat(ExportedSession.files(out)).containsExactly("it's.parquet");
        return DuckDb.quoted(file.toString());
    }

    @Test
    void shouldHoldEveryFramesValues() throws Exception {
        final String file = export(ExportedSession.CHANNELS, 0);
        try (Connection duckDb = DuckDb.open("256MB", 1, out);
                Statement statement = duckDb.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT epoch_ns(\"timestamp\") AS ns, * FROM read_parquet(" + file + ")")) {
            for (int frame = 0; frame < ExportedSession.FRAMES; frame++) {
                assertThat(rows.next()).as("row %d", frame).isTrue();
                assertThat(rows.getLong("ns")).isEqualTo(ExportedSession.START + frame * ExportedSession.PERIOD);
                assertThat(rows.getDouble("time")).isEqualTo(frame * ExportedSession.PERIOD / 1e9);
                final List<Double> values = session.values(frame);
                for (int i = 0; i < values.size(); i++) {
                    final Number value = (Number) rows.getObject(ExportedSession.CHANNELS.get(i));
                    assertThat(value == null ? null : value.doubleValue())
                            .as("%s of frame %d", ExportedSession.CHANNELS.get(i), frame)
                            .isEqualTo(values.get(i));
                }
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void shouldHaveFittingTypesAndSayWhatTheyCannot() throws Exception {
        final String file = export(List.of("speed", "gear"), 50);
        try (Connection duckDb = DuckDb.open("256MB", 1, out);
                Statement statement = duckDb.createStatement()) {
            assertThat(pairs(statement, "SELECT column_name, column_type FROM (DESCRIBE FROM " + file + ")"))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "timestamp", "TIMESTAMP_NS",
                            "time", "DOUBLE",
                            "lap", "BIGINT",
                            "lap_time", "DOUBLE",
                            "speed", "FLOAT",
                            "gear", "BIGINT"));
            final Map<String, String> metadata =
                    pairs(statement, "SELECT decode(key), decode(value) FROM parquet_kv_metadata(" + file + ")");
            assertThat(metadata)
                    .containsEntry("slipstream.synthetic", "true")
                    .containsEntry("slipstream.rate_hz", "50.0")
                    .containsEntry("slipstream.started", "2026-01-02T03:04:05Z");
            assertThat(metadata.get("slipstream.session")).contains("20260102-030405");
            assertThat(new ObjectMapper().readTree(metadata.get("slipstream.units")))
                    .isEqualTo(new ObjectMapper().readTree("{\"time\":\"s\",\"lap_time\":\"s\",\"speed\":\"km/h\"}"));
            assertThat(pairs(statement, "SELECT DISTINCT compression, 'x' FROM parquet_metadata(" + file + ")"))
                    .containsOnlyKeys("ZSTD");
        }
    }

    private static Map<String, String> pairs(Statement statement, String query) throws SQLException {
        final Map<String, String> pairs = new HashMap<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                pairs.put(rows.getString(1), rows.getString(2));
            }
        }
        return pairs;
    }

    @Test
    void shouldLeaveNothingOfAnInterruptedExport() throws IOException {
        final Path file = out.resolve("stopped.parquet");
        final int[] looks = {0};
        try (ParquetExporter exporter = new ParquetExporter(new ExportTarget.File(file, false))) {
            session.export(exporter, List.of(), 0, () -> ++looks[0] > 9);
        }
        assertThat(ExportedSession.files(out)).isEmpty();
        assertThatThrownBy(() -> {
                    try (ParquetExporter exporter = new ParquetExporter(new ExportTarget.File(file, false))) {
                        session.export(exporter, List.of(), 0, () -> {
                            throw new IllegalStateException("a fault");
                        });
                    }
                })
                .hasMessage("a fault");
        assertThat(ExportedSession.files(out)).isEmpty();
    }

    @Test
    void shouldSayWhyDuckDbCouldNotWrite() throws IOException {
        final Path directory = Files.createDirectory(out.resolve("gone"));
        final Path file = directory.resolve("a.parquet");
        assertThatThrownBy(() -> {
                    try (ParquetExporter exporter = new ParquetExporter(new ExportTarget.File(file, false))) {
                        for (String left : ExportedSession.files(directory)) {
                            Files.delete(directory.resolve(left));
                        }
                        Files.delete(directory);
                        session.export(exporter, List.of(), 0, () -> false);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("a.parquet", "No such file");
    }

    @Test
    void shouldNeverReachForTheNetwork() throws Exception {
        try (Connection duckDb = DuckDb.open("256MB", 1, out);
                Statement statement = duckDb.createStatement()) {
            assertThat(pairs(
                            statement,
                            "SELECT name, value FROM duckdb_settings() WHERE name IN"
                                    + " ('autoinstall_known_extensions', 'autoload_known_extensions',"
                                    + " 'allow_community_extensions')"))
                    .hasSize(3)
                    .allSatisfy((name, value) -> assertThat(value).as(name).isEqualTo("false"));
        }
    }
}
