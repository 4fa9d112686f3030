package io.slipstream.replay.mcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.export.Export;
import io.slipstream.replay.export.ExportTarget;
import io.slipstream.replay.session.SessionReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulated race of some laps as MCAP: what the independent parser finds in it against the blocks that were recorded. */
final class McapExporterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PERIOD = 16_667_000;
    private static final int FRAMES = 2400;

    @TempDir
    static Path directory;

    private static Sessions sessions;
    private static Path session;

    @BeforeAll
    static void record() throws IOException {
        sessions = new Sessions(directory);
        sessions.frames(FRAMES, Sessions.START_NS, PERIOD).record();
        session = sessions.finish();
    }

    @AfterAll
    static void close() throws IOException {
        sessions.close();
    }

    private static McapParser export(SessionReader reader, SampleSelection selection) throws IOException {
        final Path path = directory.resolve("export.mcap");
        try (McapExporter exporter = new McapExporter(new ExportTarget.File(path, true), catalogue(reader))) {
            assertThat(Export.run(reader, selection, exporter, samples -> {}, () -> false))
                    .isPresent();
        }
        return new McapParser(path);
    }

    private static SampleSelection all(ChannelCatalogue catalogue) {
        return SampleSelection.of(catalogue.defaults());
    }

    private static ChannelCatalogue catalogue(SessionReader reader) {
        return ChannelCatalogue.of(reader.format(), reader.info().formatVersion());
    }

    @Test
    void shouldHoldEveryFrameAsItWasRecorded() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final ChannelCatalogue catalogue = catalogue(reader);
            final SampleSelection selection = all(catalogue);
            final McapParser file = export(reader, selection);
            final List<McapParser.Message> messages = file.messages("/car");
            assertThat(messages.size()).isEqualTo(FRAMES);
            for (int i = 0; i < FRAMES; i += 7) {
                final Sessions.Frame frame = sessions.frames.get(i);
                final JsonNode sample = JSON.readTree(messages.get(i).data());
                assertThat(messages.get(i).logTime()).isEqualTo(frame.timestamp());
                assertThat(sample.path("frame").asLong()).isEqualTo(i);
                assertThat(sample.path("time").asDouble()).isCloseTo(i * PERIOD / 1e9, within(1e-9));
                for (Channel channel : selection.channels()) {
                    final double value = channel.value(new UnsafeBuffer(frame.block()));
                    final JsonNode written = sample.get(channel.name());
                    if (Double.isNaN(value)) {
                        assertThat(written).as(channel.name()).isNull();
                    } else if (channel.type() == ChannelType.FLOAT) {
                        assertThat(written.floatValue()).as(channel.name()).isEqualTo((float) value);
                    } else {
                        assertThat(written.doubleValue()).as(channel.name()).isEqualTo(value);
                    }
                }
            }
        }
    }

    @Test
    void shouldDescribeChannelsWithTitlesAndUnits() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final McapParser file = export(reader, all(catalogue(reader)));
            final McapParser.Schema schema = file.schema("/car");
            assertThat(schema.encoding()).isEqualTo("jsonschema");
            final JsonNode properties = JSON.readTree(schema.data()).path("properties");
            assertThat(properties.path("speed").path("description").asText()).isEqualTo("Ground Speed, km/h");
            assertThat(properties.path("gear").path("type").asText()).isEqualTo("integer");
            assertThat(properties.path("frame").path("type").asText()).isEqualTo("integer");
            for (McapParser.Message message : file.messages("/car")) {
                JSON.readTree(message.data())
                        .fieldNames()
                        .forEachRemaining(name ->
                                assertThat(properties.has(name)).as(name).isTrue());
            }
            assertThat(file.channels.values())
                    .allMatch(channel -> channel.encoding().equals("json"));
        }
    }

    @Test
    void shouldTellLapsAndEventsAndTheSession() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final McapParser file = export(reader, all(catalogue(reader)));
            final List<Double> times = new ArrayList<>();
            for (McapParser.Message message : file.messages("/lap")) {
                times.add(JSON.readTree(message.data()).path("time").asDouble());
            }
            // The summary has them to the microsecond.
            assertThat(times.stream().map(time -> Math.round(time * 1e6) / 1e6))
                    .isNotEmpty()
                    .containsExactlyElementsOf(
                            reader.info().laps().stream().map(lap -> lap.time()).toList());
            assertThat(file.messages("/log")).hasSameSizeAs(file.messages("/event"));
            assertThat(file.schema("/log").name()).isEqualTo("foxglove.Log");
            assertThat(file.messages("/log").stream()
                            .filter(message -> message.data().contains("\"message\":\"Lap 1: ")))
                    .hasSize(1);
            assertThat(file.metadata.get("session"))
                    .containsEntry("synthetic", "true")
                    .containsEntry("frames", String.valueOf(FRAMES))
                    .containsEntry("sample_rate_hz", "every frame")
                    .containsEntry("laps", String.valueOf(times.size()));
            assertThat(file.attachments.getFirst().data()).contains("\"synthetic\" : true");
        }
    }

    @Test
    void shouldTurnTheCarTheWayItDrives() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final McapParser file = export(reader, all(catalogue(reader)));
            final List<McapParser.Message> messages = file.messages("/tf");
            assertThat(messages.size()).isEqualTo(FRAMES);
            assertThat(file.schema("/tf").name()).isEqualTo("foxglove.FrameTransform");
            int looked = 0;
            for (int i = 300; i + 1 < FRAMES; i += 50) {
                final JsonNode here = JSON.readTree(messages.get(i).data());
                final JsonNode next = JSON.readTree(messages.get(i + 1).data());
                final double east = axis(next, "x") - axis(here, "x");
                final double north = axis(next, "y") - axis(here, "y");
                final double way = Math.hypot(east, north);
                if (way > 0.1) {
                    final double[] q = quaternion(here);
                    final double forwardEast = 1 - 2 * (q[1] * q[1] + q[2] * q[2]);
                    final double forwardNorth = 2 * (q[0] * q[1] + q[2] * q[3]);
                    assertThat((east * forwardEast + north * forwardNorth) / way)
                            .as("cosine between where the car looks and where it goes, frame %d", i)
                            .isGreaterThan(0.9);
                    looked++;
                }
            }
            assertThat(looked).as("frames in which the car moves").isGreaterThan(20);
        }
    }

    private static double axis(JsonNode transform, String axis) {
        return transform.path("translation").path(axis).asDouble();
    }

    private static double[] quaternion(JsonNode transform) {
        final JsonNode rotation = transform.path("rotation");
        final double[] q = {
            rotation.path("x").asDouble(),
            rotation.path("y").asDouble(),
            rotation.path("z").asDouble(),
            rotation.path("w").asDouble()
        };
        assertThat(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]).isCloseTo(1, within(1e-8));
        return q;
    }

    @Test
    void shouldExportOneLapAtARate() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final var lap = reader.laps().get(1);
            final McapParser file =
                    export(reader, all(catalogue(reader)).withLaps(List.of(lap)).withRate(20));
            final List<McapParser.Message> messages = file.messages("/car");
            assertThat(messages).allMatch(one -> one.logTime() >= lap.startNs() && one.logTime() < lap.endNs());
            assertThat(messages.size())
                    .isBetween(
                            (int) ((lap.endNs() - lap.startNs()) / 50_000_000L) - 1,
                            (int) ((lap.endNs() - lap.startNs()) / 50_000_000L) + 1);
            assertThat(file.messages("/lap")).hasSize(1);
            assertThat(JSON.readTree(file.messages("/lap").getFirst().data())
                            .path("lap")
                            .asLong())
                    .isEqualTo(lap.lap());
            assertThat(file.metadata.get("session")).containsEntry("sample_rate_hz", "20.0");
        }
    }

    @Test
    void shouldWriteTheSameToAStream() throws Exception {
        try (SessionReader reader = SessionReader.open(session)) {
            final SampleSelection selection =
                    SampleSelection.of(catalogue(reader).select(List.of("speed", "gear")));
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (McapExporter exporter = new McapExporter(new ExportTarget.Stream(out), catalogue(reader))) {
                Export.run(reader, selection, exporter, samples -> {}, () -> false);
            }
            export(reader, selection);
            assertThat(out.toByteArray()).isEqualTo(Files.readAllBytes(directory.resolve("export.mcap")));
        }
    }

    @Test
    void shouldLeaveNothingOfAnExportThatWasStopped() throws Exception {
        final Path path = directory.resolve("stopped.mcap");
        try (SessionReader reader = SessionReader.open(session)) {
            try (McapExporter exporter = new McapExporter(new ExportTarget.File(path, false), catalogue(reader))) {
                assertThat(Export.run(reader, all(catalogue(reader)), exporter, samples -> {}, () -> true))
                        .isEmpty();
            }
        }
        assertThat(path).doesNotExist();
        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().contains("stopped")))
                    .isEmpty();
        }
    }
}
