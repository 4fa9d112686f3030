package io.slipstream.replay.sql;

/**
 * A column of a table.
 *
 * @param name of it.
 * @param type of its values.
 * @param unit of its values; empty where there is none.
 * @param description for people.
 */
public record Column(String name, ColumnType type, String unit, String description) {}
