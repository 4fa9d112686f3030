package io.slipstream.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark runs and says something; how fast anything is, is not for a test to judge. */
class BenchTest {
    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> shouldYieldRows() {
        final Path captures =
                Path.of(System.getProperty("slipstream.root", "..")).resolve("../shared/captures");
        final Settings settings = new Settings(Settings.Scale.TINY, directory, captures.normalize());
        return Bench.ALL.stream()
                .map(benchmark -> DynamicTest.dynamicTest(benchmark.name(), () -> {
                    final List<Row> rows = Bench.measure(benchmark, settings);
                    assertThat(rows).as("rows of '%s'", benchmark.name()).isNotEmpty();
                    for (Row row : rows) {
                        assertThat(row.what()).as("name of %s", row).isNotBlank();
                        assertThat(row.ours()).as("figure of %s", row).isNotBlank();
                        assertThat(row.markdown().chars().filter(c -> c == '|').count())
                                .as("columns of %s", row.markdown())
                                .isEqualTo(7);
                    }
                    try (Stream<Path> left = Files.list(directory)) {
                        assertThat(left)
                                .as("what '%s' left behind", benchmark.name())
                                .isEmpty();
                    }
                }));
    }
}
