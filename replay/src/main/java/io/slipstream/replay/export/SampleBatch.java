package io.slipstream.replay.export;

import io.slipstream.replay.channel.Samples;

/** Some samples, a column after another. Used by one thread at a time. */
final class SampleBatch {
    /** Rows of a full one; as many as DuckDB takes at once. */
    static final int ROWS = 2048;

    final long[] timestamps = new long[ROWS];
    final double[] times = new double[ROWS];
    final long[] laps = new long[ROWS];
    final double[] lapTimes = new double[ROWS];
    final double[][] values;
    int rows;

    SampleBatch(int channels) {
        values = new double[channels][ROWS];
    }

    /** Is it full now? */
    boolean add(Samples samples) {
        timestamps[rows] = samples.timestampNs();
        times[rows] = samples.time();
        laps[rows] = samples.lap().lap();
        lapTimes[rows] = samples.lapTime();
        for (int i = 0; i < values.length; i++) {
            values[i][rows] = samples.value(i);
        }
        return ++rows == ROWS;
    }
}
