package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionArgumentTest {
    @TempDir
    Path sessions;

    private Path resolve(String text) {
        return SessionArgument.resolve(Path.of(text), sessions);
    }

    @Test
    void shouldFindASessionByItsName() throws IOException {
        final Path session = Files.createDirectory(sessions.resolve("20260102-spa"));
        assertThat(resolve("20260102-spa")).isEqualTo(session);
        assertThat(resolve("20260102-spa/")).isEqualTo(session);
        assertThat(resolve("no-such-session")).isEqualTo(Path.of("no-such-session"));
    }

    @Test
    void shouldTakeAPathAsItIs() throws IOException {
        Files.createDirectory(sessions.resolve("20260102-spa"));
        assertThat(resolve("./20260102-spa")).isEqualTo(Path.of("./20260102-spa"));
        assertThat(resolve("..")).isEqualTo(Path.of(".."));
        assertThat(resolve("/20260102-spa")).isEqualTo(Path.of("/20260102-spa"));
        assertThat(resolve("elsewhere/20260102-spa")).isEqualTo(Path.of("elsewhere/20260102-spa"));
    }
}
