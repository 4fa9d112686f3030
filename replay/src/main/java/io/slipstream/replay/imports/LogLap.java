package io.slipstream.replay.imports;

/**
 * A lap that a log says was completed.
 *
 * @param lap number, from 1.
 * @param endNs ns after the log's start.
 * @param time s; NaN where the log does not hold the whole lap.
 */
record LogLap(long lap, long endNs, double time) {}
