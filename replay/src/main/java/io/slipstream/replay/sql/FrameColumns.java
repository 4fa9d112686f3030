package io.slipstream.replay.sql;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.ColumnNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The columns of the frames of many sessions: what every frame has, and the union of their channels by name. SQL does not tell
 * capital letters from small ones, so names that differ in those alone are one column; where two channels of one session, or a
 * channel and a column that every frame has, would be one, the later has a number behind its name.
 */
final class FrameColumns {
    /** What every frame has, in this order. */
    static final List<Column> FIXED = List.of(
            new Column("session", ColumnType.VARCHAR, "", "Name of the session's directory"),
            new Column("frame", ColumnType.BIGINT, "", "Place of the frame in the session, from 0"),
            new Column("timestamp", ColumnType.TIMESTAMP_NS, "", "When it was captured, UTC"),
            new Column("time", ColumnType.DOUBLE, "s", "Time since the session's first frame"),
            new Column("lap", ColumnType.BIGINT, "", "The lap being driven, from 1"),
            new Column("lap_time", ColumnType.DOUBLE, "s", "Time since the lap began, by the recording's clock"));

    private static final class Union {
        private final String name;
        private final Set<String> units = new TreeSet<>();
        private String title;
        private ColumnType type;

        private Union(String name) {
            this.name = name;
        }

        private void add(Channel channel) {
            final ColumnType other = type(channel.type());
            title = title == null ? channel.title() : title;
            type = type == null || type == other ? other : ColumnType.DOUBLE;
            units.add(channel.unit());
        }

        private Column column() {
            return new Column(name, type, String.join(" or ", units), title);
        }
    }

    private final Map<String, Union> unions = new LinkedHashMap<>();

    /** Takes the channels of a session in. */
    void add(List<Channel> channels) {
        columnNames(channels)
                .forEach((name, channel) -> unions.computeIfAbsent(key(name), absent -> new Union(name))
                        .add(channel));
    }

    /** The channels of one session by the column that each fills. */
    static Map<String, Channel> columnNames(List<Channel> channels) {
        final List<String> unique =
                ColumnNames.unique(FIXED.stream().map(Column::name).toList(), channels);
        final Map<String, Channel> names = new LinkedHashMap<>();
        for (int i = 0; i < unique.size(); i++) {
            names.put(unique.get(i), channels.get(i));
        }
        return names;
    }

    /** All columns. */
    List<Column> columns() {
        final List<Column> columns = new ArrayList<>(FIXED);
        unions.values().forEach(union -> columns.add(union.column()));
        return columns;
    }

    /** Columns whose unit is not the same in all sessions. */
    List<Column> ambiguous() {
        return unions.values().stream()
                .filter(union -> union.units.size() > 1)
                .map(Union::column)
                .toList();
    }

    /** What two names have in common that SQL does not tell from one another. */
    static String key(String name) {
        return ColumnNames.key(name);
    }

    private static ColumnType type(ChannelType type) {
        return switch (type) {
            case DOUBLE -> ColumnType.DOUBLE;
            case FLOAT -> ColumnType.FLOAT;
            case LONG -> ColumnType.BIGINT;
        };
    }
}
