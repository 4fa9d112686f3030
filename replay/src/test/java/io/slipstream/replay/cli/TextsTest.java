package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1549, 1.5 kB",
        "20700, 20.7 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "999999, 1.0 MB",
        "1000000, 1.0 MB",
        "12300000000, 12.3 GB",
        "999999999999, 1.0 TB",
        "9223372036854775807, 9223372.0 TB",
    })
    void shouldWriteBytes(final long bytes, final String text) {
        assertThat(Texts.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, '0'", "999, '999'", "1000, '1,000'", "1234567, '1,234,567'"})
    void shouldWriteCounts(final long value, final String text) {
        assertThat(Texts.count(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.000",
        "16.843, 16.843",
        "16.8434, 16.843",
        "59.9994, 59.999",
        "59.9996, 1:00.000",
        "60, 1:00.000",
        "98.087, 1:38.087",
        "119.9999, 2:00.000",
        "3599.5, 59:59.500",
        "3661.001, 61:01.001",
    })
    void shouldWriteLapTimesAsRacersDo(final double seconds, final String text) {
        assertThat(Texts.lapTime(seconds)).isEqualTo(text);
    }

    @Test
    void shouldWriteADashForNoLapTime() {
        assertThat(Texts.lapTime(null)).isEqualTo("-");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0:00",
        "5.9, 0:05",
        "59.99, 0:59",
        "60, 1:00",
        "3599.9, 59:59",
        "3600, 1:00:00",
        "7384, 2:03:04",
        "360000, 100:00:00",
    })
    void shouldWriteAClock(final double seconds, final String text) {
        assertThat(Texts.clock(seconds)).isEqualTo(text);
    }
}
