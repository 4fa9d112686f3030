package io.slipstream.replay.cli;

import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.edit.EditReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What the commands that make sessions from sessions have in common. */
final class EditOptions {
    @Option(names = "--json", description = "The new session's summary as JSON.")
    private boolean json;

    /** Work that somebody can watch and stop. */
    @FunctionalInterface
    interface Work<T> {
        T run(EditMonitor monitor) throws IOException;
    }

    <T> T run(CommandSpec spec, Work<T> work) throws IOException {
        return watched(spec.commandLine().getErr(), work);
    }

    /** Runs with a progress line, until the end or Ctrl-C. */
    static <T> T watched(PrintWriter err, Work<T> work) throws IOException {
        final BooleanSupplier stop = Termination.onRequest();
        final ProgressLine progress = new ProgressLine(err);
        try {
            return work.run(new EditMonitor() {
                @Override
                public void onProgress(long frames, double share) {
                    progress.update(() -> String.format(Locale.ROOT, "%,d frames, %.0f %%", frames, 100 * share));
                }

                @Override
                public boolean isStopped() {
                    return stop.getAsBoolean();
                }
            });
        } finally {
            progress.clear();
        }
    }

    /** Says what was made: its place on standard output, the rest on standard error. Returns the exit code. */
    int print(CommandSpec spec, String done, EditReport report) {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        report.remarks().forEach(err::println);
        if (report.withLoss()) {
            err.printf(
                    Locale.ROOT,
                    "left out: %,d damaged frames, %,d damaged messages%n",
                    report.damagedFrames(),
                    report.damagedMessages());
        }
        err.printf(
                Locale.ROOT,
                "%s: %s, %s, %s, and %s%n",
                done,
                Texts.counted(report.info().frames(), "frame"),
                Texts.counted(report.info().laps().size(), "lap"),
                Texts.clock(report.info().durationSeconds()),
                Texts.counted(report.events(), "event"));
        err.flush();
        out.println(json ? SessionJson.one(report.session(), report.info()) : report.session());
        out.flush();
        return report.withLoss() ? Slipstream.WITH_LOSS : 0;
    }
}
