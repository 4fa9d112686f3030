package io.slipstream.replay.sql;

import java.util.List;

/**
 * A table.
 *
 * @param name of it.
 * @param description for people.
 * @param columns in order.
 */
public record Table(String name, String description, List<Column> columns) {
    /** Copies the list. */
    public Table {
        columns = List.copyOf(columns);
    }
}
