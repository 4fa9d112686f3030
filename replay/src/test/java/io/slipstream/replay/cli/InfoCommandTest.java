package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class InfoCommandTest {
    @Test
    void shouldPrintASummaryOfWhichMostIsMissing() throws IOException {
        final StringWriter out = new StringWriter();
        InfoCommand.print(
                new PrintWriter(out),
                new ObjectMapper()
                        .readValue(
                                "{\"startedNs\": 1767323045000000000, \"laps\": [{\"lap\": 1}], \"markers\": [{}]}",
                                SessionInfo.class));
        assertThat(out.toString())
                .contains("Unknown track")
                .contains("2026-01-02 03:04:05 UTC")
                .contains("lap 1");
    }
}
