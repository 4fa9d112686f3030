package io.slipstream.replay.sql;

import java.util.Iterator;
import org.duckdb.DuckDBWritableVector;

/** Rows of few, whole records: a value for each of the table's columns. */
final class RecordRows implements Rows {
    /** Records one after the other, from something that has to be closed. */
    interface Source extends Iterator<Object[]>, AutoCloseable {
        @Override
        void close();
    }

    private final Source source;
    private final int[] columns;
    private Object[] current;

    RecordRows(Source source, int[] columns) {
        this.source = source;
        this.columns = columns;
    }

    @Override
    public boolean next() {
        if (!source.hasNext()) {
            return false;
        }
        current = source.next();
        return true;
    }

    @Override
    public void put(int place, DuckDBWritableVector vector, long row) {
        // DuckDB asks for a column behind the last where it needs none, only to count.
        final Object value = columns[place] < current.length ? current[columns[place]] : null;
        switch (value) {
            case null -> vector.setNull(row);
            case String text -> vector.setString(row, text);
            case Boolean flag -> vector.setBoolean(row, flag);
            case Long number -> vector.setLong(row, number);
            case Double number -> vector.setDouble(row, number);
            default -> throw new IllegalStateException("a value of " + value.getClass());
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
