package io.slipstream.replay.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON lines that Jackson reads. */
final class JsonLinesExportTest {
    @TempDir
    Path folder;

    @TempDir
    Path out;

    @Test
    void shouldHoldEveryFramesValues() throws IOException {
        final Path file = out.resolve("all.jsonl");
        try (ExportedSession session = new ExportedSession(folder)) {
            try (Exporter exporter = new JsonLinesExporter(new ExportTarget.File(file, false))) {
                session.export(exporter, ExportedSession.CHANNELS, 0, () -> false);
            }
            final List<String> lines = Files.readAllLines(file);
            assertThat(lines).hasSize(ExportedSession.FRAMES);
            final ObjectMapper json = new ObjectMapper();
            for (int frame = 0; frame < lines.size(); frame++) {
                final JsonNode row = json.readTree(lines.get(frame));
                final List<String> names = new ArrayList<>(List.of("time", "lap", "lap_time"));
                names.addAll(ExportedSession.CHANNELS);
                assertThat(row.fieldNames()).toIterable().containsExactlyElementsOf(names);
                assertThat(row.get("time").doubleValue()).isEqualTo(frame * ExportedSession.PERIOD / 1e9);
                final List<Double> values = session.values(frame);
                for (int i = 0; i < values.size(); i++) {
                    final JsonNode value = row.get(ExportedSession.CHANNELS.get(i));
                    if (values.get(i) == null) {
                        assertThat(value.isNull()).as(lines.get(frame)).isTrue();
                    } else {
                        assertThat(value.floatValue())
                                .as(lines.get(frame))
                                .isEqualTo(values.get(i).floatValue());
                    }
                }
            }
        }
    }
}
