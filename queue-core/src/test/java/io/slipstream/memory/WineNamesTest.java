package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WineNamesTest {
    @Test
    void shouldWriteNamesThatEveryLocaleCanSay() {
        assertThat(WineNames.percent("$pcars2$")).isEqualTo("$pcars2$");
        assertThat(WineNames.percent("Local\\a b%é中😀")).isEqualTo("Local%5Ca%20b%25%C3%A9%E4%B8%AD%F0%9F%98%80");
    }

    @Test
    void shouldWriteNoOptionAndNoHalfOfAPair() {
        assertThat(WineNames.percent("--file")).isEqualTo("%2D-file");
        assertThat(WineNames.percent("a-")).isEqualTo("a-");
        assertThat(WineNames.percent("a\ud83d")).isEqualTo("a%EF%BF%BD");
        assertThat(WineNames.fileName("\ude00b")).isEqualTo("%EF%BF%BDb");
    }

    @Test
    void shouldNameTheFileAfterTheBlock() {
        assertThat(WineNames.fileName("$pcars2$")).isEqualTo("$pcars2$");
        assertThat(WineNames.fileName("Local\\acpmf_physics")).isEqualTo("acpmf_physics");
        assertThat(WineNames.fileName("Global\\a/b:c é")).isEqualTo("Global%5Ca%2Fb%3Ac é");
        assertThat(WineNames.fileName("..")).isEqualTo(".%2E");
        assertThat(WineNames.fileName("end ")).isEqualTo("end%20");
        assertThat(WineNames.fileName("50%")).isEqualTo("50%25");
    }
}
