package io.slipstream.tests.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service in C answers the program in Java. */
final class RequestReplyTest {
    private static final Path ROOT = Path.of(System.getProperty("slipstream.root"));
    private static final Path SERVICE = ROOT.resolve("queue-core/target/native-build/examples/request_reply");
    private static final Path XML = ROOT.resolve("queue-core/src/main/c/examples/example-schema.xml");
    private static final Path IR = ROOT.resolve("queue-core/target/generated-sources/example/c/example-schema.sbeir");
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Process service() throws IOException {
        assumeTrue(Files.isExecutable(SERVICE), "the native library was not built");
        return new ProcessBuilder(
                        SERVICE.toString(),
                        directory.resolve("requests").toString(),
                        directory.resolve("responses").toString(),
                        IR.toString())
                .inheritIO()
                .start();
    }

    private RequestReply client() {
        return new RequestReply(directory.resolve("requests"), directory.resolve("responses"), XML);
    }

    @Test
    void shouldAnswerAcrossLanguages() throws Exception {
        final Process service = service();
        try (RequestReply client = client()) {
            for (long i = 0; i < 100; i++) {
                assertThat(client.sum(i, 1000, LONG_ENOUGH)).isEqualTo(i + 1000);
            }
        } finally {
            service.destroy();
        }
        assertThat(service.waitFor()).isZero();
    }

    @Test
    void shouldGoOnWhereAKilledServiceLeftOff() throws Exception {
        final Process first = service();
        try (RequestReply client = client()) {
            assertThat(client.sum(19, 23, LONG_ENOUGH)).isEqualTo(42);
            first.destroyForcibly().waitFor();
            assertThatThrownBy(() -> client.sum(1, 2, Duration.ZERO))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("is the service running?");
            final Process second = service();
            try {
                assertThat(client.sum(3, 4, LONG_ENOUGH)).isEqualTo(7);
            } finally {
                second.destroyForcibly();
            }
        }
    }
}
