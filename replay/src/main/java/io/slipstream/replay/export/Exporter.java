package io.slipstream.replay.export;

import io.slipstream.replay.channel.Samples;
import java.io.IOException;

/**
 * Writes samples in one format: {@link #begin} once, {@link #sample} for each, {@link #end} once, {@link #close} always. What was
 * written takes its place at the end; closed before that, nothing is left of it. Single-threaded.
 */
public interface Exporter extends AutoCloseable {
    /**
     * Starts the export.
     *
     * @param header what will come.
     * @throws IOException if it cannot be written.
     */
    void begin(ExportHeader header) throws IOException;

    /**
     * Writes a sample. Must not keep the samples, which are at another one next.
     *
     * @param samples at the sample to be written; its channels are the header's.
     * @throws IOException if it cannot be written.
     */
    void sample(Samples samples) throws IOException;

    /**
     * Completes the export: the files are there under their names.
     *
     * @throws IOException if it cannot be written.
     */
    void end() throws IOException;

    /**
     * Gives everything back, and removes what was not completed.
     *
     * @throws IOException if that fails.
     */
    @Override
    void close() throws IOException;
}
