package io.slipstream.replay.export;

import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Writes a selection of a session in a format. */
public final class Export {
    /** Samples, or frames, from one look at the time and at a wish to stop to the next. */
    private static final int LOOK_EVERY = 256;

    private Export() {}

    /**
     * Runs an export to its end, and closes nothing.
     *
     * @param session to export.
     * @param wanted selection of it, which the format may adjust.
     * @param exporter of the format.
     * @param progress is shown the samples now and then, on this thread; it must not move them.
     * @param stop says that nobody wants the export any more.
     * @return what was written; empty if it was stopped, when nothing was.
     * @throws IOException if there is no frame in the selection, or it cannot be written.
     */
    public static Optional<ExportReport> run(
            SessionReader session,
            SampleSelection wanted,
            Exporter exporter,
            Consumer<Samples> progress,
            BooleanSupplier stop)
            throws IOException {
        final SampleSelection selection = untilNow(exporter.adjust(wanted, session.info()), session);
        try (Samples samples = Samples.open(session, selection)) {
            if (!samples.next()) {
                throw new IOException(session.path() + ": no whole frame lies in the chosen laps and time");
            }
            exporter.begin(new ExportHeader(session, selection));
            final LargeWholes wholes = new LargeWholes(selection.channels());
            long frames = 0;
            long count = 0;
            do {
                exporter.sample(samples);
                wholes.look(samples);
                if (samples.count() - count >= LOOK_EVERY || samples.frames() - frames >= LOOK_EVERY) {
                    count = samples.count();
                    frames = samples.frames();
                    if (stop.getAsBoolean()) {
                        return Optional.empty();
                    }
                    progress.accept(samples);
                }
            } while (samples.next());
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            exporter.end();
            return Optional.of(new ExportReport(
                    samples.count(),
                    samples.frames(),
                    samples.rate(),
                    samples.sourceRate(),
                    samples.damaged(),
                    samples.gaps(),
                    wholes.names()));
        }
    }

    /** A session that is still being recorded is exported as far as it has come; no format runs after the recorder. */
    private static SampleSelection untilNow(SampleSelection selection, SessionReader session) {
        final long end = Math.max(selection.fromNs(), session.endNs() + 1);
        return selection.withTime(selection.fromNs(), Math.min(selection.toNs(), end));
    }
}
