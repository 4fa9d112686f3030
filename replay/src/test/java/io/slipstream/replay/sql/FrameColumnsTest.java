package io.slipstream.replay.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Channels of sessions of different formats as the columns of one table. */
final class FrameColumnsTest {
    private record Named(String name, String unit, ChannelType type) implements Channel {
        @Override
        public String title() {
            return "Title of " + name;
        }

        @Override
        public double value(DirectBuffer block) {
            return 0;
        }

        @Override
        public double between(double before, double after, double share) {
            return before;
        }
    }

    private static List<String> names(FrameColumns columns) {
        return columns.columns().stream()
                .skip(FrameColumns.FIXED.size())
                .map(Column::name)
                .toList();
    }

    @Test
    void shouldUniteChannelsByName() {
        final FrameColumns columns = new FrameColumns();
        columns.add(List.of(new Named("speed", "km/h", ChannelType.FLOAT), new Named("gear", "", ChannelType.LONG)));
        columns.add(List.of(new Named("rpm", "rpm", ChannelType.FLOAT), new Named("Speed", "km/h", ChannelType.FLOAT)));
        assertThat(names(columns)).containsExactly("speed", "gear", "rpm");
        assertThat(columns.ambiguous()).isEmpty();
    }

    @Test
    void shouldWidenTypesThatDiffer() {
        final FrameColumns columns = new FrameColumns();
        columns.add(List.of(new Named("gear", "", ChannelType.LONG)));
        columns.add(List.of(new Named("gear", "", ChannelType.FLOAT)));
        assertThat(columns.columns().getLast().type()).isEqualTo(ColumnType.DOUBLE);
    }

    @Test
    void shouldTellUnitsThatDiffer() {
        final FrameColumns columns = new FrameColumns();
        columns.add(List.of(new Named("speed", "km/h", ChannelType.FLOAT)));
        columns.add(List.of(new Named("speed", "mph", ChannelType.FLOAT)));
        assertThat(columns.ambiguous()).singleElement().satisfies(column -> {
            assertThat(column.name()).isEqualTo("speed");
            assertThat(column.unit()).isEqualTo("km/h or mph");
        });
    }

    @Test
    void shouldNumberNamesThatSqlTakesForOne() {
        final FrameColumns columns = new FrameColumns();
        columns.add(List.of(
                new Named("Time", "s", ChannelType.DOUBLE),
                new Named("speed", "", ChannelType.FLOAT),
                new Named("SPEED", "", ChannelType.FLOAT)));
        assertThat(names(columns)).containsExactly("Time_2", "speed", "SPEED_2");
    }
}
