package io.slipstream.replay.export;

import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Writes a selection of a session in a format. */
public final class Export {
    /** Samples from one look at the time and at a wish to stop to the next. */
    private static final int LOOK_EVERY = 256;

    private Export() {}

    /**
     * Runs an export to its end, and closes nothing.
     *
     * @param session to export.
     * @param selection of it.
     * @param exporter of the format.
     * @param progress is shown the samples now and then, on this thread; it must not move them.
     * @param stop says that nobody wants the export any more.
     * @return what was written; null if it was stopped, when nothing was.
     * @throws IOException if it cannot be written.
     */
    public static ExportReport run(
            SessionReader session,
            SampleSelection selection,
            Exporter exporter,
            Consumer<Samples> progress,
            BooleanSupplier stop)
            throws IOException {
        try (Samples samples = Samples.open(session, selection)) {
            exporter.begin(new ExportHeader(session, selection));
            while (samples.next()) {
                exporter.sample(samples);
                if (samples.count() % LOOK_EVERY == 0) {
                    if (stop.getAsBoolean()) {
                        return null;
                    }
                    progress.accept(samples);
                }
            }
            exporter.end();
            return new ExportReport(
                    samples.count(),
                    samples.frames(),
                    samples.rate(),
                    samples.sourceRate(),
                    samples.damaged(),
                    samples.gaps());
        }
    }
}
