package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    private final List<String> named = new ArrayList<>();
    private final Keys keys = new Keys(named::add);

    private void type(final String text) {
        for (final byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
            keys.onByte(one & 0xFF);
        }
    }

    @Test
    void shouldNameCharactersAsThemselves() {
        type(" a+]\\?\r");
        assertThat(named).containsExactly(" ", "a", "+", "]", "\\", "?", Keys.ENTER);
    }

    @ParameterizedTest
    @CsvSource({
        "[A,up",
        "OA,up",
        "[B,down",
        "[C,right",
        "[D,left",
        "[1;2C,shift+right",
        "[1;2D,shift+left",
        "[H,home",
        "[1~,home",
        "OF,end",
        "[4~,end"
    })
    void shouldNameSequences(final String sequence, final String name) {
        type("x\033" + sequence + "y");
        assertThat(named).containsExactly("x", name, "y");
    }

    @Test
    void shouldPassOverWhatHasNoName() {
        type("\033[15~\033[1;5R\033x\u0003\u0080\u00ff\033[" + "9".repeat(100) + "\033[Cz");
        assertThat(named).endsWith(Keys.RIGHT, "z").doesNotContain(Keys.ESCAPE, "x", "~", "R");
    }

    @Test
    void shouldTellEscapeFromASequence() {
        type("\033");
        assertThat(named).isEmpty();
        keys.onPause();
        type("\033\033[A");
        assertThat(named).containsExactly(Keys.ESCAPE, Keys.ESCAPE, Keys.UP);
    }
}
