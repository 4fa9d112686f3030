package io.slipstream.telemetry.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.format.FormatException;
import org.junit.jupiter.api.Test;

class GameFormatsTest {
    @Test
    void shouldParseAFormatOnce() {
        assertThat(GameFormats.load("pcars2")).isSameAs(GameFormats.load("pcars2"));
    }

    @Test
    void shouldRefuseWhatIsNoNameOfAFormat() {
        assertThatThrownBy(() -> GameFormats.load("pcars3"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("pcars3.format")
                .hasMessageContaining("give its file's path");
        assertThatThrownBy(() -> GameFormats.load("../x")).hasMessageContaining("no name of a format");
        assertThatThrownBy(() -> GameFormats.load("")).hasMessageContaining("no name of a format");
    }
}
