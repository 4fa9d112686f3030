package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.replay.Sessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code slipstream export} as it is typed. */
final class ExportCommandTest {
    private static final int FRAMES = 2_000;
    private static final long PERIOD = 10_000_000L;

    @TempDir
    Path folder;

    @TempDir
    Path directory;

    private Sessions sessions;
    private Path session;
    private String out = "";
    private String err = "";

    @BeforeEach
    void record() throws IOException {
        sessions = new Sessions(folder);
        session = sessions.frames(FRAMES, Sessions.START_NS, PERIOD).record().finish();
    }

    @AfterEach
    void close() throws IOException {
        sessions.close();
    }

    private ExportCommandTest run(int expected, String... arguments) {
        final StringWriter printed = new StringWriter();
        final StringWriter remarks = new StringWriter();
        final String[] all = Stream.concat(Stream.of("export", session.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        final int code = Slipstream.run(new PrintWriter(printed), new PrintWriter(remarks), all);
        out = printed.toString();
        err = remarks.toString();
        assertThat(code).as(err).isEqualTo(expected);
        assertThat(err).doesNotContain("\tat ");
        return this;
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CSV", "PARQUET", "JSONL"})
    void shouldExportEachFormat(ExportFormat format) throws IOException {
        run(0, "--format", format.toString(), "--out", file("a"));
        assertThat(err).contains("2,000 samples of 53 channels, every frame at 100.0 Hz", "B in ");
        assertThat(left()).containsExactly("a");
        assertThat(Files.size(directory.resolve("a"))).isGreaterThan(100_000);
    }

    @Test
    void shouldResampleAndSelect() throws IOException {
        run(0, "--format", "csv", "--out", "-", "--channels", "speed,tyre_pressure_*,mTyreTemp[0]", "--rate", "10");
        assertThat(out.lines())
                .hasSize(1 + 200)
                .first()
                .isEqualTo("time,lap,lap_time,speed,tyre_pressure_fl,tyre_pressure_fr,tyre_pressure_rl,"
                        + "tyre_pressure_rr,mTyreTemp[0]");
        assertThat(err).contains("200 samples of 6 channels at 10 Hz, from 2,000 frames at 100.0 Hz");
        run(0, "--format", "jsonl", "--out", "-", "--channels", "gear", "--from", "5s", "--to", "6s");
        assertThat(out.lines()).hasSize(100).first().asString().startsWith("{\"time\":5,\"lap\":");
    }

    @Test
    void shouldListChannels() throws IOException {
        run(0, "--list-channels");
        assertThat(out).contains("CHANNEL", "UNIT", "DEFAULT", "TITLE");
        assertThat(out.lines()).anyMatch(line -> line.matches("speed +km/h +yes +Ground Speed"));
        run(0, "--list-channels", "--json", "--channels", "gear,tyre_temperature_f*");
        final JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json).hasSize(3);
        assertThat(json.get(0).toString())
                .isEqualTo("{\"name\":\"gear\",\"title\":\"Gear\",\"unit\":\"\",\"type\":\"long\",\"default\":true}");
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        refuse(2, "needs --format and --out", "--format", "csv");
        refuse(2, "--rate 0", "--format", "csv", "--out", file("a"), "--rate", "0");
        refuse(2, "from 0.001 to 100000", "--format", "csv", "--out", file("a"), "--rate", "0.0001");
        refuse(2, "--rate fast", "--format", "csv", "--out", file("a"), "--rate", "fast");
        refuse(2, "csv, parquet, jsonl", "--format", "xls", "--out", file("a"));
        refuse(2, "--list-channels", "--format", "csv", "--out", file("a"), "--json");
        refuse(2, "--units", "--format", "jsonl", "--out", file("a"), "--units");
        refuse(1, "near it are speed", "--format", "csv", "--out", file("a"), "--channels", "sped");
        refuse(1, "it has 1", "--format", "csv", "--out", file("a"), "--laps", "77");
        refuse(1, "behind the session's end", "--format", "csv", "--out", file("a"), "--from", "5m");
        refuse(1, "not before", "--format", "csv", "--out", file("a"), "--from", "2s", "--to", "1s");
        refuse(1, "no whole frame", "--format", "csv", "--out", file("a"), "--from", "5ms", "--to", "6ms");
        refuse(1, "goes to a file", "--format", "parquet", "--out", "-");
        refuse(1, "mcap goes to a file; give its name, or --format csv or jsonl", "--format", "mcap", "--out", "-");
        refuse(1, "is no regular file", "--format", "csv", "--out", "/dev/null", "--force");
        refuse(1, "make the directory", "--format", "csv", "--out", file("no/a"));
        session = folder.resolve("nothing");
        refuse(1, "nothing", "--format", "csv", "--out", file("a"));
    }

    private void refuse(int code, String text, String... arguments) throws IOException {
        run(code, arguments);
        assertThat(err).contains(text);
        assertThat(left()).isEmpty();
    }

    @Test
    void shouldNotReplaceAFileUnlessForced() throws IOException {
        Files.writeString(directory.resolve("a"), "precious");
        run(1, "--format", "csv", "--out", file("a"));
        assertThat(err).contains("exists already; --force replaces it");
        assertThat(directory.resolve("a")).hasContent("precious");
        run(0, "--format", "csv", "--out", file("a"), "--channels", "gear", "--force");
        assertThat(Files.readAllLines(directory.resolve("a"))).hasSize(1 + FRAMES);
    }

    @Test
    void shouldLeaveDamagedFramesOutAndSaySo() throws IOException {
        damageAKeyframe();
        run(3, "--format", "csv", "--out", file("a"), "--channels", "gear");
        assertThat(err).contains("; left out 100 damaged frames");
        assertThat(Files.readAllLines(directory.resolve("a"))).hasSize(1 + FRAMES - 100);
        run(3, "--format", "csv", "--out", file("b"), "--channels", "gear", "--rate", "100");
        assertThat(directory.resolve("b"))
                .as("on a grid none is invented either")
                .hasSameTextualContentAs(directory.resolve("a"));
    }

    /** Flips a bit in the middle of the session, in the car's name, which is in keyframes only. A second of frames builds on it. */
    private void damageAKeyframe() throws IOException {
        final Path data;
        try (Stream<Path> files = Files.list(session)) {
            data = files.filter(file -> file.toString().endsWith("F.cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        final String name = Sessions.FORMAT
                .field("mCarName")
                .text(new UnsafeBuffer(sessions.frames.getFirst().block()), 0);
        final String bytes = Files.readString(data, StandardCharsets.ISO_8859_1);
        final List<Integer> places = new ArrayList<>();
        for (int at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
            places.add(at);
        }
        assertThat(places).hasSizeGreaterThan(10);
        try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
            final int at = places.get(places.size() / 2);
            file.seek(at);
            file.write(bytes.charAt(at) ^ 1);
        }
    }
}
