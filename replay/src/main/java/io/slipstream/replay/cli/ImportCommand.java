package io.slipstream.replay.cli;

import io.slipstream.replay.imports.SessionImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a session of another program's log, so that it can be exported, queried and played like any.",
            "The last line on standard output is the session's path. Channels that every session has, as speed or"
                    + " engine_speed, are found by their names and get those names and units; all others keep their own."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:imported",
            "1:failed; standard error says why, and nothing was written",
            "2:wrong usage",
            "3:imported, without something that standard error names: a line that is cut off, columns of texts"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream import race.ld                        # and its lap beacons in race.ldx, if there",
            "  slipstream import log.csv --name 'Test day' --into sessions",
            "  slipstream import log.csv --time 'Clock:ms'      # where nothing says which column is the time",
            "  slipstream info \"$(slipstream import race.ld)\""
        })
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The log: MoTeC's .ld, or CSV with a line of names.")
    private Path file;

    @Option(
            names = "--format",
            paramLabel = "motec|csv",
            description = "What the file is (default: by its name; .ld is MoTeC's, .csv, .tsv and .txt are CSV).")
    private SessionImport.Kind format;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path into = Places.sessions();

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "", description = "The session's own name.")
    private String name;

    @Option(
            names = "--time",
            paramLabel = "COLUMN[:UNIT]",
            description =
                    "CSV: the column that holds the time, and its unit if its name does not say: s, ms, us, ns, min, h.")
    private String time;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        if (!Files.isRegularFile(file)) {
            throw new CommandFailure(file + (Files.exists(file) ? " is no file" : " does not exist"));
        }
        final SessionImport.Kind kind = format == null ? kindOf(file) : format;
        if (time != null && kind != SessionImport.Kind.CSV) {
            throw new CommandFailure("--time is for CSV; a MoTeC log has no column of times");
        }
        final BooleanSupplier stop = Termination.onRequest();
        final ProgressLine progress = new ProgressLine(err);
        try (SessionImport log = SessionImport.open(file, kind, time)) {
            final Optional<Path> session = log.write(
                    into,
                    name,
                    rows -> progress.update(
                            () -> Texts.count(rows) + " of " + Texts.count(log.rows()) + " rows imported"),
                    stop);
            progress.clear();
            if (session.isEmpty()) {
                throw new CommandFailure("stopped: nothing was imported");
            }
            log.remarks().forEach(remark -> err.println("slipstream: " + Texts.printable(remark)));
            err.println(Texts.count(log.rows()) + " rows of " + file + " imported");
            err.flush();
            out.println(session.get());
            out.flush();
            return log.lossy() ? Slipstream.WITH_LOSS : 0;
        }
    }

    private static SessionImport.Kind kindOf(Path file) {
        final String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".ld")) {
            return SessionImport.Kind.MOTEC;
        }
        if (name.endsWith(".csv") || name.endsWith(".tsv") || name.endsWith(".txt")) {
            return SessionImport.Kind.CSV;
        }
        throw new CommandFailure(
                name.endsWith(".ldx")
                        ? file + " holds the laps of a log: import the .ld beside it"
                        : file + ": its name does not say what it is; say --format motec or --format csv");
    }
}
