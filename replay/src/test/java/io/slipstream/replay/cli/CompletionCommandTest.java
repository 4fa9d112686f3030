package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that {@code slipstream completion} prints, sourced by a real bash. */
final class CompletionCommandTest {
    private static final Path BASH = Path.of("/bin/bash");

    @TempDir
    Path directory;

    private Path script;
    private Path sessions;

    @BeforeEach
    void write() throws IOException {
        assumeTrue(Files.isExecutable(BASH), "needs bash");
        final StringWriter out = new StringWriter();
        assertThat(Slipstream.run(
                        new PrintWriter(out), new PrintWriter(new StringWriter(), true), "completion", "bash"))
                .isZero();
        script = Files.writeString(directory.resolve("completion.bash"), out.toString());
        sessions = Files.createDirectories(directory.resolve("data/slipstream/sessions"));
        Files.writeString(
                Files.createDirectory(sessions.resolve("20260102-spa")).resolve("session.json"), "{}");
        Files.createDirectory(sessions.resolve("20260103-no-session"));
        Files.createDirectories(directory.resolve("work/here"));
    }

    /** What bash would offer for the last of the words. */
    private List<String> complete(String... words) throws IOException, InterruptedException {
        final StringBuilder command = new StringBuilder("source '" + script + "'; COMP_WORDS=(slipstream");
        for (String word : words) {
            command.append(" '").append(word).append('\'');
        }
        command.append("); COMP_CWORD=").append(words.length);
        command.append("; _slipstream_complete slipstream; printf '%s\\n' \"${COMPREPLY[@]}\"");
        final ProcessBuilder builder = new ProcessBuilder(BASH.toString(), "--norc", "-c", command.toString())
                .directory(directory.resolve("work").toFile())
                // Some of bash's commands say that no completion is under way.
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("XDG_DATA_HOME", directory.resolve("data").toString());
        final Process process = builder.start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void shouldCompleteCommandsAndOptions() throws Exception {
        assertThat(complete("se")).containsExactly("sessions");
        assertThat(complete("memory", "w")).contains("watch", "write");
        assertThat(complete("sessions", "--j")).containsExactly("--json");
        assertThat(complete("info", "--j")).containsExactly("--json");
        assertThat(complete("completion", "")).contains("bash", "zsh");
    }

    @Test
    void shouldCompleteSessionsByNameAndDirectory() throws Exception {
        final String spa = sessions.resolve("20260102-spa").toString();
        assertThat(complete("info", "2026")).containsExactly(spa);
        assertThat(complete("info", "")).containsExactlyInAnyOrder(spa, "here");
        assertThat(complete("replay", "he")).containsExactly("here");
        assertThat(complete("sql", "select 1", "2026")).containsExactly(spa);
        assertThat(complete("info", sessions + "/20260102")).containsExactly(spa);
    }
}
