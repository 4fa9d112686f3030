package io.slipstream.replay.imports;

import java.io.IOException;
import java.util.List;

/**
 * A log that is read row by row. Whatever is wrong with a file is found when it is opened, before a session is begun.
 * Single-threaded.
 */
interface LogSource extends AutoCloseable {
    /** What it says of itself. */
    LogDetails details();

    /** What every row has a value of. */
    List<LogChannel> channels();

    /** Did Slipstream write it? Then channels that name no unit are in Slipstream's. */
    boolean ours();

    /** Completed laps, in order of time. */
    List<LogLap> laps();

    /** How many rows there are. */
    long rows();

    /** Moves to the next row; false at the end. */
    boolean next() throws IOException;

    /** When the row is, ns after the log's start; never less than before. */
    long timeNs();

    /** Value of a channel in the row; NaN where there is none. */
    double value(int channel);

    /** What is not taken over, a line each, for people. */
    List<String> remarks();

    /** Whether something of the file is lost. */
    boolean lossy();

    @Override
    void close() throws IOException;
}
