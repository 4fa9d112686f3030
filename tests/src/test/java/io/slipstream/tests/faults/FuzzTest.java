package io.slipstream.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.tests.build.Tool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile files never crash the native library: its fuzzers, each for a bounded time, from the same seed each time; by hand they
 * search from another one.
 */
final class FuzzTest {
    private static final Path ROOT = Path.of(System.getProperty("slipstream.root"));
    private static final int SKIPPED = 77;

    /** Of each fuzzer; {@code -Dslipstream.fuzz.seconds=600} to let it search. */
    private static final String SECONDS = System.getProperty("slipstream.fuzz.seconds", "15");

    @TempDir
    Path scratch;

    @Test
    void shouldSurviveWhatItsFuzzersFind() throws Exception {
        final Path run = ROOT.resolve("queue-core/src/main/c/fuzz/run");
        final Tool.Output output = Tool.ending(
                scratch,
                Map.of("FUZZ_SEED", "1"),
                List.of(run.toString(), ROOT.resolve("tests/target/native-fuzz").toString(), SECONDS));
        assumeTrue(output.status() != SKIPPED, output.text().strip());
        assertThat(output.status()).as(output.text()).isZero();
        System.out.print(output.text());
    }
}
