package io.slipstream.replay.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV that DuckDB reads without being told anything of it. */
final class CsvExportTest {
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

    private Path export(List<String> channels, double rate, boolean units) throws IOException {
        final Path file = out.resolve("it's.csv");
        try (Exporter exporter = new CsvExporter(new ExportTarget.File(file, false), units)) {
            session.export(exporter, channels, rate, () -> false);
        }
        return file;
    }

    @Test
    void shouldHoldEveryFramesValues() throws Exception {
        final Path file = export(ExportedSession.CHANNELS, 0, false);
        assertThat(ExportedSession.files(out)).containsExactly("it's.csv");
        try (Connection duckDb = DuckDb.open("256MB", 1, out);
                Statement statement = duckDb.createStatement();
                ResultSet rows = statement.executeQuery("FROM read_csv(" + DuckDb.quoted(file.toString()) + ")")) {
            for (int frame = 0; frame < ExportedSession.FRAMES; frame++) {
                assertThat(rows.next()).as("row %d", frame).isTrue();
                assertThat(rows.getDouble("time")).isEqualTo(frame * ExportedSession.PERIOD / 1e9);
                final List<Double> values = session.values(frame);
                for (int i = 0; i < values.size(); i++) {
                    final String name = ExportedSession.CHANNELS.get(i);
                    if (values.get(i) == null) {
                        assertThat(rows.getObject(name))
                                .as("%s of frame %d", name, frame)
                                .isNull();
                    } else {
                        assertThat((float) rows.getDouble(name))
                                .as("%s of frame %d", name, frame)
                                .isEqualTo(values.get(i).floatValue());
                    }
                }
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void shouldBeginWithNamesAndThenUnits() throws IOException {
        final List<String> plain = Files.readAllLines(export(List.of("speed", "mTyreTemp[0]"), 10, false));
        assertThat(plain.getFirst()).isEqualTo("time,lap,lap_time,speed,mTyreTemp[0]");
        assertThat(plain.get(1)).startsWith("0,1,0,");
        assertThat(plain.get(2)).startsWith("0.1,1,0.1,");
        Files.delete(out.resolve("it's.csv"));
        final Path file = export(List.of("speed", "gear", "mTyreTemp[0]"), 10, true);
        assertThat(Files.readAllLines(file).get(1)).isEqualTo("s,,s,km/h,,degC");
        assertThat(Files.readString(file)).as("lines end as RFC 4180 has it").contains("degC\r\n");
    }

    @Test
    void shouldWriteToAStream() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Exporter exporter = new CsvExporter(new ExportTarget.Stream(bytes), false)) {
            session.export(exporter, List.of("gear"), 1, () -> false);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(1 + 19)
                .first()
                .isEqualTo("time,lap,lap_time,gear");
    }

    @Test
    void shouldLeaveNothingOfAnInterruptedExport() throws IOException {
        final Path file = out.resolve("stopped.csv");
        final int[] looks = {0};
        try (Exporter exporter = new CsvExporter(new ExportTarget.File(file, false), false)) {
            session.export(exporter, List.of(), 0, () -> ++looks[0] > 3);
        }
        assertThat(looks[0]).isEqualTo(4);
        assertThat(ExportedSession.files(out)).isEmpty();
        assertThatThrownBy(() -> {
                    try (Exporter exporter = new CsvExporter(new ExportTarget.File(file, false), false)) {
                        session.export(exporter, List.of(), 0, () -> {
                            throw new IllegalStateException("a fault");
                        });
                    }
                })
                .hasMessage("a fault");
        assertThat(ExportedSession.files(out)).isEmpty();
    }

    @Test
    void shouldNotReplaceAFileUnlessTold() throws IOException {
        final Path file = Files.writeString(out.resolve("there.csv"), "precious");
        assertThatThrownBy(() -> new CsvExporter(new ExportTarget.File(file, false), false))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("there.csv");
        assertThat(file).hasContent("precious");
        try (Exporter exporter = new CsvExporter(new ExportTarget.File(file, true), false)) {
            assertThat(file).as("until the new one is whole").hasContent("precious");
            session.export(exporter, List.of("gear"), 1, () -> false);
        }
        assertThat(Files.readAllLines(file)).hasSize(20);
        assertThatThrownBy(() -> new CsvExporter(new ExportTarget.File(out, true), false))
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> new CsvExporter(new ExportTarget.File(out.resolve("no/a.csv"), true), false))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("make the directory");
    }

    @Test
    void shouldAllocateNothingASample() throws IOException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long[] bytes = new long[20];
        final int[] looks = {0};
        try (Exporter exporter = new CsvExporter(new ExportTarget.Stream(OutputStream.nullOutputStream()), false)) {
            session.export(exporter, List.of(), 0, () -> {
                bytes[looks[0]++] = threads.getCurrentThreadAllocatedBytes();
                return false;
            });
        }
        assertThat((bytes[10] - bytes[2]) / (8 * 256)).as("bytes a sample").isLessThan(10);
    }

    @Test
    void shouldLeaveAFileThatCameMeanwhile() throws IOException {
        final Path file = out.resolve("race.csv");
        assertThatThrownBy(() -> {
                    try (Exporter exporter = new CsvExporter(new ExportTarget.File(file, false), false)) {
                        Files.writeString(file, "first");
                        session.export(exporter, List.of("gear"), 1, () -> false);
                    }
                })
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("first");
        assertThat(ExportedSession.files(out)).containsExactly("race.csv");
    }
}
