package io.slipstream.replay.sql;

import java.io.IOException;
import org.duckdb.DuckDBWritableVector;

/** The rows of one scan of a table, one after the other. Used by one thread at a time. */
interface Rows extends AutoCloseable {
    /** Moves to the next row; false at the end. */
    boolean next() throws IOException;

    /**
     * Hands a value of the row over.
     *
     * @param place of the column among those that the scan was opened for.
     * @param vector to put it into.
     * @param row of the vector.
     */
    void put(int place, DuckDBWritableVector vector, long row);

    @Override
    void close();
}
