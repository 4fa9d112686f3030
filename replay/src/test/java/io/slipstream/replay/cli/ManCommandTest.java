package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manual pages of all commands, checked by groff where there is one. */
final class ManCommandTest {
    @TempDir
    Path directory;

    private static String run(int expected, String... arguments) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertThat(Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments))
                .as("%s", err)
                .isEqualTo(expected);
        return expected == 0 ? out.toString() : err.toString();
    }

    @Test
    void shouldWriteAllPagesOrPrintOne() {
        assertThat(run(2, "man", "--into", directory.toString(), "replay")).contains("give no COMMAND with it");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayWhatTheHelpSays() {
        assertThat(run(0, "man", "tail"))
                .startsWith(".TH \"SLIPSTREAM\\-TAIL\" \"1\"")
                .contains("slipstream\\-tail \\- Prints the messages of a queue")
                .contains("\\fB\\-f\\fR, \\fB\\-\\-follow\\fR")
                .contains(".SH \"EXAMPLES\"\n.nf\n");
        assertThat(run(0, "man", "memory", "watch")).contains("SLIPSTREAM\\-MEMORY\\-WATCH");
        assertThat(run(0, "man")).contains(".SH \"EXIT STATUS\"").doesNotContain("debug");
        assertThat(run(2, "man", "memory", "nothing")).contains("nothing").contains("watch");
    }

    @Test
    void shouldWriteAPageForEveryCommandThatGroffTakesWithoutAWarning() throws Exception {
        run(0, "man", "--into", directory.toString());
        final List<Path> pages;
        try (Stream<Path> files = Files.list(directory)) {
            pages = files.sorted().toList();
        }
        assertThat(pages)
                .extracting(page -> page.getFileName().toString())
                .contains("slipstream.1", "slipstream-sql.1", "slipstream-memory-list.1");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/groff")), "needs groff");
        final List<String> command =
                new ArrayList<>(List.of("/usr/bin/groff", "-man", "-K", "utf-8", "-T", "utf8", "-ww", "-z"));
        pages.forEach(page -> command.add(page.toString()));
        assertThat(warnings(command)).isEmpty();
    }

    private static String warnings(List<String> command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said : "groff failed: " + said;
    }
}
