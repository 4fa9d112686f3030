package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingPlanTest {
    private final RecordingPlan plan = new RecordingPlan(Path.of("sessions"));

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "-a", ".a", "a=b", "a/b", "ä", "a\nb", "part", "part_of"})
    void shouldRefuseAKeyThatCannotBe(final String key) {
        assertThatThrownBy(() -> plan.metadata(key, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldMakePartsThatFitIntoAQuota() {
        assertThat(plan.quota(8_000_000, true).splitTime(Duration.ofHours(1)).splitBytes())
                .as("bytes of a part, whatever its length")
                .isEqualTo(2_000_000);
        assertThat(plan.splitBytes(3_000_000).splitBytes()).isEqualTo(3_000_000);
        assertThat(new RecordingPlan(Path.of("sessions"))
                        .quota(8_000_000, false)
                        .splitBytes())
                .isZero();
    }

    @Test
    void shouldTakeKeysAndValuesOfEveryKind() {
        assertThatCode(() -> plan.metadata("a", "")
                        .metadata("setup.front-left_2", "weich = \"soft\", Straße")
                        .metadata("k".repeat(64), "v".repeat(1000)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> plan.metadata("k".repeat(65), "")).hasMessageContaining("64");
        assertThatThrownBy(() -> plan.metadata("a", "v".repeat(1001))).hasMessageContaining("'a'");
        assertThatThrownBy(() -> plan.metadata("a", "two\nlines")).hasMessageContaining("'a'");
    }

    @Test
    void shouldBoundTheMetadata() {
        for (int i = 0; i < 100; i++) {
            plan.metadata("k" + i, "v");
        }
        plan.metadata("k0", "again");
        assertThatThrownBy(() -> plan.metadata("more", "v")).hasMessageContaining("'more'");
    }

    @Test
    void shouldRefuseWhatIsNoNameOrBound() {
        assertThatThrownBy(() -> plan.name("n".repeat(201))).hasMessageContaining("200");
        assertThatThrownBy(() -> plan.name("\u001b[31mred"))
                .hasMessageContaining("one line")
                .hasMessageNotContaining("\u001b");
        assertThatThrownBy(() -> plan.splitBytes(-1)).hasMessageContaining("size");
        assertThatThrownBy(() -> plan.splitTime(Duration.ofSeconds(-1))).hasMessageContaining("length");
        assertThatThrownBy(() -> plan.quota(-1, true)).hasMessageContaining("quota");
        assertThatThrownBy(() -> plan.keepFree(-1)).hasMessageContaining("free");
    }
}
