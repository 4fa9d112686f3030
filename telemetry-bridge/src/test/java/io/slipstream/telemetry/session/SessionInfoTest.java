package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Summaries of which another program wrote only a part. */
class SessionInfoTest {
    @TempDir
    Path folder;

    @Test
    void shouldTakeWhatIsMissingForEmpty() throws Exception {
        final SessionInfo info =
                read("{\"version\": 1, \"laps\": [{\"lap\": 3}], \"markers\": [{\"timestampNs\": 5}]}");
        for (RecordComponent component : SessionInfo.class.getRecordComponents()) {
            if (component.getType() == String.class) {
                assertThat(component.getAccessor().invoke(info))
                        .as(component.getName())
                        .isEqualTo("");
            }
        }
        assertThat(info.metadata()).isEmpty();
        assertThat(info.laps().getFirst().sectors()).isEmpty();
        assertThat(info.markers()).containsExactly(new SessionInfo.Marker("", 5));
        final SessionInfo nothing = read("{\"version\": 1}");
        assertThat(nothing.laps()).isEmpty();
        assertThat(nothing.markers()).isEmpty();
    }

    private SessionInfo read(final String json) throws IOException {
        Files.writeString(folder.resolve(SessionDirectory.SUMMARY), json);
        return new SessionDirectory(folder).read();
    }
}
