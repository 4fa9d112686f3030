package io.slipstream.replay.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server on the loopback address, a playback that begins paused, and a client. Frame i was captured at i times 10 ms. */
@Timeout(60)
class ControlTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private SessionReader session;
    private Player player;
    private Thread playing;
    private ControlServer server;
    private String base;
    private String token;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** What is played goes nowhere. */
    private static final class Nowhere implements FrameSink {
        @Override
        public void onFrame(final FrameCursor cursor, final long timestampNs) {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(100, Sessions.START_NS, 10_000_000)) {
            session = SessionReader.open(sessions.finish());
        }
        player = new Player(session, new Nowhere(), Player.Options.DEFAULT.waiting(true, true));
        server = ControlServer.start(player, session, 0);
        final URI url = URI.create(server.url());
        base = "http://127.0.0.1:" + url.getPort();
        token = url.getQuery().substring("token=".length());
        playing = new Thread(() -> player.run(() -> false));
        playing.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        player.stop();
        playing.join();
        server.close();
        client.close();
        session.close();
    }

    private HttpRequest.Builder request(final String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(final HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(final String path) throws Exception {
        final HttpResponse<String> response = send(request(path).header("Authorization", "Bearer " + token));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> post(final String path, final String body) throws Exception {
        return send(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode obeyed(final String path, final String body) throws Exception {
        final HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode())
                .as("%s %s: %s", path, body, response.body())
                .isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static void requireError(final HttpResponse<String> response, final int status, final String... words)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        final JsonNode error = JSON.readTree(response.body());
        assertThat(error.path("error").asText()).isNotEmpty();
        assertThat(error.path("remedy").asText()).isNotEmpty();
        assertThat(response.body()).contains(words);
    }

    @Test
    void shouldTellTheStateAndTheSession() throws Exception {
        final JsonNode state = get("/playback");
        assertThat(state.path("duration").asDouble()).isEqualTo(0.99);
        assertThat(state.path("unpaced").asBoolean()).isFalse();
        final JsonNode about = get("/session");
        assertThat(about.path("frames").asInt()).isEqualTo(100);
        assertThat(about.path("laps").path(0).path("lap").asInt()).isEqualTo(1);
        assertThat(about.path("markers").isArray()).isTrue();
        assertThat(about.toString()).as("no path of this machine").doesNotContain(folder.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"time\": 0.5}|50",
                "{\"frame\": 42}|42",
                "{\"by\": 0.3}|30",
                "{\"lap\": 1}|0",
                "{\"to\": \"end\"}|99",
                "{\"time\": -7}|0",
                "{\"laps\": 3}|0"
            })
    void shouldSeek(final String body, final int frame) throws Exception {
        obeyed("/playback/pause", "");
        assertThat(obeyed("/playback/seek", body).path("frame").asInt()).isEqualTo(frame);
    }

    @Test
    void shouldObeyEveryCommand() throws Exception {
        assertThat(obeyed("/playback/pause", "{}").path("phase").asText()).isEqualTo("paused");
        obeyed("/playback/seek", "{\"frame\": 10}");
        assertThat(obeyed("/playback/step", "").path("frame").asInt()).isEqualTo(11);
        assertThat(obeyed("/playback/step", "{\"frames\": -3}").path("frame").asInt())
                .isEqualTo(8);
        assertThat(obeyed("/playback/speed", "{\"speed\": 0.001}").path("speed").asDouble())
                .isEqualTo(0.001);
        final JsonNode looped = obeyed("/playback/loop", "{\"from\": 0.2, \"to\": 0.4}");
        assertThat(looped.path("region").path("to").asDouble()).isEqualTo(0.4);
        assertThat(looped.path("frame").asInt()).isEqualTo(20);
        assertThat(obeyed("/playback/loop", "{\"off\": true}").path("loop").asBoolean())
                .isFalse();
        assertThat(obeyed("/playback/loop", "{\"whole\": true}").path("loop").asBoolean())
                .isTrue();
        assertThat(obeyed("/playback/resume", "").path("phase").asText()).isEqualTo("playing");
        final JsonNode unpaced = obeyed("/playback/speed", "{\"unpaced\": true}");
        assertThat(unpaced.path("unpaced").asBoolean()).isTrue();
        assertThat(unpaced.path("speed").isNull()).isTrue();
        obeyed("/playback/stop", "");
        playing.join();
        assertThat(get("/playback").path("phase").asText()).isEqualTo("ended");
        requireError(post("/playback/pause", ""), 409, "the playback is over");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seek|{}|nowhere to go|time, by, lap",
                "seek|{\"time\": 1, \"lap\": 2}|several places|time, lap",
                "seek|{\"tiem\": 1}|unknown field 'tiem'|time",
                "seek|{\"time\": \"soon\"}|no time|seconds",
                "seek|{\"time\": 1e300}|no time|seconds",
                "seek|{\"lap\": 9}|no lap 9|laps 1 to 1",
                "seek|{\"marker\": 0}|no marker 0|the session has none",
                "seek|{\"marker\": \"pit\"}|no marker 'pit'|the session has none",
                "seek|{\"frame\": 1.5}|is 1.5|whole number",
                "seek|{\"frame\": 100}|no frame 100|frames 0 to 99",
                "seek|[1]|not a JSON object|time",
                "seek|{\"time\":|not valid JSON|send one object",
                "speed|{\"speed\": 0}|'speed' is 0|from 0.000001 on",
                "speed|{}|no speed|from 0.000001 on",
                "loop|{\"from\": 2}|no region|whole",
                "loop|{\"from\": 2, \"to\": 1}|its end must be behind its start|session",
                "loop|{\"from\": 5, \"to\": 6}|outside of what is played|session",
                "loop|{\"off\": true, \"whole\": true}|several loops|whole",
                "loop|{\"off\": true, \"from\": 0.1, \"to\": 0.2}|several loops|whole",
                "loop|{\"off\": false}|no region|whole",
                "seek|{\"time\": 0.1} {\"time\": 0.2}|not valid JSON|send one object",
                "seek|{\"time\": 0.1, \"time\": 0.2}|not valid JSON|send one object",
                "step|{\"frames\": 1001}|'frames'|whole number up to 1000",
                "loop|{\"off\": 1}|'off' is 1|true or false",
                "pause|{\"now\": true}|unknown field 'now'|send no body",
                "step|{\"frames\": 99999999}|'frames'|whole number"
            })
    void shouldExplainABadRequest(final String command, final String body, final String error, final String remedy)
            throws Exception {
        requireError(post("/playback/" + command, body), 400, error, remedy);
    }

    @Test
    void shouldRefuseARegionWithoutAFrame() throws Exception {
        obeyed("/playback/pause", "");
        obeyed("/playback/seek", "{\"frame\": 70}");
        requireError(post("/playback/loop", "{\"from\": 0.201, \"to\": 0.209}"), 409, "no frame in that region");
    }

    @Test
    void shouldRefuseWhoDoesNotHaveTheToken() throws Exception {
        requireError(send(request("/playback")), 401, "token");
        requireError(send(request("/playback?token=" + "0".repeat(token.length()))), 401, "token");
        requireError(send(request("/playback/stop").POST(HttpRequest.BodyPublishers.noBody())), 401, "token");
        requireError(send(request("/nothing")), 401, "token");
        assertThat(send(request("/playback?token=" + token)).statusCode()).isEqualTo(200);
        assertThat(playing.isAlive()).isTrue();
    }

    @Test
    void shouldRefuseOtherSitesAndOtherHosts() throws Exception {
        final String path = "/playback?token=" + token;
        requireError(send(request(path).header("Origin", "http://evil.example")), 403, "another site");
        requireError(send(request(path).header("Origin", "null")), 403, "another site");
        requireError(send(request(path).header("Sec-Fetch-Site", "cross-site")), 403, "another site");
        assertThat(send(request(path).header("Origin", base)).statusCode()).isEqualTo(200);
        // As a name that was bound to this address.
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("not for this host");
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    private String raw(final String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(base).getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldBoundBodiesAndNamePaths() throws Exception {
        requireError(post("/playback/seek", "{\"time\": " + " ".repeat(20_000) + "1}"), 413, "remedy");
        requireError(
                send(request("/playback/seek?token=" + token)
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"time\": 1}"))),
                415,
                "application/json");
        requireError(post("/playback/fly", ""), 404, "GET /playback");
        requireError(send(request("/playback/stop?token=" + token)), 405, "remedy");
        requireError(send(request("/playback/events?token=" + token)), 406, "text/event-stream");
    }

    @Test
    void shouldStreamTheState() throws Exception {
        final HttpResponse<InputStream> response = client.send(
                request("/playback/events?token=" + token)
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            int states = 0;
            String line = lines.readLine();
            while (states < 3) {
                states += line.equals("event: state") ? 1 : 0;
                line = lines.readLine();
            }
            assertThat(line).startsWith("data: {\"phase\":");
            player.stop();
            while (line != null && !line.equals("event: end")) {
                line = lines.readLine();
            }
            assertThat(line).as("the last event").isEqualTo("event: end");
            assertThat(lines.readLine()).contains("\"phase\":\"ended\"");
        }
    }

    @Test
    void shouldRefuseAStreamTooMany() throws Exception {
        final List<BufferedReader> open = new ArrayList<>();
        final HttpRequest.Builder events =
                request("/playback/events?token=" + token).header("Accept", "text/event-stream");
        try {
            for (int i = 0; i < 16; i++) {
                final BufferedReader lines = new BufferedReader(new InputStreamReader(
                        client.send(events.build(), HttpResponse.BodyHandlers.ofInputStream())
                                .body(),
                        StandardCharsets.UTF_8));
                open.add(lines);
                assertThat(lines.readLine())
                        .as("the first line of stream %d", i)
                        .isEqualTo("event: state");
            }
            requireError(send(events), 503, "16 streams of events");
        } finally {
            player.stop();
            for (BufferedReader lines : open) {
                lines.close();
            }
        }
    }

    @Test
    void shouldSayThatAPortIsTaken() {
        final int port = URI.create(base).getPort();
        assertThatThrownBy(() -> ControlServer.start(player, session, port))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on port " + port + ": ")
                .hasMessageContaining("in use")
                .hasMessageEndingWith("; give another, or 0 for any free one");
    }
}
