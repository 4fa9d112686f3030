package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "20, 20000",
        "1.5, 1500",
        "500ms, 500",
        "0.5ms, 0.5",
        "20s, 20000",
        "1m, 60000",
        "1m30s, 90000",
        "1M30S, 90000",
        "1m30, 90000",
        "2h, 7200000",
        "1.5h, 5400000",
        "1h2m3s4ms, 3723004",
        "1d, 86400000",
        "1000000000s, 1000000000000",
    })
    void shouldReadADuration(final String text, final double millis) {
        assertThat(Durations.parse(text).toNanos()).as("ns of %s", text).isEqualTo(Math.round(millis * 1e6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s",
                "ms",
                "-1s",
                "+1s",
                "1x",
                "1 s",
                " 1s",
                "1s ",
                "1.s",
                ".5s",
                "1,5s",
                "1:30",
                "1e3",
                "NaN",
                "Infinity",
                "1s-",
                "1us",
                "1ns",
                "１s",
                "1000000001s",
                "99999999999999999999999999d"
            })
    void shouldRefuseWhatIsNoDuration(final String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .as("'%s'", text)
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "' is not a duration")
                .hasMessageContaining("1m30s");
    }
}
