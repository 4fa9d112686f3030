package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.queue.Message;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.tests.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bridge in one process, and others that mark, save and record what it samples. */
final class BridgeProcessesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path block;
    private Path live;
    private Path sessions;

    @BeforeEach
    void namePlaces() {
        block = directory.resolve("my-race");
        live = directory.resolve("live");
        sessions = directory.resolve("sessions");
    }

    private Program simulate() throws Exception {
        return Program.slipstream(directory, "simulate", "--block", block.toString(), "--hz", "165", "--for", "100s");
    }

    private Program start(String command, String... arguments) throws Exception {
        final List<String> all = new ArrayList<>(List.of(
                command, "--block", block.toString(), "--live", live.toString(), "--into", sessions.toString()));
        all.addAll(List.of(arguments));
        return Program.slipstream(directory, all.toArray(String[]::new));
    }

    private Program run(int code, String... arguments) throws Exception {
        final Program program = Program.slipstream(directory, arguments);
        assertThat(program.exitCode()).as("exit code of %s", program).isEqualTo(code);
        return program;
    }

    /** Waits until the live queue has so many frames. */
    private void awaitFrames(int count) throws Exception {
        run(
                        0,
                        "tail",
                        live.toString(),
                        "--from",
                        "end",
                        "--type",
                        "Keyframe",
                        "--type",
                        "Delta",
                        "--count",
                        Integer.toString(count))
                .close();
    }

    @Test
    void shouldMarkAndSaveWhatAnotherProcessBridges() throws Exception {
        try (Program simulate = simulate();
                Program bridge = start("bridge")) {
            bridge.awaitMessage("bridging ");
            awaitFrames(300);
            run(0, "mark", "lost the rear", "--live", live.toString()).close();
            awaitFrames(100);
            try (Program save = run(
                            0,
                            "save",
                            "--last",
                            "2s",
                            "--live",
                            live.toString(),
                            "--into",
                            sessions.toString(),
                            "--name",
                            "Rainy test");
                    Program longer =
                            run(3, "save", "--last", "1h", "--live", live.toString(), "--into", sessions.toString());
                    Program second = start("bridge")) {
                assertThat(second.exitCode()).as("%s", second).isEqualTo(1);
                assertThat(second.err()).contains("another process bridges");
                assertThat(longer.err()).contains("does not reach back");
                final String session = save.lines().getLast();
                assertThat(session).contains("rainy-test");
                try (Program info = run(0, "info", session, "--json");
                        Program all = run(0, "info", longer.lines().getLast(), "--json")) {
                    final JsonNode summary = JSON.readTree(info.out());
                    assertThat(summary.get("finished").asBoolean()).isTrue();
                    assertThat(summary.get("lost").asLong()).isZero();
                    assertThat(summary.get("durationSeconds").asDouble()).isBetween(1.9, 3.1);
                    assertThat(JSON.readTree(all.out())
                                    .get("markers")
                                    .get(0)
                                    .get("label")
                                    .asText())
                            .isEqualTo("lost the rear");
                }
                shouldBeginWithAKeyframe(Path.of(session));
            }
            bridge.interrupt();
            assertThat(bridge.exitCode()).as("%s", bridge).isZero();
            simulate.interrupt();
            assertThat(simulate.exitCode()).as("%s", simulate).isZero();
        }
        // Nobody bridges any more; the past is still there.
        try (Program mark = run(1, "mark", "--live", live.toString());
                Program save =
                        run(0, "save", "--last", "1s", "--live", live.toString(), "--into", sessions.toString())) {
            assertThat(mark.err()).contains("nobody bridges");
            assertThat(save.lines()).hasSize(1);
        }
    }

    @Test
    void shouldRecordThePastInPartsBesideABridgeThatGoesOnWhenTheRecorderDies() throws Exception {
        try (Program simulate = simulate();
                Program bridge = start("bridge")) {
            bridge.awaitMessage("bridging ");
            awaitFrames(400);
            try (Program record = start("record", "--pre", "2s", "--for", "2s", "--split-time", "1s")) {
                assertThat(record.exitCode()).as("%s", record).isZero();
                assertThat(record.err()).contains("joining the bridge").contains("beginning at ");
                assertThat(record.lines()).as("%s", record).hasSizeGreaterThan(2);
                long last = -1;
                for (String part : record.lines()) {
                    shouldBeginWithAKeyframe(Path.of(part));
                    try (SessionReader reader = SessionReader.open(Path.of(part))) {
                        assertThat(reader.info().metadata()).containsKeys("part", "part_of");
                        assertThat(reader.info().lost()).isZero();
                        assertThat(reader.startNs()).isGreaterThan(last);
                        last = reader.endNs();
                    }
                }
            }
            try (Program killed = start("record")) {
                killed.awaitMessage("recording ");
                final String session = killed.err()
                        .lines()
                        .filter(line -> line.startsWith("recording "))
                        .findFirst()
                        .orElseThrow()
                        .substring("recording ".length());
                awaitFrames(100);
                killed.kill();
                try (Program info = run(0, "info", session)) {
                    assertThat(info.out()).contains("UNFINISHED");
                }
            }
            awaitFrames(50);
            bridge.interrupt();
            assertThat(bridge.exitCode()).as("%s", bridge).isZero();
            simulate.interrupt();
        }
    }

    private static void shouldBeginWithAKeyframe(Path session) throws Exception {
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor messages = reader.messages()) {
            final Message first = messages.next();
            assertThat(first).as("first message of %s", session).isNotNull();
            assertThat(first.templateId()).isEqualTo(KeyframeDecoder.TEMPLATE_ID);
        }
    }
}
