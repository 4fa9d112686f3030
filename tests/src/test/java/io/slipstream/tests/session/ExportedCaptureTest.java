package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.format.Field;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.tests.capture.CaptureAnimator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The animated real capture in every format of export, read by readers that are not ours, against the rows that it was made
 * from: how many samples there are and when, where the game was paused, and how long the laps took.
 */
final class ExportedCaptureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 30_009;
    private static final double NS = 1e9;
    private static final double MAX_STEP_S = 1;
    /** Where more than a second is between two rows, s. */
    private static final double[] GAPS = {4.754, 3.117, 2.973, 4.559};
    /** A lap is from one frame to another, and the line was crossed a little before each. */
    private static final double TWO_FRAMES_S = 0.035;

    /** A sample of an export. */
    private record Sample(double time, long lap, double lapTime, double speed) {}

    @TempDir
    static Path folder;

    private static Path session;
    private static long startNs;
    private static List<LapSpan> laps;
    private static SessionInfo info;
    /** What was put into the session; of its laps nothing. */
    private static List<Sample> rows;

    @BeforeAll
    static void record() throws IOException {
        assumeTrue(RecordedCapture.available(), "no captures at " + RecordedCapture.CAPTURES);
        session = RecordedCapture.record(folder);
        try (SessionReader reader = SessionReader.open(session)) {
            laps = reader.laps();
            info = reader.info();
            final Field speed = reader.format().field("mSpeed");
            final CaptureAnimator animator = CaptureAnimator.open(RecordedCapture.CAPTURES);
            rows = new ArrayList<>();
            while (animator.next()) {
                if (rows.isEmpty()) {
                    startNs = animator.timestampNs();
                }
                rows.add(
                        new Sample((animator.timestampNs() - startNs) / NS, 0, 0, speed.si(animator.block(), 0) * 3.6));
            }
        }
    }

    private static CommandRun export(String format, Path out, String... more) {
        final List<Object> words = new ArrayList<>(List.of("export", session, "--format", format, "--out", out));
        words.addAll(List.of(more));
        return CommandRun.of(0, words.toArray());
    }

    /** Every frame, in its place and its lap. */
    private static void check(List<Sample> samples) {
        assertThat(samples).hasSize(ROWS).hasSameSizeAs(rows);
        final List<Double> gaps = new ArrayList<>();
        final List<Sample> lapStarts = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            final Sample sample = samples.get(i);
            final Sample before = i == 0 ? null : samples.get(i - 1);
            final int place = i;
            final LapSpan lap = laps.stream()
                    .filter(span -> place >= span.firstFrame() && place < span.endFrame())
                    .findFirst()
                    .orElseThrow();
            if (Math.abs(sample.time() - rows.get(i).time()) > 1e-6
                    || Math.abs(sample.speed() - rows.get(i).speed()) > 1e-3
                    || sample.lap() != lap.lap()
                    || Math.abs(sample.lapTime() - (rows.get(i).time() - (lap.startNs() - startNs) / NS)) > 1e-6) {
                throw new AssertionError("sample " + i + " is " + sample + " and not of " + rows.get(i) + " in " + lap);
            }
            if (before != null && sample.time() - before.time() > MAX_STEP_S) {
                gaps.add(sample.time() - before.time());
            }
            if (before == null || sample.lap() != before.lap()) {
                lapStarts.add(sample);
            }
        }
        assertThat(samples.getLast().time()).as("time span, s").isCloseTo(515.644, within(0.001));
        assertThat((ROWS - 1) / samples.getLast().time()).as("mean rate, Hz").isCloseTo(58.195, within(0.001));
        assertThat(gaps).hasSize(GAPS.length);
        for (int i = 0; i < GAPS.length; i++) {
            assertThat(gaps.get(i)).as("gap %d, s", i).isCloseTo(GAPS[i], within(0.001));
        }
        // Laps 1 to 4 and the one after them are the last that begin.
        final List<Sample> lines = lapStarts.subList(lapStarts.size() - 5, lapStarts.size());
        assertThat(lines).extracting(Sample::lap).containsExactly(1L, 2L, 3L, 4L, 5L);
        for (int i = 0; i < RecordedCapture.KNOWN_LAPS.size(); i++) {
            assertThat(lines.get(i + 1).time() - lines.get(i).time())
                    .as("lap %d, s", i + 1)
                    .isCloseTo(RecordedCapture.KNOWN_LAPS.get(i), within(TWO_FRAMES_S));
        }
    }

    private static List<Sample> duckDb(String query) throws SQLException {
        final List<Sample> samples = new ArrayList<>();
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                samples.add(new Sample(rows.getDouble(1), rows.getLong(2), rows.getDouble(3), rows.getDouble(4)));
            }
        }
        return samples;
    }

    @Test
    void shouldBeRightInTheSession() {
        assertThat(info.frames()).isEqualTo(ROWS);
        assertThat(info.missed()).as("missed").isZero();
        assertThat(info.rateHz()).as("rate while it was driven").isCloseTo(60, within(0.1));
        assertThat(info.laps()).extracting(SessionInfo.Lap::lap).containsExactly(1L, 2L, 3L, 4L);
        for (int i = 0; i < RecordedCapture.KNOWN_LAPS.size(); i++) {
            assertThat(info.laps().get(i).time())
                    .as("lap %d", i + 1)
                    .isCloseTo(RecordedCapture.KNOWN_LAPS.get(i), within(0.020));
        }
        // From where the game began anew.
        assertThat(info.laps().getFirst().frames()).as("frames of lap 1").isEqualTo(11_318);
        assertThat(laps.getFirst().firstFrame()).isZero();
        assertThat(laps.getLast().endFrame()).isEqualTo(ROWS);
    }

    @Test
    void shouldBeRightInCsv() throws Exception {
        final Path file = folder.resolve("race.csv");
        assertThat(export("csv", file, "--channels", "speed").err())
                .contains("30,009 samples of 1 channels, every frame at 60.0 Hz")
                .contains("4 gaps of more than a second");
        check(duckDb("select time, lap, lap_time, speed from read_csv('" + file + "')"));
    }

    @Test
    void shouldBeRightInParquet() throws Exception {
        final Path file = folder.resolve("race.parquet");
        export("parquet", file, "--channels", "speed");
        check(duckDb("select time, lap, lap_time, speed from '" + file + "' order by \"timestamp\""));
        // To the nanosecond, where the times in s are to the double.
        final List<Sample> ends = duckDb("select epoch_ns(min(\"timestamp\")) - " + startNs
                + ", count(*), 0, epoch_ns(max(\"timestamp\")) - " + startNs + " from '" + file + "'");
        assertThat(ends.getFirst().time()).as("first, ns").isZero();
        assertThat((long) ends.getFirst().speed())
                .as("last, ns")
                .isEqualTo(laps.getLast().endNs() - 1 - startNs);
    }

    @Test
    void shouldBeRightInJsonLines() throws Exception {
        final Path file = folder.resolve("race.jsonl");
        export("jsonl", file, "--channels", "speed");
        final List<Sample> samples = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                samples.add(sample(JSON.readTree(line)));
            }
        }
        check(samples);
    }

    private static Sample sample(JsonNode object) {
        return new Sample(
                object.required("time").asDouble(),
                object.required("lap").asLong(),
                object.required("lap_time").asDouble(),
                object.required("speed").asDouble());
    }

    @Test
    void shouldBeRightInMcap() throws Exception {
        final Path file = folder.resolve("race.mcap");
        export("mcap", file, "--channels", "speed");
        final McapMessages messages = new McapMessages(file);
        final List<Sample> samples = new ArrayList<>();
        for (McapMessages.Message message : messages.of("/car")) {
            final Sample sample = sample(JSON.readTree(message.data()));
            assertThat((message.logTime() - startNs) / NS)
                    .as("time of the message")
                    .isEqualTo(sample.time(), within(1e-9));
            samples.add(sample);
        }
        check(samples);
        final List<JsonNode> told = new ArrayList<>();
        for (McapMessages.Message message : messages.of("/lap")) {
            told.add(JSON.readTree(message.data()));
        }
        assertThat(told).hasSameSizeAs(info.laps());
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i).required("lap").asLong())
                    .isEqualTo(info.laps().get(i).lap());
            assertThat(told.get(i).required("time").asDouble())
                    .as("lap %d", i + 1)
                    .isCloseTo(info.laps().get(i).time(), within(1e-6));
        }
    }

    @Test
    void shouldBeRightInALogOfMotec() throws Exception {
        final Path file = folder.resolve("race.ld");
        assertThat(export("motec", file, "--channels", "speed,gear").err())
                .contains("924 samples of 30,939 are in gaps of the session");
        final LdLog log = LdLog.read(file);
        assertThat(log.channels()).containsOnlyKeys("Ground Speed", "Gear");
        final LdLog.Channel speed = log.channels().get("Ground Speed");
        assertThat(speed.unit()).isEqualTo("km/h");
        assertThat(speed.hz()).isEqualTo(60);
        assertThat(speed.values())
                .hasSize((int) Math.floor(rows.getLast().time() * speed.hz()) + 1)
                .hasSameSizeAs(log.channels().get("Gear").values());
        checkGrid(speed);
        checkBeacons(log);
    }

    /** On the line between the rows around it; in a gap, as before it. */
    private static void checkGrid(LdLog.Channel speed) {
        int before = 0;
        int held = 0;
        for (int i = 0; i < speed.values().size(); i++) {
            final double time = (double) i / speed.hz();
            while (before + 2 < ROWS && rows.get(before + 1).time() <= time) {
                before++;
            }
            final Sample left = rows.get(before);
            final Sample right = rows.get(before + 1);
            final double step = right.time() - left.time();
            // What stands in a gap is the last value of the grid.
            final double expected = step > MAX_STEP_S
                    ? speed.values().get(Math.max(0, i - 1))
                    : left.speed() + (right.speed() - left.speed()) * (time - left.time()) / step;
            held += step > MAX_STEP_S ? 1 : 0;
            if (Math.abs(speed.values().get(i) - expected) > 0.01) {
                throw new AssertionError("sample " + i + " at " + time + " s is "
                        + speed.values().get(i) + " and not " + expected + ", between " + left + " and " + right);
            }
        }
        assertThat(held).as("samples in gaps").isEqualTo(924);
    }

    private static void checkBeacons(LdLog log) {
        // Laps were begun anew before the first whole one: a beacon of its own begins it.
        assertThat(log.beacons()).hasSize(RecordedCapture.KNOWN_LAPS.size() + 1);
        for (int i = 0; i < RecordedCapture.KNOWN_LAPS.size(); i++) {
            final SessionInfo.Lap lap = info.laps().get(i);
            assertThat(log.lap(i + 1)).as("lap %d, s", i + 1).isCloseTo(lap.time(), within(1e-6));
            assertThat(log.beacons().get(i + 1).time())
                    .as("end of lap %d", i + 1)
                    .isCloseTo(rows.get((int) lap.frame()).time(), within(TWO_FRAMES_S));
        }
    }

    @Test
    void shouldBeRightAtAnotherRate() throws Exception {
        final Path file = folder.resolve("slow.csv");
        assertThat(export("csv", file, "--channels", "speed", "--rate", "10", "--laps", "2-3")
                        .err())
                .contains("from 11,917 frames");
        final List<Sample> samples = duckDb("select time, lap, lap_time, speed from read_csv('" + file + "')");
        final double span = (laps.stream()
                                        .filter(lap -> lap.complete() && lap.lap() == 3)
                                        .findFirst()
                                        .orElseThrow()
                                        .endNs()
                                - startNs)
                        / NS
                - samples.getFirst().time();
        assertThat(samples.size()).isBetween((int) (span * 10) - 1, (int) (span * 10) + 1);
        for (int i = 1; i < samples.size(); i++) {
            assertThat(samples.get(i).time() - samples.get(i - 1).time())
                    .as("step %d", i)
                    .isCloseTo(0.1, within(1e-6));
        }
    }

    @Test
    void shouldBeRightInTablesOfSql() throws Exception {
        final JsonNode table = CommandRun.of(
                        0,
                        "sql",
                        "select l.*, (select count(*) from frames f where f.frame >= l.first_frame"
                                + " and f.frame < l.first_frame + l.frames and f.lap = l.lap) as counted"
                                + " from laps l order by first_frame",
                        session,
                        "--json")
                .json();
        assertThat(table).hasSameSizeAs(laps);
        long frames = 0;
        int complete = 0;
        for (int i = 0; i < laps.size(); i++) {
            final JsonNode row = table.get(i);
            assertThat(row.required("lap").asLong()).isEqualTo(laps.get(i).lap());
            assertThat(row.required("first_frame").asLong()).isEqualTo(frames);
            assertThat(row.required("counted").asLong())
                    .as("frames of %s", row)
                    .isEqualTo(row.required("frames").asLong());
            frames += row.required("frames").asLong();
            if (row.required("complete").asBoolean()) {
                final SessionInfo.Lap lap = info.laps().get(complete++);
                assertThat(row.required("lap").asLong()).isEqualTo(lap.lap());
                assertThat(row.required("time").asDouble()).isCloseTo(lap.time(), within(1e-6));
                for (int sector = 0; sector < 3; sector++) {
                    assertThat(row.required("sector" + (sector + 1)).asDouble())
                            .as("sector %d of lap %d", sector + 1, lap.lap())
                            .isEqualTo(lap.sectors().get(sector));
                }
            }
        }
        assertThat(frames).isEqualTo(ROWS);
        assertThat(complete).isEqualTo(info.laps().size());
    }
}
