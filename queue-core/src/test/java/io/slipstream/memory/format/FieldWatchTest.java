package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FieldWatchTest {
    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[512]);
    private final FormattedBlock block = FormattedBlock.over(Press.FORMAT, memory, "press");

    @Test
    void shouldTellEachValueThatChanged() throws Exception {
        block.set("version", 2);
        final FieldWatch watch = new FieldWatch(block, List.of());
        assertThat(watch.values()).isEmpty();
        assertThat(watch.poll()).as("the first look").isEmpty();
        assertThat(watch.poll()).isEmpty();
        block.setText(Map.of("job", "June", "offset", "0,0,3,0,0,6"));
        block.set("rollers[2]", Map.of("ink", "黑", "pressure", List.of(0, 9)));
        block.set("alarms", "INK_LOW");
        block.set("speed", null);
        assertThat(watch.poll())
                .containsExactly(
                        new FieldChange("alarms", List.of(), List.of("INK_LOW")),
                        new FieldChange("offset[0][2]", 0L, 3L),
                        new FieldChange("offset[1][2]", 0L, 6L),
                        new FieldChange("speed", 0.0, null),
                        new FieldChange("job", "", "June"),
                        new FieldChange("rollers[2].pressure[1]", 0L, 9L),
                        new FieldChange("rollers[2].ink", "", "黑"));
        assertThat(watch.poll()).isEmpty();
        assertThat(watch.values())
                .containsEntry("job", "June")
                .containsEntry("speed", null)
                .doesNotContainKey("sequence");
    }

    @Test
    void shouldWatchWhatItWasToldTo() throws Exception {
        block.set("version", 2);
        final FieldWatch watch =
                new FieldWatch(block, List.of("sequence", "rollers[UNIT_CYAN]", "rollers[1].ink", "state"));
        watch.poll();
        block.setText(Map.of("rollers[1].ink", "C", "rollers[2].ink", "M", "state", "RUNNING", "tail", "1"));
        assertThat(watch.poll())
                .containsExactly(
                        new FieldChange("sequence", 2L, 4L),
                        new FieldChange("rollers[1].ink", "", "C"),
                        new FieldChange("state", "STOPPED", "RUNNING"));
        assertThat(watch.values().keySet()).containsExactly("sequence", "rollers[1]", "rollers[1].ink", "state");
        assertThatThrownBy(() -> new FieldWatch(block, List.of("colour"))).isInstanceOf(FormatException.class);
    }

    @Test
    void shouldNotTellOfBytesThatAreNoValue() throws Exception {
        block.set("version", 2);
        final FieldWatch watch = new FieldWatch(block, List.of());
        watch.poll();
        memory.putByte(Press.FORMAT.field("job").offset() + 5, (byte) 'x');
        memory.putByte(Press.FORMAT.field("rollers[0]").offset() + 25, (byte) 1);
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void shouldTellOfFieldsThatCameWithANewerVersion() throws Exception {
        final FieldWatch watch = new FieldWatch(block, List.of("operator", "tail"));
        assertThatThrownBy(watch::poll).isInstanceOf(BlockUnavailableException.class);
        block.set("version", 1);
        watch.poll();
        assertThat(watch.values()).containsOnlyKeys("tail");
        block.set(Map.of("version", 2, "operator", "Ada"));
        assertThat(watch.poll()).containsExactly(new FieldChange("operator", null, "Ada"));
        block.set("version", 1);
        assertThat(watch.poll()).containsExactly(new FieldChange("operator", "Ada", null));
    }

    @Test
    void shouldCompareWithTheLastLookThatSucceeded() throws Exception {
        block.set("version", 2);
        final FieldWatch watch = new FieldWatch(block, List.of("tail"));
        watch.poll();
        memory.putInt(4, 0);
        assertThatThrownBy(watch::poll).hasMessageContaining("nobody has written");
        block.set("tail", 7);
        assertThat(watch.poll()).containsExactly(new FieldChange("tail", 0L, 7L));
    }
}
