package io.slipstream.replay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.telemetry.session.LapSpan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LapChoiceTest {
    private static final List<LapSpan> LAPS = List.of(
            lap(1, 98.0, false, true),
            lap(2, 97.0, true, true),
            lap(3, 95.0, true, false),
            lap(4, 96.5, true, true),
            new LapSpan(5, Double.NaN, false, false, true, 500, 600, 0, 0));

    private static LapSpan lap(long number, double time, boolean whole, boolean valid) {
        return new LapSpan(number, time, true, whole, valid, number * 100, number * 100 + 100, 0, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2|2",
                "2-4|2 3 4",
                "4,1-2|1 2 4",
                "2,2-3,3|2 3",
                "best|4",
                "last|4",
                "all|1 2 3 4 5",
                "5-9|5",
                "3-|3 4 5",
                "best,1|1 4"
            })
    void shouldFind(String text, String numbers) {
        assertThat(LapChoice.parse(text, LAPS).stream().map(lap -> Long.toString(lap.lap())))
                .containsExactly(numbers.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "6", "x", "6-", "-2", "4-2", "1,,2", "1.5", "99999999999999999999"})
    void shouldRefuse(String text) {
        assertThatThrownBy(() -> LapChoice.parse(text, LAPS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has 1, 2, 3, 4, 5 (not completed)");
    }

    @Test
    void shouldSayThatNoLapIsTheBest() {
        assertThatThrownBy(() -> LapChoice.parse("best", LAPS.subList(0, 1)))
                .hasMessageContaining("whole, valid and timed");
        assertThatThrownBy(() -> LapChoice.parse("last", LAPS.subList(4, 5)))
                .hasMessageContaining("no lap was completed");
        assertThatThrownBy(() -> LapChoice.parse("1", List.of())).hasMessageContaining("it has none");
    }
}
