package io.slipstream.tests.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.tests.Program;
import io.slipstream.tests.build.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README is true: its snippet compiles, its links lead somewhere, its commands exist. */
final class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("slipstream.root"));

    @TempDir
    Path directory;

    private final String readme = Files.readString(ROOT.resolve("README.md"));

    ReadmeTest() throws Exception {}

    @Test
    void shouldShowJavaThatCompiles() throws Exception {
        final String source =
                Files.readString(ROOT.resolve("tests/src/test/java/io/slipstream/tests/readme/ReadmeExample.java"));
        final List<String> snippets = Pattern.compile("// <snippet>\n(.*?) *// </snippet>", Pattern.DOTALL)
                .matcher(source)
                .results()
                .map(snippet -> snippet.group(1).stripTrailing().stripIndent())
                .toList();
        assertThat(snippets).hasSize(2).allSatisfy(snippet -> assertThat(readme).contains(snippet));
    }

    @Test
    void shouldShowCThatCompiles() throws Exception {
        Tool.needs("cc");
        final int start = readme.indexOf("```c\n") + 5;
        final String snippet = readme.substring(start, readme.indexOf("```", start));
        final Path source = Files.writeString(
                directory.resolve("snippet.c"),
                "#include <slipstream.h>\n#include <stdio.h>\nint main(void) {\n" + snippet + "return 0;\n}\n");
        Tool.run(
                directory,
                "cc",
                "-std=c11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fsyntax-only",
                "-I" + ROOT.resolve("queue-core/src/main/c/include"),
                source.toString());
    }

    @Test
    void shouldLinkToFilesThatExist() {
        final String prose = readme.replaceAll("(?s)```.*?```|`[^`\n]*`", "");
        final Stream<String> links =
                Pattern.compile("\\]\\(([^)]+)\\)").matcher(prose).results().map(result -> result.group(1));
        assertThat(links.filter(link -> !link.startsWith("http")))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    @Test
    void shouldNameCommandsThatExist() throws Exception {
        final List<String> commands = Pattern.compile("\\./slipstream ([a-z]+)")
                .matcher(readme)
                .results()
                .map((MatchResult result) -> result.group(1))
                .distinct()
                .toList();
        assertThat(commands).contains("demo", "record", "replay");
        try (Program help = Program.slipstream(directory, "--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.out()).contains(commands);
        }
    }
}
