package io.slipstream.replay.export;

import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.util.List;

/**
 * Writes samples in one format: {@link #adjust} and {@link #begin} once, {@link #sample} for each, {@link #end} once, {@link #close} always. What was
 * written takes its place at the end; closed before that, nothing is left of it. Single-threaded.
 */
public interface Exporter extends AutoCloseable {
    /**
     * Makes of a selection one that the format can hold; called before {@link #begin}.
     *
     * @param wanted what the user chose.
     * @param info of the session.
     * @return the selection to write: this one, unless the format needs a fixed rate, for instance.
     * @throws IOException if the format cannot hold it; the message says what to choose instead.
     */
    default SampleSelection adjust(SampleSelection wanted, SessionInfo info) throws IOException {
        return wanted;
    }

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
     * What the format could not keep, for people.
     *
     * @return a line each; empty if it holds everything, and before {@link #end}.
     */
    default List<String> remarks() {
        return List.of();
    }

    /**
     * Gives everything back, and removes what was not completed.
     *
     * @throws IOException if that fails.
     */
    @Override
    void close() throws IOException;
}
