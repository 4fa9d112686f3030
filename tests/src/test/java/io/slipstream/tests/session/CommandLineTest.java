package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.tests.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as scripts use it: results on standard output, messages on standard error, exit codes. */
final class CommandLineTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path block;
    private Path sessions;

    @BeforeEach
    void namePlaces() {
        block = directory.resolve("my-race");
        sessions = directory.resolve("sessions");
    }

    @Test
    void shouldSimulateRecordListReplayAndTail() throws Exception {
        final String session = record("4s");

        try (Program info = run(0, "info", session, "--json");
                Program list = run(0, "sessions", "--in", sessions.toString(), "--json");
                Program table = run(0, "sessions", "--in", sessions.toString());
                Program text = run(0, "info", session)) {
            final JsonNode summary = JSON.readTree(info.out());
            assertThat(summary.get("synthetic").asBoolean()).isTrue();
            assertThat(summary.get("finished").asBoolean()).isTrue();
            assertThat(summary.get("torn").asLong()).isZero();
            assertThat(summary.get("lost").asLong()).isZero();
            assertThat(summary.get("rateHz").asDouble()).isCloseTo(165, within(5.0));
            assertThat(summary.get("durationSeconds").asDouble()).isCloseTo(4, within(0.5));
            assertThat(summary.get("frames").asLong() + summary.get("missed").asLong())
                    .isBetween(4L * 165 - 20, 4L * 165 + 90);
            assertThat(summary.get("track").asText()).contains("Club");
            assertThat(JSON.readTree(list.out())).hasSize(1);
            assertThat(table.out())
                    .contains(Path.of(session).getFileName().toString())
                    .contains("synthetic");
            assertThat(text.out()).contains("synthetic").contains("missed");
            shouldReplay(session, summary.get("frames").asLong());
            shouldTail(session, summary.get("frames").asLong());
        }
    }

    private String record(String duration) throws Exception {
        try (Program simulate = Program.slipstream(
                        directory,
                        "simulate",
                        "--block",
                        block.toString(),
                        "--hz",
                        "165",
                        "--seed",
                        "1",
                        "--for",
                        "60s");
                Program record = Program.slipstream(
                        directory,
                        "record",
                        "--block",
                        block.toString(),
                        "--into",
                        sessions.toString(),
                        "--for",
                        duration)) {
            assertThat(record.exitCode()).as("%s", record).isZero();
            simulate.interrupt();
            assertThat(simulate.exitCode()).as("%s", simulate).isZero();
            final List<String> lines = record.lines();
            assertThat(lines).as("%s", record).isNotEmpty();
            assertThat(Path.of(lines.getLast())).isDirectory().hasParent(sessions);
            return lines.getLast();
        }
    }

    private void shouldReplay(String session, long frames) throws Exception {
        final Path copy = directory.resolve("my-copy");
        final BlockFormat format = GameFormats.load("pcars2");
        run(0, "replay", session, "--block", copy.toString(), "--unpaced").close();
        try (MappedBlock replayed = MappedBlock.openReadOnly(new BlockName.MappedFile(copy))) {
            assertThat(format.version(replayed.buffer(), 0)).isEqualTo(14);
            assertThat(BlockTrailer.synthetic(replayed.buffer())).isTrue();
            assertThat(BlockTrailer.replay(replayed.buffer())).isTrue();
            assertThat(format.field("mTrackLocation").text(replayed.buffer(), 0))
                    .contains("Club");
        }
        final Path queue = directory.resolve("queue");
        run(0, "replay", session, "--queue", queue.toString(), "--unpaced").close();
        try (Program states = run(0, "tail", queue.toString(), "--from", "start", "--type", "CarState", "--json");
                Program events = run(0, "tail", queue.toString(), "--from", "start", "--type", "SessionStarted")) {
            assertThat(states.lines()).hasSize((int) frames);
            final JsonNode first = JSON.readTree(states.lines().getFirst());
            assertThat(first.get("type").asText()).isEqualTo("CarState");
            assertThat(first.get("body").get("speed").asDouble()).isGreaterThan(10);
            assertThat(events.out()).contains("Club");
        }
        // One second from the second second on.
        try (Program part =
                run(0, "replay", session, "--block", copy.toString(), "--unpaced", "--from", "2s", "--for", "1s")) {
            assertThat(part.err()).containsPattern("played 1[56]\\d frames");
        }
    }

    private void shouldTail(String session, long frames) throws Exception {
        try (Program all =
                        run(0, "tail", session, "--from", "start", "--type", "Keyframe", "--type", "Delta", "--json");
                Program few = run(0, "tail", session, "--from", "start", "--count", "3");
                Program none = run(2, "tail", session, "--type", "Nonsense")) {
            assertThat(all.lines()).hasSize((int) frames);
            assertThat(few.lines()).hasSize(3);
            assertThat(none.out()).isEmpty();
            assertThat(none.err()).contains("Nonsense").contains("LapCompleted");
        }
    }

    /** Blocks that no file is, as other programs on this machine have them. */
    @Test
    void shouldRecordFromAndReplayIntoBlocksByKind() throws Exception {
        final int number = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        final String qt = "qt:slipstream test " + number;
        final BlockName copy = new BlockName.SystemV(number);
        final String session;
        try (Program simulate = Program.slipstream(directory, "simulate", "--block", qt, "--for", "60s")) {
            simulate.awaitMessage("simulating ");
            session = record(qt, "1s");
            try (Program doctor = run(0, "doctor", "--block", qt);
                    Program replay = run(1, "replay", session, "--block", qt)) {
                assertThat(doctor.out()).contains("[ok] " + qt).contains("simulator");
                assertThat(replay.err()).contains(qt + " is alive");
            }
            simulate.interrupt();
            assertThat(simulate.exitCode()).as("%s", simulate).isZero();
        }
        try (Program doctor = run(1, "doctor", "--block", qt);
                Program info = run(0, "info", session, "--json");
                Program replay = run(0, "replay", session, "--block", copy.toString(), "--unpaced")) {
            assertThat(doctor.out()).contains("there is no such block").contains("--block '" + qt + "'");
            final JsonNode summary = JSON.readTree(info.out());
            assertThat(summary.get("origin").asText()).isEqualTo(qt);
            assertThat(replay.err()).contains("playing into " + copy);
            try (MappedBlock replayed = MappedBlock.openReadOnly(copy)) {
                assertThat(BlockTrailer.replay(replayed.buffer())).isTrue();
            }
            // Into the block that has been there since, and away with it.
            run(0, "replay", session, "--block", copy.toString(), "--unpaced", "--remove")
                    .close();
            assertThat(SharedBlock.remove(copy)).as("there after --remove").isFalse();
        } finally {
            SharedBlock.remove(copy);
        }
    }

    private String record(String name, String duration) throws Exception {
        try (Program record = run(0, "record", "--block", name, "--into", sessions.toString(), "--for", duration)) {
            return record.lines().getLast();
        }
    }

    @Test
    void shouldKeepWhatAKilledRecorderHadRecorded() throws Exception {
        try (Program simulate = Program.slipstream(directory, "simulate", "--block", block.toString(), "--for", "60s");
                Program record = Program.slipstream(
                        directory, "record", "--block", block.toString(), "--into", sessions.toString())) {
            record.awaitMessage("recording ");
            final Path session;
            try (var paths = Files.list(sessions)) {
                session = paths.findFirst().orElseThrow();
            }
            // Some frames, known from the summary that it brings up to date every second.
            long frames = 0;
            while (frames < 200) {
                try (Program info = Program.slipstream(directory, "info", session.toString(), "--json")) {
                    if (info.exitCode() == 0) {
                        frames = JSON.readTree(info.out()).get("frames").asLong();
                    }
                }
            }
            record.kill();
            simulate.kill();
            try (Program info = run(0, "info", session.toString(), "--json");
                    Program replay = run(0, "replay", session.toString(), "--block", block + "-copy", "--unpaced")) {
                final JsonNode summary = JSON.readTree(info.out());
                assertThat(summary.get("finished").asBoolean()).isFalse();
                assertThat(summary.get("frames").asLong()).isGreaterThanOrEqualTo(frames);
                assertThat(summary.get("lost").asLong()).isZero();
                assertThat(replay.err())
                        .contains(String.format(
                                "played %,d frames", summary.get("frames").asLong()));
            }
        }
    }

    @Test
    void shouldFinishTheSessionOnCtrlC() throws Exception {
        try (Program simulate = Program.slipstream(directory, "simulate", "--block", block.toString(), "--for", "60s");
                Program record = Program.slipstream(
                        directory, "record", "--block", block.toString(), "--into", sessions.toString())) {
            record.awaitMessage("recording ");
            record.interrupt();
            assertThat(record.exitCode()).as("%s", record).isZero();
            try (Program info = run(0, "info", record.lines().getLast(), "--json")) {
                assertThat(JSON.readTree(info.out()).get("finished").asBoolean())
                        .isTrue();
            }
            simulate.kill();
        }
    }

    @Test
    void shouldRefuseToReplayIntoALiveBlock() throws Exception {
        final String session = record("1s");
        try (Program simulate =
                Program.slipstream(directory, "simulate", "--block", block.toString(), "--for", "60s")) {
            simulate.awaitMessage("simulating ");
            try (Program replay = run(1, "replay", session, "--block", block.toString(), "--remove")) {
                assertThat(replay.err()).contains("is alive").contains("--block");
                assertThat(block).as("another's block").exists();
            }
            try (Program doctor = run(0, "doctor", "--block", block.toString())) {
                assertThat(doctor.out()).contains("[ok] file:" + block).contains("simulator");
            }
            simulate.kill();
        }
    }

    @Test
    void shouldExplainUsersMistakes() throws Exception {
        expectFailure(2, "Missing required parameter", "info");
        expectFailure(1, "is not a session", "info", directory.toString());
        expectFailure(
                1,
                "no directory",
                "sessions",
                "--in",
                directory.resolve("absent").toString());
        expectFailure(2, "not a duration", "record", "--block", "x", "--for", "soon");
        expectFailure(1, "nothing was recorded", "record", "--block", block.toString(), "--wait", "100ms");
        expectFailure(1, "no queue", "tail", directory.resolve("absent").toString());
        expectFailure(1, "unknown kind 'posx'", "record", "--block", "posx:my-race");
        expectFailure(1, "leads through '..'", "simulate", "--block", "../my-race");
        expectFailure(1, "hz", "simulate", "--block", block.toString(), "--hz", "5");
        try (Program doctor = run(1, "doctor", "--block", block.toString())) {
            assertThat(doctor.out()).contains("there is no such block").contains("What to do next");
        }
        try (Program help = run(0, "record", "--help")) {
            assertThat(help.out()).contains("Examples:").contains("--for");
        }
    }

    private void expectFailure(int code, String message, String... arguments) throws Exception {
        try (Program program = run(code, arguments)) {
            assertThat(program.err()).contains(message).doesNotContain("\tat ");
            assertThat(program.out()).isEmpty();
        }
    }

    private Program run(int code, String... arguments) throws Exception {
        final Program program = Program.slipstream(directory, arguments);
        assertThat(program.exitCode()).as("exit code of %s", program).isEqualTo(code);
        return program;
    }
}
