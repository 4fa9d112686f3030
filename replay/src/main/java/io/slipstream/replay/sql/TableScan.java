package io.slipstream.replay.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;

/** A table as DuckDB scans it: only the columns that a query names are made. A query may scan a table more than once. */
final class TableScan implements DuckDBTableFunction<Object, TableScan.Scan, Object>, AutoCloseable {
    /** Opens the rows of a scan. */
    interface Opener {
        /** Rows with the columns of these places, in this order. */
        Rows open(int[] columns) throws IOException;
    }

    /** One scan that is under way. */
    static final class Scan {
        private final Rows rows;
        private final int columns;

        private Scan(Rows rows, int columns) {
            this.rows = rows;
            this.columns = columns;
        }
    }

    private final Table table;
    private final Opener opener;
    private final List<Scan> scans = new ArrayList<>();

    TableScan(Table table, Opener opener) {
        this.table = table;
        this.opener = opener;
    }

    Table table() {
        return table;
    }

    @Override
    public Object bind(DuckDBTableFunctionBindInfo info) {
        for (Column column : table.columns()) {
            info.addResultColumn(column.name(), column.type().scanned());
        }
        return this;
    }

    @Override
    public Scan init(DuckDBTableFunctionInitInfo info) throws IOException {
        info.setMaxThreads(1);
        final int[] columns = new int[(int) info.getColumnCount()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = (int) info.getColumnIndex(i);
        }
        final Scan scan = new Scan(opener.open(columns), columns.length);
        scans.add(scan);
        return scan;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) throws IOException {
        final Scan scan = info.getInitData();
        final DuckDBWritableVector[] vectors = new DuckDBWritableVector[scan.columns];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = chunk.vector(i);
        }
        final long capacity = chunk.capacity();
        long row = 0;
        while (row < capacity && scan.rows.next()) {
            for (int i = 0; i < vectors.length; i++) {
                scan.rows.put(i, vectors[i], row);
            }
            row++;
        }
        return row;
    }

    /** A query may end before its scans do. */
    @Override
    public void close() {
        scans.forEach(scan -> scan.rows.close());
        scans.clear();
    }
}
