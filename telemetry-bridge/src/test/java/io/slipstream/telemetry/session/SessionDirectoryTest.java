package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionDirectoryTest {
    @TempDir
    Path folder;

    private static SessionInfo info(final boolean finished) {
        return new SessionSummary().info(finished, 1);
    }

    private Path summary() {
        return folder.resolve(SessionDirectory.SUMMARY);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 20260102-030405",
        "Spa, 20260102-030405-spa",
        "Le Mans 24h, 20260102-030405-le-mans-24h",
        "'  -Oulton  Park- ', 20260102-030405-oulton-park",
        "../../etc/passwd, 20260102-030405-etc-passwd",
        "鈴鹿, 20260102-030405",
        "'A track whose name is as long as a whole sentence is', 20260102-030405-a-track-whose-name-is-as-long-as-a-whole",
        "'A track with a space where the name ends here', 20260102-030405-a-track-with-a-space-where-the-name-ends",
    })
    void shouldNameASessionByTimeAndTrack(final String track, final String name) throws IOException {
        assertThat(SessionDirectory.create(folder, LiveQueue.START_NS, track)
                        .path()
                        .getFileName())
                .hasToString(name);
    }

    @Test
    void shouldNumberSessionsOfTheSameSecond() throws IOException {
        final Path into = folder.resolve("not/yet/there");
        final String[] names = new String[3];
        for (int i = 0; i < names.length; i++) {
            names[i] = SessionDirectory.create(into, LiveQueue.START_NS + i, "Spa")
                    .path()
                    .getFileName()
                    .toString();
        }
        assertThat(names).containsExactly("20260102-030405-spa", "20260102-030405-spa-2", "20260102-030405-spa-3");
    }

    @Test
    void shouldReadWhatWasWritten() throws IOException {
        final SessionDirectory directory = new SessionDirectory(folder);
        for (final boolean finished : new boolean[] {false, true}) {
            directory.write(info(finished));
            assertThat(directory.read()).isEqualTo(info(finished));
        }
        assertThat(directory.bytes()).as("bytes on disk").isPositive();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("nothing is left beside the summary").containsExactly(summary());
        }
    }

    @Test
    void shouldSayThatADirectoryIsNoSession() {
        assertThatThrownBy(() -> new SessionDirectory(folder).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder + " is not a session")
                .hasMessageContaining(SessionDirectory.SUMMARY);
        assertThat(SessionDirectory.isSession(folder)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "null", "42", "{\"version\": \"one\"}", "\u0000\u0000\u0000"})
    void shouldSayThatASummaryIsDamaged(final String content) throws IOException {
        Files.writeString(summary(), content);
        assertThatThrownBy(() -> new SessionDirectory(folder).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(summary() + " is damaged");
    }

    @Test
    void shouldSayThatASummaryWasCutOff() throws IOException {
        new SessionDirectory(folder).write(info(true));
        final byte[] whole = Files.readAllBytes(summary());
        for (int length = 0; length < whole.length - 2; length += 13) {
            Files.writeString(summary(), new String(whole, 0, length, StandardCharsets.UTF_8));
            assertThatThrownBy(() -> new SessionDirectory(folder).read())
                    .as("a summary cut off after %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(summary() + " is damaged");
        }
    }

    @Test
    void shouldRefuseANewerSummary() throws IOException {
        Files.writeString(summary(), "{\"version\": 2, \"finished\": true, \"heading\": 1}");
        assertThatThrownBy(() -> new SessionDirectory(folder).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(summary().toString())
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer");
    }

    @Test
    void shouldPassOverFieldsThatItDoesNotKnow() throws IOException {
        new SessionDirectory(folder).write(info(true));
        final String text = Files.readString(summary());
        Files.writeString(summary(), text.replaceFirst("\\{", "{\"weather\": \"rain\","));
        assertThat(new SessionDirectory(folder).read()).isEqualTo(info(true));
    }

    /** As they were before they said who is named, and how good each lap is. */
    @Test
    void shouldReadWhatAnOlderRecorderWrote() throws IOException {
        Files.writeString(summary(), """
                {"version": 1, "finished": true, "frames": 12, "laps": [
                  {"lap": 1, "time": 90.5, "sectors": [30.0, null, null], "whole": true, "valid": true, "frame": 9,
                   "endedNs": 5}]}
                """);
        final SessionInfo info = new SessionDirectory(folder).read();
        assertThat(info.drivers()).isNull();
        assertThat(info.markers()).isEmpty();
        final SessionInfo.Lap lap = info.laps().getFirst();
        assertThat(lap).isEqualTo(new SessionInfo.Lap(1, 90.5, lap.sectors(), true, true, 9, 5));
        assertThat(lap.frames()).isNull();
        assertThat(lap.rateHz()).isNull();
        assertThat(lap.missed()).isNull();
        assertThat(lap.gaps()).isNull();
        assertThat(lap.torn()).isNull();
    }

    @Test
    void shouldNeverShowHalfASummary() throws Exception {
        final SessionDirectory directory = new SessionDirectory(folder);
        directory.write(info(false));
        final AtomicBoolean stop = new AtomicBoolean();
        final IOException[] failure = new IOException[1];
        final Thread writer = new Thread(() -> {
            try {
                for (boolean finished = true; !stop.get(); finished = !finished) {
                    directory.write(info(finished));
                }
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        writer.start();
        try {
            for (int i = 0; i < 2_000; i++) {
                final SessionInfo read = directory.read();
                assertThat(read).as("read %d", i).isEqualTo(info(read.finished()));
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(failure[0]).as("what went wrong with writing").isNull();
    }
}
