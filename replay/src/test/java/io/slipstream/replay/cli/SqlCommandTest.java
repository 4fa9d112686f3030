package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.format.Field;
import io.slipstream.replay.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code slipstream sql} on two simulated races, the one of 1,300 frames and a lap, the other of 200 frames. */
final class SqlCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PERIOD = 16_667_000;
    private static final int LONG_RACE = 1300;
    private static final int SHORT_RACE = 200;

    @TempDir
    static Path directory;

    private static Sessions race;
    private static Sessions other;
    private static String in;
    private static String longSession;
    private static String shortSession;

    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void record() throws IOException {
        race = new Sessions(Files.createDirectory(directory.resolve("long")));
        longSession = race.frames(LONG_RACE, Sessions.START_NS, PERIOD)
                .record()
                .finish()
                .toString();
        other = new Sessions(Files.createDirectory(directory.resolve("short")));
        shortSession = other.frames(SHORT_RACE, Sessions.START_NS + 1_000_000_000L, PERIOD)
                .record()
                .finish()
                .toString();
        in = directory.resolve("long/sessions").toString();
    }

    @AfterAll
    static void close() throws IOException {
        race.close();
        other.close();
    }

    private static Run run(String... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final String[] all =
                Stream.concat(Stream.of("sql"), Stream.of(arguments)).toArray(String[]::new);
        final int code = Slipstream.run(new PrintWriter(out), new PrintWriter(err), all);
        assertThat(err.toString()).doesNotContain("\tat ");
        return new Run(code, out.toString(), err.toString());
    }

    private static JsonNode json(String... arguments) throws IOException {
        final Run run =
                run(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    @Test
    void shouldHaveEveryFrameWithItsValues() throws Exception {
        final JsonNode rows = json("select frame, speed, gear, \"timestamp\" from frames", longSession);
        assertThat(rows).hasSize(LONG_RACE);
        final Field speed = Sessions.FORMAT.field("mSpeed");
        for (int i = 0; i < LONG_RACE; i += 13) {
            final UnsafeBuffer block = new UnsafeBuffer(race.frames.get(i).block());
            assertThat(rows.get(i).path("frame").asInt()).isEqualTo(i);
            assertThat(rows.get(i).path("speed").floatValue())
                    .as("speed of frame %d", i)
                    .isEqualTo((float) (speed.si(block, 0) * 3.6));
            assertThat(rows.get(i).path("gear").asLong())
                    .isEqualTo(Sessions.FORMAT.field("mGear").integer(block, 0));
        }
        assertThat(rows.get(1).path("timestamp").asText()).isEqualTo("2026-01-02T03:04:05.016667");
    }

    @Test
    void shouldAskManySessionsAtOnce() throws Exception {
        final JsonNode rows = json(
                "select s.frames, count(*) as n, max(f.frame) as last from frames f join sessions s using (session)"
                        + " group by s.frames order by 1",
                longSession,
                shortSession);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).path("n").asInt()).isEqualTo(SHORT_RACE);
        assertThat(rows.get(1).path("n").asInt()).isEqualTo(LONG_RACE);
        assertThat(rows.get(1).path("last").asInt()).isEqualTo(LONG_RACE - 1);
    }

    @Test
    void shouldTellLapsAsTheSessionDoes() throws Exception {
        final JsonNode laps = json("select * from laps order by lap", "--in", in);
        final JsonNode frames = json("select lap, count(*) as n from frames group by lap order by lap", "--in", in);
        assertThat(laps).hasSameSizeAs(frames).hasSize(3);
        for (int i = 0; i < laps.size(); i++) {
            assertThat(laps.get(i).path("frames")).isEqualTo(frames.get(i).path("n"));
        }
        // What is before the first line is no lap.
        assertThat(laps.get(0).path("lap").asInt()).isZero();
        assertThat(laps.get(0).path("time").isNull()).isTrue();
        assertThat(laps.get(1).path("time").asDouble()).isBetween(16.0, 18.0);
        assertThat(laps.get(1).path("sector1").asDouble()
                        + laps.get(1).path("sector2").asDouble()
                        + laps.get(1).path("sector3").asDouble())
                .isBetween(16.0, 18.0);
        assertThat(laps.get(2).path("time").isNull()).isTrue();
        assertThat(laps.get(2).path("complete").asBoolean()).isFalse();
    }

    @Test
    void shouldTellEventsWithTheirDetails() throws Exception {
        final JsonNode rows = json(
                "select type, time, lap, frame, detail->>'time' as seconds from events where type = 'LapCompleted'",
                "--in",
                in);
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).path("lap").asInt()).isEqualTo(1);
        assertThat(rows.get(0).path("seconds").asText()).startsWith("16.");
        assertThat(json("select first_frame from laps where lap = 2", "--in", in)
                        .get(0)
                        .path("first_frame"))
                .isEqualTo(rows.get(0).path("frame"));
    }

    @Test
    void shouldShowATableForPeople() {
        final Run run = run(
                "select lap, time, valid, 'x' as text, cast('nan' as double) as nothing from laps order by lap",
                "--in",
                in);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().toList()).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo("lap    time  valid  text  nothing");
            assertThat(lines.get(1)).isEqualTo("  0    NULL  true   x         NaN");
            assertThat(lines.get(2)).matches("  1  16\\.\\d{3}  true   x         NaN");
            assertThat(lines.get(3)).isEqualTo("  2    NULL  true   x         NaN");
        });
        assertThat(run.err()).isEqualTo("3 rows\n");
    }

    @Test
    void shouldSayHowManyRowsAreNotShown() {
        final Run run = run("select frame from frames", "--in", in, "--limit", "10");
        assertThat(run.out().lines()).hasSize(11);
        assertThat(run.err()).contains("10 rows shown, 1,290 more");
    }

    @Test
    void shouldWriteCsv() {
        final Run run = run("select 1 as a, 'x,\"y\"' as b, null as c, '' as d", "--in", in, "--format", "csv");
        assertThat(run.out()).isEqualTo("a,b,c,d\n1,\"x,\"\"y\"\"\",,\"\"\n");
    }

    @Test
    void shouldWriteParquetThatDuckDbReadsBack() throws Exception {
        final Path file = directory.resolve("out.parquet");
        final Run run = run("select frame, \"timestamp\", speed from frames;", longSession, "--out", file.toString());
        assertThat(run.code()).as(run.err()).isZero();
        final JsonNode rows = json("select frame, speed from frames", longSession);
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select * from '" + file + "' order by frame")) {
            for (JsonNode row : rows) {
                assertThat(result.next()).isTrue();
                assertThat(result.getLong(1)).isEqualTo(row.path("frame").asLong());
                assertThat(result.getFloat(3)).isEqualTo(row.path("speed").floatValue());
            }
            assertThat(result.next()).isFalse();
        }
        assertThat(run("select 1", "--in", in, "--out", file.toString()).code())
                .as("a file that exists is kept")
                .isEqualTo(1);
        assertThat(run("select 1", "--in", in, "--format", "parquet").code()).isEqualTo(2);
    }

    @Test
    void shouldAddChannelsByName() throws Exception {
        final JsonNode row = json("select * from frames limit 1", longSession, "--channels", "yaw,mTyreTemp[0]")
                .get(0);
        assertThat(row.has("yaw")).isTrue();
        assertThat(row.has("mTyreTemp[0]")).isTrue();
        final Run run = run("select 1", longSession, "--channels", "yew");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("yew").contains("yaw");
    }

    @Test
    void shouldSayWhatIsWrongWithAQuery() {
        final Run syntax = run("selec lap from laps", "--in", in);
        assertThat(syntax.code()).isEqualTo(1);
        assertThat(syntax.err()).isEqualTo("""
                slipstream: Parser Error: syntax error at or near "selec"
                LINE 1: selec lap from laps
                        ^
                """);
        assertThat(run("select spead from frames", "--in", in).err())
                .startsWith("slipstream: Binder Error: ")
                .contains("\"speed\"")
                .contains("LINE 1: select spead from frames");
    }

    @Test
    void shouldReachForNothingButTheSessions() throws Exception {
        final Path secret = Files.writeString(directory.resolve("secret.csv"), "a\n1\n");
        final Path written = directory.resolve("written.csv");
        for (String query : new String[] {
            "select * from '" + secret + "'",
            "select * from read_csv('" + secret + "')",
            "select * from read_text('" + secret + "')",
            "copy (select 1) to '" + written + "'",
            "attach '" + directory.resolve("a.db") + "' as other",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "set autoinstall_known_extensions = true",
            "set memory_limit = '100GB'"
        }) {
            final Run run = run(query, "--in", in);
            assertThat(run.code()).as("%s: %s", query, run.out()).isEqualTo(1);
        }
        assertThat(written).doesNotExist();
        assertThat(directory.resolve("a.db")).doesNotExist();
    }

    @Test
    void shouldLeaveOutWhatCannotBeReadAndSaySo() throws Exception {
        final Path broken = Files.createDirectories(directory.resolve("broken/one"));
        Files.writeString(broken.resolve("session.json"), "{");
        final Run run = run("select count(*) as n from sessions", longSession, broken.toString(), "--json");
        assertThat(run.code()).isEqualTo(Slipstream.WITH_LOSS);
        assertThat(run.err()).contains(broken.toString());
        assertThat(run.out()).contains("{\"n\":1}");
    }

    @Test
    void shouldListTablesColumnsAndUnits() throws Exception {
        final Run run = run("--schema", longSession);
        assertThat(run.out())
                .contains("frames  -- ")
                .containsPattern("speed +FLOAT +km/h +Ground Speed")
                .containsPattern("lap_time +DOUBLE +s ");
        assertThat(json("--schema", longSession)).hasSize(4);
        assertThat(run().code()).isEqualTo(2);
    }

    @Test
    void shouldKnowASessionByItsName() throws Exception {
        final String name = Path.of(longSession).getFileName().toString();
        assertThat(json("select session from sessions", name, "--in", in)
                        .get(0)
                        .path("session")
                        .asText())
                .isEqualTo(name);
        final Run wrong = run("select 1", "nothing", "--in", in);
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).isEqualTo("slipstream: nothing is no session, here or in " + in + "\n");
    }

    @Test
    void shouldSayThatThereIsNoSession() throws Exception {
        final Path empty = Files.createDirectories(directory.resolve("empty"));
        final Run run = run("select 1", "--in", empty.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no session in " + empty);
        final Run named = run("select 1", empty.toString());
        assertThat(named.code()).isEqualTo(1);
        assertThat(named.err()).contains(empty + " is no session");
    }

    @Test
    void shouldNameUnreadableSessionsThoughTheQueryFails() throws Exception {
        final Path broken = Files.createDirectories(directory.resolve("unreadable/one"));
        Files.writeString(broken.resolve("session.json"), "{");
        final Run run = run("select spead from frames", longSession, broken.toString());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("left out " + broken, "Binder Error");
    }

    @Test
    void shouldNotTakeAFileForASchema() {
        assertThat(run(
                                "--schema",
                                longSession,
                                "--out",
                                directory.resolve("schema.json").toString())
                        .code())
                .isEqualTo(2);
    }
}
