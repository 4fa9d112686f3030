package io.slipstream.tests.wine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.WineBridge;
import io.slipstream.tests.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line and a Windows program that writes {@code $pcars2$} as the game does. */
@ExtendWith(Wine.class)
@Timeout(180)
final class ProtonGameTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final Path shared = WineBridge.sharedFile("$pcars2$");
    private boolean free;

    @BeforeEach
    void leaveTheBlockOfARealGameAlone() throws Exception {
        free = !Wine.isMapped(shared);
        assumeTrue(free, shared + " is in use: a game runs on this machine");
        Files.deleteIfExists(shared);
    }

    @AfterEach
    void tidyUp() throws Exception {
        if (free) {
            Files.deleteIfExists(shared);
        }
    }

    private void shouldRecord(String source) throws Exception {
        try (Program record = Program.slipstream(
                        directory,
                        "record",
                        "--into",
                        directory.resolve("sessions").toString(),
                        "--live",
                        directory.resolve("live").toString(),
                        "--for",
                        "2s");
                Program doctor = Program.slipstream(directory, "doctor")) {
            assertThat(record.exitCode()).as("%s", record).isZero();
            assertThat(doctor.exitCode()).as("%s", doctor).isZero();
            assertThat(doctor.out())
                    .contains(source)
                    .contains("Wine runs in " + Wine.PREFIX.toRealPath() + ": ")
                    .contains("game.exe");
            try (Program info =
                    Program.slipstream(directory, "info", record.lines().getLast(), "--json")) {
                assertThat(info.exitCode()).as("%s", info).isZero();
                final JsonNode summary = JSON.readTree(info.out());
                assertThat(summary.get("frames").asLong()).isPositive();
                assertThat(summary.get("torn").asLong())
                        .isLessThan(summary.get("frames").asLong());
                assertThat(summary.get("durationSeconds").asDouble()).isPositive();
            }
        }
    }

    @Test
    void shouldRecordAGameThatRuns() throws Exception {
        try (WineProgram game = Wine.start("game.exe")) {
            assertThat(game.line()).isEqualTo("ready 0");
            shouldRecord("holds the block");
            game.endInput();
            assertThat(game.exitCode()).isZero();
        }
    }

    @Test
    void shouldRecordAGameByTheNameOfItsBlock() throws Exception {
        try (WineProgram game = Wine.start("game.exe")) {
            assertThat(game.line()).isEqualTo("ready 0");
            try (Program record = Program.slipstream(
                            directory,
                            "record",
                            "--block",
                            "wine:$pcars2$",
                            "--into",
                            directory.resolve("sessions").toString(),
                            "--for",
                            "1s");
                    Program doctor = Program.slipstream(directory, "doctor", "--block", "wine:$pcars2$")) {
                assertThat(record.exitCode()).as("%s", record).isZero();
                assertThat(doctor.exitCode()).as("%s", doctor).isZero();
                assertThat(doctor.out()).contains("[ok] wine:$pcars2$ ($pcars2$ in ");
            }
            assertThat(directory.resolve(".local/share/slipstream/live/wine-_pcars2_"))
                    .isDirectory();
            game.endInput();
            assertThat(game.exitCode()).isZero();
        }
    }

    @Test
    void shouldStartAGameWithItsBlockInAFile() throws Exception {
        try (WineProgram game = Wine.slipstream(
                directory,
                "proton",
                "--",
                "wine",
                Win32Programs.program("game.exe").toString())) {
            assertThat(game.line()).isEqualTo("ready 183");
            assertThat(shared).hasSize(20_700);
            shouldRecord(shared.toString());
            game.endInput();
            assertThat(game.exitCode()).isZero();
        }
        assertThat(Wine.running("slipstream-bridge.exe")).isZero();
    }

    @Test
    void shouldEndWithTheGamesCode() throws Exception {
        try (WineProgram game = Wine.slipstream(
                directory,
                "proton",
                "--share",
                "Local\\slipstream-test=100",
                "--",
                "env",
                "wine",
                Win32Programs.program("words.exe").toString(),
                "41",
                "--",
                "--share")) {
            assertThat(game.line()).isEqualTo("[41]");
            assertThat(game.line()).isEqualTo("[--]");
            assertThat(game.line()).isEqualTo("[--share]");
            game.endInput();
            assertThat(game.exitCode()).isEqualTo(41);
            assertThat(WineBridge.sharedFile("slipstream-test")).hasSize(100);
        } finally {
            Files.deleteIfExists(WineBridge.sharedFile("slipstream-test"));
        }
    }

    @Test
    void shouldStartWhatHasNoWindowsProgramAsItIs() throws Exception {
        try (WineProgram game = Wine.slipstream(directory, "proton", "--", "sh", "-c", "echo here; exit 7")) {
            assertThat(game.line()).isEqualTo("here");
            assertThat(game.exitCode()).isEqualTo(7);
            assertThat(game.errors()).contains("no Windows program in").contains("proton -- %command%");
        }
    }

    @Test
    void shouldSayWhatToPutIntoSteam() throws Exception {
        try (WineProgram other = Wine.start("mapping.exe", "create", "slipstream-other", "100")) {
            assertThat(other.line()).isEqualTo("ready 0");
            try (Program doctor = Program.slipstream(directory, "doctor")) {
                assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(1);
                assertThat(doctor.out())
                        .contains("mapping.exe")
                        .contains("no program that runs in Wine has a block of that name")
                        .contains("Launch Options")
                        .contains("/slipstream proton -- %command%");
            }
        }
    }

    @Test
    void shouldTellOfABlockThatHoldsNothingYet() throws Exception {
        try (WineProgram idle = Wine.start("mapping.exe", "create", "$pcars2$", "20700")) {
            assertThat(idle.line()).isEqualTo("ready 0");
            try (Program doctor = Program.slipstream(directory, "doctor")) {
                assertThat(doctor.exitCode()).as("%s", doctor).isEqualTo(1);
                assertThat(doctor.out())
                        .contains("$pcars2$ in")
                        .contains("version 0")
                        .contains("does the game race yet?");
            }
        }
    }
}
