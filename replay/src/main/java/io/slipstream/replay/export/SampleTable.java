package io.slipstream.replay.export;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.ColumnNames;
import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;

/** The batches of a pipe as a table of DuckDB's, which is read once, by one thread. */
final class SampleTable implements DuckDBTableFunction<Object, Object, Object> {
    private static final List<String> FIXED = List.of("timestamp", "time", "lap", "lap_time");
    private static final int FIRST_CHANNEL = FIXED.size();

    private final List<Channel> channels;
    private final BatchPipe pipe;

    SampleTable(List<Channel> channels, BatchPipe pipe) {
        this.channels = channels;
        this.pipe = pipe;
    }

    /** What the channels' columns are called. */
    static List<String> names(List<Channel> channels) {
        return ColumnNames.unique(FIXED, channels);
    }

    @Override
    public Object bind(DuckDBTableFunctionBindInfo info) {
        info.addResultColumn("timestamp", DuckDBColumnType.BIGINT);
        info.addResultColumn("time", DuckDBColumnType.DOUBLE);
        info.addResultColumn("lap", DuckDBColumnType.BIGINT);
        info.addResultColumn("lap_time", DuckDBColumnType.DOUBLE);
        final List<String> names = names(channels);
        for (int i = 0; i < names.size(); i++) {
            info.addResultColumn(
                    names.get(i),
                    switch (channels.get(i).type()) {
                        case DOUBLE -> DuckDBColumnType.DOUBLE;
                        case FLOAT -> DuckDBColumnType.FLOAT;
                        case LONG -> DuckDBColumnType.BIGINT;
                    });
        }
        return this;
    }

    @Override
    public Object init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        return this;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) throws Exception {
        final SampleBatch batch = pipe.toWrite();
        if (batch == null) {
            return 0;
        }
        final int rows = batch.rows;
        longs(batch.timestamps, rows, chunk.vector(0));
        doubles(batch.times, rows, chunk.vector(1));
        longs(batch.laps, rows, chunk.vector(2));
        doubles(batch.lapTimes, rows, chunk.vector(3));
        for (int i = 0; i < channels.size(); i++) {
            channel(batch.values[i], rows, channels.get(i).type(), chunk.vector(FIRST_CHANNEL + i));
        }
        pipe.written(batch);
        return rows;
    }

    private static void longs(long[] values, int rows, DuckDBWritableVector vector) {
        for (int row = 0; row < rows; row++) {
            vector.setLong(row, values[row]);
        }
    }

    private static void doubles(double[] values, int rows, DuckDBWritableVector vector) {
        for (int row = 0; row < rows; row++) {
            vector.setDouble(row, values[row]);
        }
    }

    private static void channel(double[] values, int rows, ChannelType type, DuckDBWritableVector vector) {
        for (int row = 0; row < rows; row++) {
            final double value = values[row];
            if (Double.isNaN(value)) {
                vector.setNull(row);
            } else {
                switch (type) {
                    case DOUBLE -> vector.setDouble(row, value);
                    case FLOAT -> vector.setFloat(row, (float) value);
                    case LONG -> vector.setLong(row, (long) value);
                }
            }
        }
    }
}
