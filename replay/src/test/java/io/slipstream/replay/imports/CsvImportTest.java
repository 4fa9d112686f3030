package io.slipstream.replay.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.slipstream.memory.format.Field;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvImportTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("log.csv");
    }

    private SessionReader imported(final String text, final String time) throws IOException {
        Files.writeString(file, text);
        return imported(file, time);
    }

    private SessionReader imported(final Path from, final String time) throws IOException {
        try (SessionImport log = SessionImport.open(from, SessionImport.Kind.CSV, time)) {
            return SessionReader.open(log.write(folder.resolve("sessions"), "", rows -> {}, () -> false)
                    .orElseThrow());
        }
    }

    private static List<Double> values(final SessionReader reader, final String field) {
        final Field found = reader.format().field(field);
        final List<Double> values = new ArrayList<>();
        try (FrameCursor frames = reader.frames()) {
            while (frames.next()) {
                final double raw = found.raw(frames.block(), 0);
                values.add(Double.isNaN(found.si(frames.block(), 0)) ? Double.NaN : raw);
            }
        }
        return values;
    }

    private static List<Double> times(final SessionReader reader) {
        final List<Double> values = new ArrayList<>();
        try (FrameCursor frames = reader.frames()) {
            while (frames.next()) {
                values.add((frames.timestamp() - reader.startNs()) / 1e9);
            }
        }
        return values;
    }

    private void shouldRefuse(final String text, final String... messages) throws IOException {
        Files.writeString(file, text);
        assertThatThrownBy(() -> imported(file, null))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining(file.toString())
                .satisfies(e -> {
                    for (final String message : messages) {
                        assertThat(e.getMessage()).contains(message);
                    }
                });
        assertThat(folder.resolve("sessions")).doesNotExist();
    }

    @Test
    void shouldImportARealLoggersFile() throws IOException {
        final Path wrx = Path.of("..", "..", "shared", "captures", "wrx-accessport.csv");
        Assumptions.assumeTrue(Files.exists(wrx), "no captures here: " + wrx);
        try (SessionReader reader = imported(wrx, null)) {
            assertThat(reader.frameCount()).isEqualTo(18_033);
            assertThat(reader.info().durationSeconds()).isCloseTo(1_352.76, within(1e-6));
            assertThat(reader.info().rateHz()).isBetween(13.0, 13.5);
            assertThat(reader.info().metadata().get("column AP Info")).contains("COBB Custom Features");
            final List<Double> rpm = values(reader, "engine_speed");
            final List<Double> throttle = values(reader, "throttle");
            final List<Double> torque = values(reader, "req_torque");
            assertThat(rpm.getFirst()).isEqualTo(770);
            assertThat(rpm.getLast()).isEqualTo(736);
            assertThat(values(reader, "water_temperature").getFirst()).isEqualTo(87);
            assertThat(values(reader, "speed")).allMatch(speed -> speed >= 0 && speed < 250);
            assertThat(reader.format().field("req_torque").unit()).isEqualTo("N.m");
            int full = 0;
            double largest = 0;
            for (int i = 0; i < rpm.size(); i++) {
                if (throttle.get(i) >= 95 && torque.get(i) > 0) {
                    full++;
                    assertThat(rpm.get(i)).isBetween(3_379.0, 5_690.0);
                    largest = Math.max(largest, torque.get(i) * rpm.get(i) * Math.PI / 30 / 1_000);
                }
            }
            assertThat(full).isEqualTo(101);
            assertThat(largest).as("kW").isCloseTo(203.5, within(0.1));
        }
    }

    @Test
    void shouldTakeItsOwnExportsWithLaps() throws IOException {
        final StringBuilder text = new StringBuilder("time,lap,lap_time,speed,gear,mSteering\r\n");
        for (int i = 0; i < 3_000; i++) {
            final double time = i * 0.02;
            // Lines are crossed at 10.005 s and 30.015 s.
            final int lap = time < 10.005 ? 1 : time < 30.015 ? 2 : 3;
            final double into = lap == 1 ? time : lap == 2 ? time - 10.005 : time - 30.015;
            text.append(String.format(
                    java.util.Locale.ROOT,
                    "%.6f,%d,%.6f,%s,%d,%s%n",
                    time,
                    lap,
                    into,
                    i % 10 == 0 ? "" : i * 0.1,
                    i % 6,
                    i / 3_000.0));
        }
        try (SessionReader reader = imported(text.toString(), null)) {
            final List<LapSpan> laps = reader.laps();
            assertThat(laps).hasSize(3);
            assertThat(laps.get(0).whole()).as("nobody knows where it began").isFalse();
            assertThat(laps.get(1).time()).isCloseTo(20.01, within(1e-6));
            assertThat(laps.get(1).whole()).isTrue();
            assertThat(laps.get(2).complete()).isFalse();
            assertThat(laps.get(1).firstFrame()).isEqualTo(501);
            assertThat(reader.format().fields())
                    .extracting(Field::path)
                    .containsExactly("block_sequence", "speed", "gear", "mSteering");
            final List<Double> speed = values(reader, "speed");
            assertThat(speed.get(0)).isNaN();
            assertThat(speed.get(2_999)).isEqualTo(2_999 * 0.1);
            assertThat(values(reader, "gear").get(5)).isEqualTo(5);
            assertThat(times(reader).get(1)).isEqualTo(0.02);
            assertThat(reader.format().field("speed").unit()).isEqualTo("km/h");
        }
    }

    @Test
    void shouldTakeMotecsCsv() throws IOException {
        final String text = """
                "Format","MoTeC CSV File",,,"Workbook",""
                "Venue","Bathurst",,,"Worksheet",""
                "Vehicle","GT3",,,"Vehicle Desc",""
                "Driver","A. Driver",,,"Engine ID",""
                "Device","ADL"
                "Log Date","24/11/2018",,,"Origin Time","0","s"
                "Log Time","18:55:10",,,"Start Time","0","s"
                "Sample Rate","10","Hz",,"Duration","0.4","s"
                "Range","entire outing",,,"Start Distance","0","m"
                "Beacon Markers","0.15 0.35"


                "Time","Ground Speed","Engine RPM"
                "s","mph","rpm"


                "0.000","100","5000"
                "0.100","101","5100"
                "0.200","102","5200"
                "0.300","103","5300"
                "0.400","104","5400"
                """;
        try (SessionReader reader = imported(text, null)) {
            assertThat(reader.info().started()).isEqualTo("2018-11-24T18:55:10Z");
            assertThat(reader.info().car()).isEqualTo("GT3");
            assertThat(reader.info().track()).isEqualTo("Bathurst");
            assertThat(values(reader, "speed").get(1))
                    .as("in km/h, as in every session")
                    .isCloseTo(101 * 1.609344, within(1e-9));
            assertThat(reader.laps()).hasSize(3);
            assertThat(reader.laps().get(1).time()).isCloseTo(0.2, within(1e-6));
            assertThat(reader.laps().get(1).firstFrame()).isEqualTo(2);
        }
    }

    @Test
    void shouldStartWhereTheFileSays() throws IOException {
        try (SessionReader reader =
                imported("Time;Speed [km/h]\n2024-05-01 12:00:00.250;1,5\n2024-05-01 12:00:01.250;2,5\n", null)) {
            assertThat(reader.info().started()).isEqualTo("2024-05-01T12:00:00.250Z");
            assertThat(values(reader, "speed")).containsExactly(1.5, 2.5);
        }
        try (SessionReader reader = imported("Time (s),x\n1714564800.5,1\n1714564801.5,2\n", null)) {
            assertThat(reader.info().started()).isEqualTo("2024-05-01T12:00:00.500Z");
        }
        Files.writeString(file, "Time (ms),x\n0,1\n1500,2\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-02-02T02:02:02Z")));
        try (SessionReader reader = imported(file, null)) {
            assertThat(reader.info().started()).isEqualTo("2020-02-02T02:02:02Z");
            assertThat(reader.info().metadata().get("start")).contains("last written");
            assertThat(times(reader)).containsExactly(0.0, 1.5);
        }
    }

    @Test
    void shouldNotGuessTheTime() throws IOException {
        shouldRefuse("a,b\n1,2\n", "--time COLUMN", "a, b");
        shouldRefuse("Time,b\n1,2\n", "--time 'Time:s'");
        shouldRefuse("Time (s),Timestamp (ms),b\n1,1000,2\n", "several columns", "--time");
        try (SessionReader reader = imported("a,b\n1,2\n3,4\n", "a:ms")) {
            assertThat(times(reader)).containsExactly(0.0, 0.002);
        }
        Files.writeString(file, "a,b\n1,2\n");
        assertThatThrownBy(() -> imported(file, "c:s")).hasMessageContaining("no column is called 'c:s'");
    }

    @Test
    void shouldNameTheLineThatIsWrong() throws IOException {
        shouldRefuse("time_s,x\n0,1\n2,2\n1,3\n", "line 4", "goes back");
        shouldRefuse("time_s,x\n0,1\n1,2,3\n", "line 3", "3 values for 2 columns");
        shouldRefuse("time_s,x\n0,1\nlater,2\n", "line 3", "'later' is no time");
        shouldRefuse("time_s,x\n0,\"1\n", "line 2", "not closed");
        shouldRefuse("1,2\n3,4\n", "line 1", "name the columns");
        shouldRefuse("time_s,x\n", "no row");
        shouldRefuse("", "empty");
        shouldRefuse("time_s,name\n0,a\n1,b\n", "no column of numbers");
        shouldRefuse("time_s,x\n" + "9".repeat(1 << 20) + "9,1\n", "line 2", "longer than");
    }

    @Test
    void shouldSayWhatIsLeftOut() throws IOException {
        Files.writeString(file, "time_s,x,driver\n0,1,Ann\n1,2,Bob\n2,3");
        try (SessionImport log = SessionImport.open(file, SessionImport.Kind.CSV, null)) {
            assertThat(log.lossy()).isTrue();
            assertThat(log.rows()).isEqualTo(2);
            assertThat(log.remarks())
                    .hasSize(2)
                    .anyMatch(r -> r.contains("driver"))
                    .anyMatch(r -> r.contains("cut off"));
        }
    }

    @Test
    void shouldLeaveAColumnWithAWordOutWhereverTheWordStands() throws IOException {
        for (final String rows : List.of("0,1,7\n1,abc,8\n", "0,abc,7\n1,1,8\n")) {
            Files.writeString(file, "time_s,x,y\n" + rows);
            try (SessionImport log = SessionImport.open(file, SessionImport.Kind.CSV, null)) {
                assertThat(log.lossy()).isTrue();
                assertThat(log.remarks())
                        .singleElement()
                        .asString()
                        .contains("x ('abc' in line " + (rows.startsWith("0,abc") ? 2 : 3) + ")");
            }
        }
        shouldRefuse("time_s,x\n0,1\n1,abc\n", "no column of numbers");
    }

    @Test
    void shouldNotAssumeAUnit() throws IOException {
        Files.writeString(file, "time_s,Speed,Gear,Brake (%)\n0,100,3,1\n1,101,4,2\n");
        try (SessionImport log = SessionImport.open(file, SessionImport.Kind.CSV, null)) {
            assertThat(log.lossy()).isFalse();
            assertThat(log.remarks())
                    .singleElement()
                    .asString()
                    .contains("'Speed' names no unit", "kept as speed_2", "in km/h");
        }
        try (SessionReader reader = imported(file, null)) {
            assertThat(reader.format().fields())
                    .extracting(Field::path)
                    .containsExactly("block_sequence", "speed_2", "gear", "brake");
            assertThat(reader.format().field("speed_2").unit()).isEmpty();
        }
        Files.writeString(file, "time,lap,lap_time,speed\n0,1,0,100\n1,1,1,101\n");
        try (SessionImport log = SessionImport.open(file, SessionImport.Kind.CSV, null)) {
            assertThat(log.remarks()).singleElement().asString().contains("1 channels name no unit", "--units");
        }
    }

    @Test
    void shouldTakeCommasForPointsInTheTimeToo() throws IOException {
        try (SessionReader reader = imported("Time (s);Speed (km/h)\n0,5;1,0\n1,75;2,5\n", null)) {
            assertThat(times(reader)).containsExactly(0.0, 1.25);
            assertThat(values(reader, "speed")).containsExactly(1.0, 2.5);
        }
        try (SessionReader reader = imported("Time;x\n0:59,5;1\n1:00,25;2\n", null)) {
            assertThat(times(reader)).containsExactly(0.0, 0.75);
        }
    }

    @Test
    void shouldSurviveWhatIsFarTooLong() throws IOException {
        final String dashes = "-1".repeat(200_000);
        shouldRefuse("Time,x\n2024-05-01 12:00:00T" + dashes + ",1\n", "nothing says in what unit");
        shouldRefuse("Time,x\n2024-05-01 12:00:00,1\n2024-05-01T" + dashes + ",1\n", "line 3", "no time");
        shouldRefuse("time_s," + "x".repeat(1_001) + "\n0,1\n", "no name of a column");
        shouldRefuse("Time,x\n1690-01-01 00:00:00,1\n2250-01-01 00:00:00,2\n", "too far from its start");
        final String text =
                "\"Format\",\"MoTeC CSV File\"\n" + "k".repeat(5_000) + "," + "v".repeat(5_000) + "\nTime,x (m)\n0,1\n";
        try (SessionReader reader = imported(text.replace("Time,x (m)", "Time (s),x (m)"), "Time (s)")) {
            assertThat(reader.info().metadata()).containsEntry("motec " + "k".repeat(300), "v".repeat(300));
        } catch (ImportException e) {
            assertThat(e).hasMessageContaining("begins with Time");
        }
    }

    @Test
    void shouldReadWindowsTextAndNamesThatAreNone() throws IOException {
        Files.write(
                file,
                "time_s,Öltemp (°C),2nd,,Speed (knots),TIME\n0,80,1,2,3,4\n1,81,1,,3,\n"
                        .getBytes(Charset.forName("windows-1252")));
        assertThatThrownBy(() -> imported(file, null)).hasMessageContaining("several columns");
        try (SessionReader reader = imported(file, "time_s:s")) {
            assertThat(reader.format().fields())
                    .extracting(Field::path)
                    .containsExactly("block_sequence", "ltemp", "channel_2nd", "column_4", "speed_2", "time_2");
            assertThat(reader.format().field("ltemp").unit()).isEqualTo("degC");
            assertThat(values(reader, "column_4").get(1)).isNaN();
        }
    }

    @Test
    void shouldSurviveAnyDamage() throws IOException {
        final StringBuilder text = new StringBuilder("time_s,Speed (kph),lap,\"a \"\"b\"\"\",gear\n");
        for (int i = 0; i < 30; i++) {
            text.append(i * 0.1)
                    .append(',')
                    .append(i)
                    .append(',')
                    .append(i / 10)
                    .append(",-1e3,")
                    .append(i % 5)
                    .append('\n');
        }
        final byte[] whole = text.toString().getBytes(StandardCharsets.US_ASCII);
        final byte[] nasty = ",;\"\n\t-.eE019 ():#\0\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        final Random random = new Random(20_261_128);
        int opened = 0;
        for (int round = 0; round < 300; round++) {
            final byte[] damaged = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        random.nextBoolean() ? nasty[random.nextInt(nasty.length)] : (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try (CsvSource source = CsvSource.open(file, null)) {
                ImportedFormat.of("log.csv", source.channels(), source.ours());
                long rows = 0;
                while (source.next()) {
                    rows++;
                }
                assertThat(rows).isEqualTo(source.rows());
                opened++;
            } catch (ImportException e) {
                assertThat(e.getMessage()).contains("log.csv");
            }
        }
        assertThat(opened).isBetween(5, 299);
    }
}
