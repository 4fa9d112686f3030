package io.slipstream.replay.sql;

import org.duckdb.DuckDBColumnType;

/** What the values of a column are. */
public enum ColumnType {
    /** A text. */
    VARCHAR(DuckDBColumnType.VARCHAR),
    /** True or false. */
    BOOLEAN(DuckDBColumnType.BOOLEAN),
    /** A whole number of 64 bits. */
    BIGINT(DuckDBColumnType.BIGINT),
    /** IEEE 754 single. */
    FLOAT(DuckDBColumnType.FLOAT),
    /** IEEE 754 double. */
    DOUBLE(DuckDBColumnType.DOUBLE),
    /** A time in UTC to the ns. */
    TIMESTAMP_NS(DuckDBColumnType.BIGINT);

    /** How the scan hands it over; the view makes of it what it is. */
    private final DuckDBColumnType scanned;

    ColumnType(DuckDBColumnType scanned) {
        this.scanned = scanned;
    }

    DuckDBColumnType scanned() {
        return scanned;
    }
}
