package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.replay.Sessions;
import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaybackBarTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    static Path folder;

    private static SessionReader session;

    /** One hundred seconds. */
    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(11, Sessions.START_NS, 10 * SECOND)) {
            session = SessionReader.open(sessions.finish());
        }
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private static String line(final long position, final double rate, final LoopRegion region, final int columns) {
        return new PlaybackBar(session, false).line(PlaybackKeysTest.at(position, rate, region, false), columns);
    }

    @Test
    void shouldShowTimeLapSpeedAndPosition() {
        // As wide as a bar of 101: a cell each second.
        final String text = ">  0:30.0 / 1:40  lap 2/1  x1 ";
        assertThat(line(30 * SECOND, 1, null, text.length() + 102))
                .isEqualTo(text + "=".repeat(30) + "O" + "-".repeat(70));
        assertThat(line(100 * SECOND, 0.5, null, 80)).contains("x0.5").endsWith("=O");
        assertThat(line(0, Double.POSITIVE_INFINITY, null, 80))
                .contains("unpaced")
                .endsWith("--");
    }

    @Test
    void shouldShowTheLoop() {
        final String text = ">  0:30.0 / 1:40  lap 2/1  x1 ";
        final String line = line(30 * SECOND, 1, new LoopRegion(20 * SECOND, 50 * SECOND), text.length() + 102);
        assertThat(line.substring(text.length()))
                .isEqualTo("=".repeat(20) + "[" + "=".repeat(9) + "O" + "-".repeat(19) + "]" + "-".repeat(50));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 30, 41, 79, 80, 300})
    void shouldFitTheTerminal(final int columns) {
        for (final long position : new long[] {-1, 0, 1, 50 * SECOND, 100 * SECOND, 200 * SECOND}) {
            assertThat(line(position, 1, new LoopRegion(0, 500 * SECOND), columns)
                            .length())
                    .isLessThanOrEqualTo(Math.max(0, columns - 1));
        }
    }
}
